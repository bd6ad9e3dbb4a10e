using System.Security.Cryptography;
using FlowChat.Media.Store;
using FlowChat.Settings;
using Microsoft.Extensions.Configuration;

namespace FlowChat.Tests.Media;

/// <summary>What every media store promises.</summary>
public abstract class MediaStoreConformance : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("flowchat-media-").FullName;

    private protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    private protected abstract IMediaStore Store { get; }

    private protected FlowChatSettings Settings =>
        FlowChatSettings.Read(
            new ConfigurationBuilder()
                .AddInMemoryCollection(
                    new Dictionary<string, string?> { ["FLOWCHAT_DATA"] = _data }
                )
                .Build()
        );

    private Guid Tenant { get; } = Guid.CreateVersion7();

    [Theory]
    [InlineData(1)]
    [InlineData(100_000)]
    // In parts.
    [InlineData(35_000_001)]
    public async Task What_is_saved_is_read_whole_and_from_any_place(int size)
    {
        var bytes = RandomNumberGenerator.GetBytes(size);
        var hash = await SaveAsync(bytes);

        await using var read = await Store.OpenAsync(Tenant, hash, Ct);
        Assert.Equal(size, read.Length);
        Assert.Equal(bytes, await ReadAsync(read, size));
        foreach (var from in (int[])[size - 1, size / 2, 0])
        {
            read.Seek(from, SeekOrigin.Begin);
            Assert.Equal(bytes[from..], await ReadAsync(read, size - from));
        }
    }

    [Fact]
    public async Task Saved_twice_it_is_there_once()
    {
        var bytes = RandomNumberGenerator.GetBytes(10_000);
        var hash = await SaveAsync(bytes);
        Assert.Equal(hash, await SaveAsync(bytes));

        await Store.DeleteAsync(Tenant, hash, Ct);

        Assert.False(await Store.ExistsAsync(Tenant, hash, Ct));
    }

    [Fact]
    public async Task Two_that_save_the_same_at_once_are_both_right()
    {
        var bytes = RandomNumberGenerator.GetBytes(300_000);

        var hashes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SaveAsync(bytes)));

        await using var read = await Store.OpenAsync(Tenant, hashes[0], Ct);
        Assert.Equal(bytes, await ReadAsync(read, bytes.Length));
    }

    [Fact]
    public async Task What_a_tenant_has_is_listed_by_the_hashs_first_digits()
    {
        var before = TimeProvider.System.GetUtcNow().AddMinutes(-1);
        var hashes = new List<string>();
        foreach (var size in (int[])[10, 20, 30])
        {
            hashes.Add(await SaveAsync(RandomNumberGenerator.GetBytes(size)));
        }

        foreach (var hash in hashes)
        {
            var listed = await Store.ListAsync(Tenant, hash[..2], Ct).ToListAsync(Ct);
            var found = Assert.Single(listed, stored => stored.Sha256 == hash);
            Assert.InRange(found.SavedAt, before, before.AddMinutes(3));
            Assert.All(
                listed,
                stored => Assert.StartsWith(hash[..2], stored.Sha256, StringComparison.Ordinal)
            );
        }
        Assert.Empty(
            await Store.ListAsync(Guid.CreateVersion7(), hashes[0][..2], Ct).ToListAsync(Ct)
        );
    }

    [Fact]
    public async Task A_tenant_has_its_own()
    {
        var hash = await SaveAsync(RandomNumberGenerator.GetBytes(100));

        Assert.False(await Store.ExistsAsync(Guid.CreateVersion7(), hash, Ct));
        await Assert.ThrowsAsync<MediaMissingException>(() =>
            Store.OpenAsync(Guid.CreateVersion7(), hash, Ct)
        );
    }

    [Fact]
    public async Task What_is_not_there_is_missing_and_deleted_already()
    {
        var hash = new string('0', 64);

        Assert.False(await Store.ExistsAsync(Tenant, hash, Ct));
        await Assert.ThrowsAsync<MediaMissingException>(() => Store.OpenAsync(Tenant, hash, Ct));
        await Store.DeleteAsync(Tenant, hash, Ct);
    }

    public virtual void Dispose()
    {
        Assert.DoesNotContain(
            Directory.GetFiles(_data, "*", SearchOption.AllDirectories),
            file => file.Contains("incoming", StringComparison.Ordinal)
        );
        Directory.Delete(_data, recursive: true);
        GC.SuppressFinalize(this);
    }

    private async Task<string> SaveAsync(byte[] bytes)
    {
        using var source = new MemoryStream(bytes);
        var spool = new MediaSpool(Settings, TimeProvider.System);
        using var file = await spool.WriteAsync(source, TimeSpan.FromSeconds(10), Ct);
        Assert.Equal(StoredFiles.HashOf(bytes), file.Sha256);
        await Store.SaveAsync(Tenant, file, Ct);
        return file.Sha256;
    }

    private static async Task<byte[]> ReadAsync(Stream stream, int size)
    {
        var bytes = new byte[size];
        await stream.ReadExactlyAsync(bytes, Ct);
        Assert.Equal(0, await stream.ReadAsync(new byte[1], Ct));
        return bytes;
    }
}

public sealed class FolderMediaStoreTests : MediaStoreConformance
{
    private protected override IMediaStore Store => new FolderMediaStore(Settings);

    [Fact]
    public async Task What_may_not_be_read_is_no_medium_that_is_missing()
    {
        var (tenant, hash) = (Guid.CreateVersion7(), new string('a', 64));
        Directory.CreateDirectory(Path.Combine(Store.Place, tenant.ToString("N"), "aa", hash));

        var error = await Assert.ThrowsAsync<MediaStoreException>(() =>
            Store.OpenAsync(tenant, hash, Ct)
        );

        Assert.IsType<UnauthorizedAccessException>(error.InnerException);
    }
}
