using System.Buffers;
using System.Security.Cryptography;
using FlowChat.Settings;

namespace FlowChat.Media.Store;

/// <summary>Takes bytes in as they come and hashes them: a large file takes no memory, and a broken one never reaches the store.</summary>
internal sealed class MediaSpool(FlowChatSettings settings, TimeProvider clock)
{
    public const int Buffer = 128 * 1024;

    /// <summary>A process that is killed leaves its files here.</summary>
    private static readonly TimeSpan OldestLeft = TimeSpan.FromDays(1);

    private readonly string _folder = Path.Combine(settings.DataFolder, "media", "incoming");

    /// <param name="bytes">Read to their end.</param>
    /// <param name="patience">How long it may bring nothing.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="MediaTooLargeException">More than FLOWCHAT_MEDIA_MAX_MB came.</exception>
    /// <exception cref="MediaStoreException">The folder can't take it.</exception>
    /// <exception cref="TimeoutException">It stalled.</exception>
    public async Task<SpooledFile> WriteAsync(
        Stream bytes,
        TimeSpan patience,
        CancellationToken cancellationToken
    )
    {
        var path = Path.Combine(_folder, Guid.CreateVersion7().ToString("N"));
        try
        {
            await using var file = Create(path);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var size = await CopyAsync(bytes, file, hash, patience, cancellationToken);
            Write(() => file.Flush(flushToDisk: true));
            return new(path, size, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Of processes that were killed.</summary>
    public void RemoveLeftovers()
    {
        var oldest = clock.GetUtcNow().UtcDateTime - OldestLeft;
        var folder = new DirectoryInfo(_folder);
        if (!folder.Exists)
        {
            return;
        }
        foreach (var file in folder.EnumerateFiles())
        {
            if (file.LastWriteTimeUtc < oldest)
            {
                file.Delete();
            }
        }
    }

    private FileStream Create(string path) =>
        Write(() =>
        {
            Directory.CreateDirectory(_folder);
            return new FileStream(
                path,
                FileMode.CreateNew,
                FileAccess.Write,
                FileShare.Read,
                bufferSize: 0,
                FileOptions.Asynchronous
            );
        });

    private async Task<long> CopyAsync(
        Stream bytes,
        FileStream file,
        IncrementalHash hash,
        TimeSpan patience,
        CancellationToken cancellationToken
    )
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Buffer);
        using var stall = new CancellationTokenSource(patience, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            stall.Token,
            cancellationToken
        );
        try
        {
            for (long size = 0; ; )
            {
                stall.CancelAfter(patience);
                var read = await bytes.ReadAsync(buffer, stop.Token);
                if (read == 0)
                {
                    return size;
                }
                if ((size += read) > settings.Media.MaxBytes)
                {
                    throw new MediaTooLargeException(settings.Media.MaxBytes);
                }
                hash.AppendData(buffer, 0, read);
                await WriteAsync(file, buffer.AsMemory(0, read), cancellationToken);
            }
        }
        catch (OperationCanceledException error)
            when (stall.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Nothing came for {patience.TotalSeconds:0} s.", error);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task WriteAsync(
        FileStream file,
        ReadOnlyMemory<byte> bytes,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await file.WriteAsync(bytes, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw MediaStoreException.Of(_folder, error);
        }
    }

    private void Write(Action write) =>
        Write(() =>
        {
            write();
            return true;
        });

    private T Write<T>(Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw MediaStoreException.Of(_folder, error);
        }
    }
}

internal sealed class MediaTooLargeException(long most)
    : Exception($"The file is larger than {most / 1_048_576} MB.");
