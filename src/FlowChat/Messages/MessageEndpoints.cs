using System.Globalization;
using FlowChat.Accounts;
using FlowChat.Json;
using FlowChat.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FlowChat.Messages;

internal static class MessageEndpoints
{
    public static void MapMessages(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/api/conversations/{id:guid}/messages", ListAsync)
            .WithTags("Messages")
            .RequireAuthorization(Policies.Viewer)
            .WithSummary(
                "A thread, oldest to newest within the page; without a cursor the newest page, around= a message with what stands before and after it"
            )
            .ProducesProblem(StatusCodes.Status404NotFound);

        var write = routes
            .MapGroup("/api")
            .WithTags("Messages")
            .RequireAuthorization(Policies.Agent);
        write
            .MapPost("conversations/{id:guid}/messages", SendAsync)
            .WithSummary("Send a message; repeating a client_message_id sends nothing")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        write
            .MapPost("messages/{id:guid}/resend", ResendAsync)
            .WithSummary("Send a failed or unknown message again")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        write
            .MapPost("messages/{id:guid}/dismiss", DismissAsync)
            .WithSummary("Give up an unknown message")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<
        Results<Ok<ThreadPage>, ProblemHttpResult, ValidationProblem>
    > ListAsync(
        Guid id,
        Caller caller,
        MessageQuery query,
        CancellationToken cancellationToken,
        string? before = null,
        string? after = null,
        Guid? around = null,
        int limit = 50
    )
    {
        limit = Math.Clamp(limit, 1, 200);
        if (around is { } message)
        {
            return before is not null || after is not null
                    ? Problems.Field("around", "Give it without before and after.")
                : await query.ReadAroundAsync(
                    caller.TenantId,
                    id,
                    message,
                    limit,
                    cancellationToken
                )
                    is { } found
                    ? TypedResults.Ok(found)
                : Problems.NotFound("message in this conversation");
        }
        if (!PageCursor.TryRead(before, IsArrival, out var beforeCursor))
        {
            return PageCursor.Refused("before");
        }
        if (!PageCursor.TryRead(after, IsArrival, out var afterCursor))
        {
            return PageCursor.Refused("after");
        }
        var page = await query.ReadPageAsync(
            caller.TenantId,
            id,
            beforeCursor,
            afterCursor,
            limit,
            cancellationToken
        );
        return page is null ? Problems.NotFound("conversation") : TypedResults.Ok(page);
    }

    private static async Task<
        Results<Created<MessageView>, Ok<MessageView>, ProblemHttpResult, ValidationProblem>
    > SendAsync(
        Guid id,
        SendMessageRequest request,
        Caller caller,
        TenantWriter writer,
        TemplateFill templates,
        CancellationToken cancellationToken
    )
    {
        request = request.Cleaned();
        if (SendMessageCheck.Find(request) is { } problem)
        {
            return problem;
        }
        if (request.Template is { } template)
        {
            var filled = await templates.FillAsync(
                caller.TenantId,
                id,
                template,
                request,
                cancellationToken
            );
            switch (filled.Refusal)
            {
                case ValidationProblem wrong:
                    return wrong;
                case ProblemHttpResult refusal:
                    return refusal;
            }
            request = request with { Text = filled.Text, FilledTemplate = filled.Content };
        }
        var change = new QueueMessage(id, NewMessage.Of(request), caller.UserId, caller.Name);
        var answer = await writer.WriteAsync(caller.TenantId, change, cancellationToken);
        return answer.Outcome switch
        {
            QueueMessage.Outcome.Queued => TypedResults.Created(
                $"/api/conversations/{id}/messages",
                answer.Message
            ),
            QueueMessage.Outcome.Repeated => TypedResults.Ok(answer.Message!),
            QueueMessage.Outcome.NoConversation => Problems.NotFound("conversation"),
            QueueMessage.Outcome.NoInstance => Problems.Conflict(
                "This conversation's number was removed: start a conversation with another of GET /api/instances.",
                SendError.NumberRemoved
            ),
            QueueMessage.Outcome.NoReply => Problems.Field(
                "reply_to",
                "Give the id of a message of this conversation that WhatsApp has."
            ),
            QueueMessage.Outcome.NoAttachment => Problems.Field(
                "attachment_ids",
                "Give the id that POST /api/attachments answered, of a file that is in no other message."
            ),
            QueueMessage.Outcome.WrongAttachment => Problems.Field(
                "attachment_ids",
                $"This template's header is of the kind {answer.Refusal}: give the id of such a file."
            ),
            QueueMessage.Outcome.TooLong => Problems.Field(
                "text",
                $"This number's gateway takes at most {answer.Limit} characters: this text has {request.Text!.Length}. Send it in several messages."
            ),
            QueueMessage.Outcome.WindowClosed => Problems.Conflict(
                "This person wrote more than 24 hours ago: WhatsApp takes a template only, of GET /api/instances/{id}/templates.",
                SendError.WindowClosed
            ),
            QueueMessage.Outcome.Unable => Problems.Conflict(
                $"This number's gateway can't send {answer.Refusal}: see its abilities in GET /api/instances.",
                SendError.Unable
            ),
            _ => Problems.Conflict(
                "client_message_id was used for another message: give each message an id of its own.",
                ProblemCode.IdTaken
            ),
        };
    }

    private static async Task<Results<Ok<MessageView>, ProblemHttpResult>> ResendAsync(
        Guid id,
        Caller caller,
        TenantWriter writer,
        CancellationToken cancellationToken
    ) =>
        Answer(
            await writer.WriteAsync(caller.TenantId, new ResendMessage(id), cancellationToken),
            "Only a failed or unknown message can be sent again."
        );

    private static async Task<Results<Ok<MessageView>, ProblemHttpResult>> DismissAsync(
        Guid id,
        Caller caller,
        TenantWriter writer,
        CancellationToken cancellationToken
    ) =>
        Answer(
            await writer.WriteAsync(caller.TenantId, new DismissMessage(id), cancellationToken),
            "Only an unknown message can be dismissed."
        );

    private static Results<Ok<MessageView>, ProblemHttpResult> Answer(
        MessageAnswer answer,
        string wrongState
    ) =>
        answer.Result switch
        {
            MessageAnswer.Kind.Changed => TypedResults.Ok(answer.Message!),
            MessageAnswer.Kind.Missing => Problems.NotFound("message"),
            _ => Problems.Conflict(
                $"{wrongState} This one is {answer.Message!.Status}.",
                ProblemCode.WrongState
            ),
        };

    private static bool IsArrival(string tie) =>
        long.TryParse(tie, CultureInfo.InvariantCulture, out _);
}
