using Amazon.S3;
using Amazon.S3.Model;

namespace FlowChat.Media.Store;

/// <summary>Sends a file to a bucket, a large one in parts: what breaks is repeated part by part.</summary>
internal sealed class S3Upload(IAmazonS3 s3, string bucket, string key)
{
    private const long PartSize = 16 * 1024 * 1024;

    public Task SendAsync(SpooledFile file, CancellationToken cancellationToken) =>
        file.Size > PartSize
            ? SendPartsAsync(file, cancellationToken)
            : s3.PutObjectAsync(
                new()
                {
                    BucketName = bucket,
                    Key = key,
                    FilePath = file.Path,
                    ContentType = "application/octet-stream",
                    // Some servers refuse signatures of chunks.
                    UseChunkEncoding = false,
                },
                cancellationToken
            );

    private async Task SendPartsAsync(SpooledFile file, CancellationToken cancellationToken)
    {
        var begun = await s3.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest
            {
                BucketName = bucket,
                Key = key,
                ContentType = "application/octet-stream",
            },
            cancellationToken
        );
        try
        {
            var parts = new List<PartETag>();
            for (long from = 0; from < file.Size; from += PartSize)
            {
                var number = parts.Count + 1;
                var sent = await s3.UploadPartAsync(
                    new()
                    {
                        BucketName = bucket,
                        Key = key,
                        UploadId = begun.UploadId,
                        PartNumber = number,
                        FilePath = file.Path,
                        FilePosition = from,
                        PartSize = Math.Min(PartSize, file.Size - from),
                        UseChunkEncoding = false,
                    },
                    cancellationToken
                );
                parts.Add(new(number, sent.ETag));
            }
            await s3.CompleteMultipartUploadAsync(
                new()
                {
                    BucketName = bucket,
                    Key = key,
                    UploadId = begun.UploadId,
                    PartETags = parts,
                },
                cancellationToken
            );
        }
        catch
        {
            // Parts that are left over cost room for ever.
            await s3.AbortMultipartUploadAsync(bucket, key, begun.UploadId, CancellationToken.None);
            throw;
        }
    }
}
