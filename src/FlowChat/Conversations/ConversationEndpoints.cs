using FlowChat.Accounts;
using FlowChat.Json;
using FlowChat.Messages;
using FlowChat.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FlowChat.Conversations;

internal static class ConversationEndpoints
{
    public static void MapConversations(this IEndpointRouteBuilder routes)
    {
        var read = routes
            .MapGroup("/api/conversations")
            .WithTags("Conversations")
            .RequireAuthorization(Policies.Viewer);
        read.MapGet("", ListAsync).WithSummary("Conversations, newest activity first");
        read.MapGet("{id:guid}", GetAsync)
            .WithSummary("One conversation")
            .ProducesProblem(StatusCodes.Status404NotFound);

        var write = routes
            .MapGroup("/api/conversations")
            .WithTags("Conversations")
            .RequireAuthorization(Policies.Agent);
        write
            .MapPost("", StartAsync)
            .WithSummary("Find or start the conversation with a phone number");
        write
            .MapPatch("{id:guid}", ChangeAsync)
            .WithSummary("Open, snooze or resolve a conversation")
            .ProducesProblem(StatusCodes.Status404NotFound);
        write
            .MapPost("{id:guid}/read", ReadAsync)
            .WithSummary("Clear a conversation's unread count")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Results<Ok<PageOf<ConversationView>>, ValidationProblem>> ListAsync(
        Caller caller,
        ConversationQuery query,
        CancellationToken cancellationToken,
        string? status = null,
        Guid? instance_id = null,
        Guid? assignee = null,
        string? q = null,
        string? cursor = null,
        int limit = 50
    )
    {
        if (status is not null && !ConversationStatus.IsKnown(status))
        {
            return Problems.Field("status", "Give open, snoozed or resolved.");
        }
        if (!PageCursor.TryRead(cursor, tie => Guid.TryParse(tie, out _), out var after))
        {
            return PageCursor.Refused();
        }
        var text = string.IsNullOrWhiteSpace(q) ? null : StorableText.Clean(q.Trim());
        var filter = new ConversationFilter(
            status,
            instance_id,
            assignee,
            text,
            after,
            Math.Clamp(limit, 1, 200)
        );
        return TypedResults.Ok(
            await query.ReadPageAsync(caller.TenantId, filter, cancellationToken)
        );
    }

    private static async Task<Results<Ok<ConversationView>, ProblemHttpResult>> GetAsync(
        Guid id,
        Caller caller,
        ConversationQuery query,
        CancellationToken cancellationToken
    ) =>
        await query.FindAsync(caller.TenantId, id, cancellationToken) is { } view
            ? TypedResults.Ok(view)
            : Problems.NotFound("conversation");

    private static async Task<Results<Ok<ConversationView>, ValidationProblem>> StartAsync(
        StartConversationRequest request,
        Caller caller,
        NumberCheck numbers,
        TenantWriter writer,
        CancellationToken cancellationToken
    )
    {
        var digits = string.Concat((request.Phone ?? "").Where(char.IsAsciiDigit));
        if (digits.Length is < 8 or > 15 || digits[0] == '0' || request.Phone!.Any(char.IsLetter))
        {
            return Problems.Field(
                "phone",
                "Give the number with its country code, such as +55 11 98765-4321."
            );
        }
        var addresses = await numbers.FindAsync(
            caller.TenantId,
            request.InstanceId,
            digits,
            cancellationToken
        );
        if (addresses is null)
        {
            return Problems.Field(
                "phone",
                "Nobody on WhatsApp has this number.",
                SendError.NotOnWhatsApp
            );
        }
        var view = await writer.WriteAsync(
            caller.TenantId,
            new StartConversation(request.InstanceId, addresses),
            cancellationToken
        );
        return view is null
            ? Problems.Field(
                "instance_id",
                "There is no such instance: take one of GET /api/instances."
            )
            : TypedResults.Ok(view);
    }

    private static async Task<
        Results<Ok<ConversationView>, ProblemHttpResult, ValidationProblem>
    > ChangeAsync(
        Guid id,
        ChangeConversationRequest request,
        Caller caller,
        TenantWriter writer,
        CancellationToken cancellationToken
    )
    {
        if (request.Status is { } status && !ConversationStatus.IsKnown(status))
        {
            return Problems.Field("status", "Give open, snoozed or resolved.");
        }
        var view = await writer.WriteAsync(
            caller.TenantId,
            new ChangeConversation(id, request.Status),
            cancellationToken
        );
        return view is null ? Problems.NotFound("conversation") : TypedResults.Ok(view);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ReadAsync(
        Guid id,
        Caller caller,
        TenantWriter writer,
        CancellationToken cancellationToken
    ) =>
        await writer.WriteAsync(caller.TenantId, new ReadConversation(id), cancellationToken)
            ? TypedResults.NoContent()
            : Problems.NotFound("conversation");
}

public sealed record StartConversationRequest(Guid InstanceId, string? Phone);

public sealed record ChangeConversationRequest(string? Status);
