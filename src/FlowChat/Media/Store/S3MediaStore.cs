using System.Net;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using FlowChat.Settings;

namespace FlowChat.Media.Store;

/// <summary>Media as objects of a bucket, each under its tenant and hash.</summary>
internal sealed class S3MediaStore(S3Settings settings, TimeSpan? patience = null)
    : IMediaStore,
        IDisposable
{
    // Less than a gateway has to answer: who sends a file must hear that the store hangs, and not that the gateway is silent.
    private readonly TimeSpan _patience = patience ?? TimeSpan.FromSeconds(10);

    private readonly AmazonS3Client _s3 = new(
        new BasicAWSCredentials(settings.AccessKey, settings.SecretKey),
        new AmazonS3Config
        {
            ServiceURL = settings.Endpoint.ToString(),
            AuthenticationRegion = settings.Region,
            ForcePathStyle = true,
            // Checksums in trailers are Amazon's alone.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            MaxErrorRetry = 2,
        }
    );

    public string Place => $"bucket {settings.Bucket} at {settings.Endpoint.Authority}";

    public Task SaveAsync(Guid tenantId, SpooledFile file, CancellationToken cancellationToken) =>
        TryAsync(
            async () =>
            {
                var upload = new S3Upload(_s3, settings.Bucket, KeyOf(tenantId, file.Sha256));
                if (await FindLengthAsync(tenantId, file.Sha256, cancellationToken) != file.Size)
                {
                    await upload.SendAsync(file, cancellationToken);
                }
                return true;
            },
            cancellationToken
        );

    public Task<Stream> OpenAsync(
        Guid tenantId,
        string sha256,
        CancellationToken cancellationToken
    ) =>
        TryAsync<Stream>(
            async () =>
                await FindLengthAsync(tenantId, sha256, cancellationToken) is { } length
                    ? new S3ObjectStream(
                        (from, stop) => ReadAsync(tenantId, sha256, from, stop),
                        length
                    )
                    : throw new MediaMissingException(sha256),
            cancellationToken
        );

    public Task<bool> ExistsAsync(
        Guid tenantId,
        string sha256,
        CancellationToken cancellationToken
    ) =>
        TryAsync(
            async () => await FindLengthAsync(tenantId, sha256, cancellationToken) is not null,
            cancellationToken
        );

    public Task DeleteAsync(Guid tenantId, string sha256, CancellationToken cancellationToken) =>
        TryAsync(
            async () =>
            {
                var key = KeyOf(tenantId, sha256);
                await _s3.DeleteObjectAsync(settings.Bucket, key, cancellationToken);
                return true;
            },
            cancellationToken
        );

    public async IAsyncEnumerable<StoredBytes> ListAsync(
        Guid tenantId,
        string prefix,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var asked = new ListObjectsV2Request
        {
            BucketName = settings.Bucket,
            Prefix = $"{tenantId:N}/{prefix}/",
        };
        ListObjectsV2Response page;
        do
        {
            page = await TryAsync(
                () => _s3.ListObjectsV2Async(asked, cancellationToken),
                cancellationToken
            );
            // An empty page has no list.
            foreach (var stored in page.S3Objects ?? [])
            {
                yield return new(
                    stored.Key[(stored.Key.LastIndexOf('/') + 1)..],
                    stored.LastModified is { } at
                        ? new DateTimeOffset(at.ToUniversalTime())
                        : DateTimeOffset.MaxValue
                );
            }
            asked.ContinuationToken = page.NextContinuationToken;
        } while (page.IsTruncated == true);
    }

    public void Dispose() => _s3.Dispose();

    private Task<Stream> ReadAsync(
        Guid tenantId,
        string sha256,
        long from,
        CancellationToken cancellationToken
    ) =>
        TryAsync(
            async () =>
            {
                var answer = await _s3.GetObjectAsync(
                    new()
                    {
                        BucketName = settings.Bucket,
                        Key = KeyOf(tenantId, sha256),
                        ByteRange = from == 0 ? null : new ByteRange($"bytes={from}-"),
                    },
                    cancellationToken
                );
                return answer.ResponseStream;
            },
            cancellationToken
        );

    /// <returns>Null = there is no such object.</returns>
    private async Task<long?> FindLengthAsync(
        Guid tenantId,
        string sha256,
        CancellationToken cancellationToken
    )
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(_patience);
        try
        {
            var key = KeyOf(tenantId, sha256);
            var found = await _s3.GetObjectMetadataAsync(settings.Bucket, key, stop.Token);
            return found.ContentLength;
        }
        catch (AmazonS3Exception error) when (error.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private async Task<T> TryAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (Exception error)
            when (error
                    is AmazonServiceException
                        or AmazonClientException
                        or HttpRequestException
                        or IOException
                || error is OperationCanceledException && !cancellationToken.IsCancellationRequested
            )
        {
            throw new MediaStoreException($"The {Place} can't be used: {error.Message}", error);
        }
    }

    private static string KeyOf(Guid tenantId, string sha256) =>
        $"{tenantId:N}/{sha256[..2]}/{sha256}";
}
