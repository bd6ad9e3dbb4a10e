using System.Globalization;
using FlowChat.Accounts;
using FlowChat.Json;
using FlowChat.Media.Forms;
using FlowChat.Media.Incoming;
using FlowChat.Messages;
using FlowChat.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.OpenApi;

namespace FlowChat.Media;

internal static class AttachmentEndpoints
{
    public static void MapAttachments(this IEndpointRouteBuilder routes)
    {
        var read = routes.MapGroup("/api").WithTags("Media").RequireAuthorization(Policies.Viewer);
        read.MapGet("attachments/{id:guid}", GetAsync)
            .WithSummary("One attachment")
            .ProducesProblem(StatusCodes.Status404NotFound);
        read.MapMethods(
                "attachments/{id:guid}/content",
                ["GET", "HEAD"],
                AttachmentContent.ReadAsync
            )
            .WithSummary("Its bytes, or a range of them; download=1 to save it")
            .Produces<Stream>(StatusCodes.Status200OK, MediaType.Unknown)
            .Produces<Stream>(StatusCodes.Status206PartialContent, MediaType.Unknown)
            .ProducesProblem(StatusCodes.Status404NotFound);
        read.MapGet("conversations/{id:guid}/attachments", ListAsync)
            .WithSummary("A conversation's media or documents, newest first")
            .ProducesProblem(StatusCodes.Status404NotFound);

        var write = routes.MapGroup("/api").WithTags("Media").RequireAuthorization(Policies.Agent);
        write
            .MapPost("attachments", MediaUpload.ReceiveAsync)
            .WithSummary("Upload a file, to be sent as an attachment of a message within a day")
            .WithUploadForm()
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        write
            .MapPost("attachments/{id:guid}/retry", RetryAsync)
            .WithSummary("Fetch an unavailable attachment again")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    // Accepts<T>() would describe a form that is read whole before the handler runs.
    private static RouteHandlerBuilder WithUploadForm(this RouteHandlerBuilder route) =>
        route
            .Produces<AttachmentView>(StatusCodes.Status201Created)
            .ProducesValidationProblem()
            .AddOpenApiOperationTransformer(
                (operation, _, _) =>
                {
                    operation.RequestBody = new OpenApiRequestBody
                    {
                        Required = true,
                        Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                        {
                            ["multipart/form-data"] = new() { Schema = UploadSchema() },
                        },
                    };
                    return Task.CompletedTask;
                }
            );

    private static OpenApiSchema UploadSchema() =>
        new()
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string>(StringComparer.Ordinal) { "file" },
            Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
            {
                ["file"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" },
                ["kind"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Description = "voice, sticker or document; else what the file's type says.",
                },
                ["duration_seconds"] = new OpenApiSchema { Type = JsonSchemaType.Number },
                ["waveform"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Description = "64 heights from 0 to 100, as a JSON array.",
                },
            },
        };

    private static async Task<Results<Ok<AttachmentView>, ProblemHttpResult>> GetAsync(
        Guid id,
        Caller caller,
        AttachmentQuery attachments,
        CancellationToken cancellationToken
    ) =>
        await attachments.FindAsync(caller.TenantId, id, cancellationToken) is { } found
            ? TypedResults.Ok(found.View)
            : Problems.NotFound("attachment");

    private static async Task<
        Results<Ok<PageOf<SharedAttachment>>, ProblemHttpResult, ValidationProblem>
    > ListAsync(
        Guid id,
        Caller caller,
        AttachmentQuery attachments,
        CancellationToken cancellationToken,
        string? kind = null,
        string? cursor = null,
        int limit = 50
    )
    {
        if (kind is not null && !AttachmentQuery.IsKind(kind))
        {
            return Problems.Field("kind", "Give media or document, or leave it out for all.");
        }
        if (!PageCursor.TryRead(cursor, IsArrival, out var after))
        {
            return PageCursor.Refused();
        }
        var page = await attachments.ReadPageAsync(
            caller.TenantId,
            id,
            kind,
            after,
            Math.Clamp(limit, 1, 200),
            cancellationToken
        );
        return page is null ? Problems.NotFound("conversation") : TypedResults.Ok(page);
    }

    private static async Task<Results<Accepted<AttachmentView>, ProblemHttpResult>> RetryAsync(
        Guid id,
        Caller caller,
        AttachmentQuery attachments,
        TenantWriter writer,
        CancellationToken cancellationToken
    )
    {
        var found = await attachments.FindAsync(caller.TenantId, id, cancellationToken);
        if (found is not { MessageId: not null, Source: not null })
        {
            return Problems.NotFound("attachment of a message that arrived");
        }
        var shown = await writer.WriteAsync(
            caller.TenantId,
            new RetryMedia(found),
            cancellationToken
        );
        return shown switch
        {
            null => Problems.NotFound("attachment"),
            { State: AttachmentState.Ready } => Problems.Conflict(
                "The file is here already.",
                ProblemCode.AlreadyHere
            ),
            _ => TypedResults.Accepted($"/api/attachments/{id}", shown),
        };
    }

    private static bool IsArrival(string tie) =>
        long.TryParse(tie, CultureInfo.InvariantCulture, out _);
}
