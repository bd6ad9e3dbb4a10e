using FlowChat.Accounts;
using FlowChat.Media.Forms;
using FlowChat.Media.Store;
using FlowChat.Messages;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace FlowChat.Media;

/// <summary>GET /api/attachments/{id}/content: the bytes, whole or a range of them.</summary>
internal static class AttachmentContent
{
    public static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> ReadAsync(
        Guid id,
        HttpContext context,
        Caller caller,
        AttachmentQuery attachments,
        IMediaStore store,
        CancellationToken cancellationToken,
        int download = 0
    )
    {
        var found = await attachments.FindAsync(caller.TenantId, id, cancellationToken);
        if (found is not { Sha256: { } sha256, View: { State: AttachmentState.Ready } attachment })
        {
            return Problems.NotFound("file");
        }
        try
        {
            var bytes = await store.OpenAsync(caller.TenantId, sha256, cancellationToken);
            var inPlace = MediaType.ShowsInPlace(attachment.MimeType);
            Guard(context.Response.Headers, attachment, inPlace && download == 0);
            return TypedResults.Stream(
                bytes,
                // A browser makes nothing of a type that it doesn't know: no page, no drawing with a script in it.
                inPlace ? attachment.MimeType : MediaType.Unknown,
                entityTag: new EntityTagHeaderValue($"\"{sha256}\""),
                enableRangeProcessing: true
            );
        }
        catch (MediaMissingException)
        {
            return Problems.NotFound("file in the media store");
        }
    }

    private static void Guard(IHeaderDictionary headers, AttachmentView attachment, bool inPlace)
    {
        var disposition = new ContentDispositionHeaderValue(inPlace ? "inline" : "attachment");
        disposition.SetHttpFileName(SafeFileName.Of(attachment));
        headers.ContentDisposition = disposition.ToString();
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "private, max-age=31536000, immutable";
    }
}
