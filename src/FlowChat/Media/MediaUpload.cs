using System.Text;
using FlowChat.Accounts;
using FlowChat.Media.Forms;
using FlowChat.Media.Store;
using FlowChat.Messages;
using FlowChat.Settings;
using FlowChat.Storage;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace FlowChat.Media;

/// <summary>POST /api/attachments: a file goes to the store as it comes, and is nobody's until a message is sent with it.</summary>
internal sealed class MediaUpload(
    MediaSpool spool,
    MediaLibrary library,
    FlowChatSettings settings,
    MediaStoreAlarm alarm
)
{
    private const int Slack = 1_048_576,
        MostFieldBytes = 4_096;

    private const string Insert = """
        insert into attachments (id, kind, mime_type, file_name, size_bytes, sha256, state, facts, created_by)
        values ($1, $2, $3, $4, $5, $6, 'ready', $7::jsonb, $8)
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Task<IResult> ReceiveAsync(
        HttpContext context,
        Caller caller,
        MediaUpload upload,
        CancellationToken cancellationToken
    ) => upload.ReceiveAsync(context, caller, cancellationToken);

    private async Task<IResult> ReceiveAsync(
        HttpContext context,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        if (
            !MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value
                is not { Length: > 0 and <= 200 } boundary
        )
        {
            return TypedResults.Problem(
                statusCode: StatusCodes.Status415UnsupportedMediaType,
                title: "Not an upload",
                detail: "Send multipart/form-data with a part named file."
            );
        }
        context
            .Features.Get<IHttpMaxRequestBodySizeFeature>()
            ?.MaxRequestBodySize = settings.Media.MaxBytes + Slack;
        try
        {
            return await ReadAsync(
                new MultipartReader(boundary, context.Request.Body),
                caller,
                cancellationToken
            );
        }
        catch (Exception error)
            when (error
                    is MediaTooLargeException
                        or BadHttpRequestException
                        {
                            StatusCode: StatusCodes.Status413PayloadTooLarge
                        }
            )
        {
            return TooLarge(context);
        }
        catch (Exception error) when (error is InvalidDataException or TimeoutException)
        {
            return Problems.Field(
                "file",
                "The upload came incomplete: send it again.",
                ProblemCode.UploadIncomplete
            );
        }
        catch (MediaStoreException error)
        {
            alarm.Raise(error);
            context.Response.Headers.RetryAfter = "30";
            return TypedResults.Problem(
                statusCode: StatusCodes.Status503ServiceUnavailable,
                title: "The media store can't take it now",
                detail: "Nothing was kept: send it again later. The operator has been told.",
                extensions: Problems.Named(ProblemCode.StoreAway)
            );
        }
    }

    private async Task<IResult> ReadAsync(
        MultipartReader parts,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        var form = new UploadForm();
        SpooledFile? file = null;
        var (name, said) = ("", "");
        try
        {
            while (await parts.ReadNextSectionAsync(cancellationToken) is { } part)
            {
                if (part.AsFileSection() is { } bytes && bytes.Name == "file" && file is null)
                {
                    (name, said) = (bytes.FileName, part.ContentType ?? MediaType.Unknown);
                    file = await spool.WriteAsync(part.Body, Patience, cancellationToken);
                }
                else if (part.AsFormDataSection() is { } field)
                {
                    form.Add(field.Name, await ReadFieldAsync(part, cancellationToken));
                }
            }
            if (file is not { Size: > 0 })
            {
                return Problems.Field(
                    "file",
                    "Give a file, and not an empty one.",
                    ProblemCode.EmptyFile
                );
            }
            return form.Read(name, file.Judge(said), out var view) is { } problem
                ? problem
                : TypedResults.Created(
                    $"/api/attachments/{view.Id}",
                    await KeepAsync(file, view, caller, cancellationToken)
                );
        }
        finally
        {
            file?.Dispose();
        }
    }

    private static async Task<string> ReadFieldAsync(
        MultipartSection part,
        CancellationToken cancellationToken
    )
    {
        var text = new byte[MostFieldBytes + 1];
        var length = await part.Body.ReadAtLeastAsync(
            text,
            text.Length,
            throwOnEndOfStream: false,
            cancellationToken
        );
        return length <= MostFieldBytes
            ? Encoding.UTF8.GetString(text, 0, length)
            : throw new InvalidDataException("A field is too long.");
    }

    private async Task<AttachmentView> KeepAsync(
        SpooledFile file,
        AttachmentView view,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        view = view with { SizeBytes = file.Size };
        if (file.ReadImageSize() is var (width, height))
        {
            view = view with { Width = width, Height = height };
        }
        await using var hold = await library.KeepAsync(caller.TenantId, file, cancellationToken);
        await hold.Transaction.ReadAsync(
            Insert,
            [
                SqlBatch.Value(view.Id),
                SqlBatch.Value(view.Kind),
                SqlBatch.Value(view.MimeType),
                SqlBatch.Value(view.FileName),
                SqlBatch.Value(view.SizeBytes),
                SqlBatch.Value(hold.Sha256),
                SqlBatch.Value(AttachmentRow.FactsOf(view)),
                SqlBatch.Value(caller.UserId),
            ],
            _ => true,
            cancellationToken
        );
        await hold.Transaction.CommitAsync(cancellationToken);
        return view;
    }

    private ProblemHttpResult TooLarge(HttpContext context)
    {
        // What is left of the body would have to be read, only to be thrown away.
        context.Response.Headers.Connection = "close";
        return TypedResults.Problem(
            statusCode: StatusCodes.Status413PayloadTooLarge,
            title: "File too large",
            detail: $"At most {settings.Media.MaxBytes / 1_048_576} MB are taken: see FLOWCHAT_MEDIA_MAX_MB.",
            extensions: Problems.Named(ProblemCode.TooLarge)
        );
    }
}
