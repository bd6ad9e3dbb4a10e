using FlowChat.Accounts;
using FlowChat.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FlowChat.Messages.Changes;

internal static class MessageChangeEndpoints
{
    private const int MostEmojiCharacters = 32;

    public static void MapMessageChanges(this IEndpointRouteBuilder routes)
    {
        var message = routes
            .MapGroup("/api/messages/{id:guid}")
            .WithTags("Messages")
            .RequireAuthorization(Policies.Agent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        message.MapPut("reaction", ReactAsync).WithSummary("React to a message");
        message.MapDelete("reaction", TakeBackReactionAsync).WithSummary("Take the reaction back");
        message.MapPatch("", EditAsync).WithSummary("Edit a text of ours, within 15 minutes");
        message
            .MapDelete("change", DismissAsync)
            .WithSummary("Give up a change that failed: the message stays as WhatsApp has it");
        message.MapDelete("", DeleteAsync).WithSummary("Delete a message of ours for everyone");
    }

    private static async Task<
        Results<Accepted<MessageView>, ProblemHttpResult, ValidationProblem>
    > ReactAsync(
        Guid id,
        ReactionRequest request,
        Caller caller,
        TenantWriter writer,
        CancellationToken cancellationToken
    )
    {
        var emoji = StorableText.Clean(request.Emoji ?? "").Trim();
        return emoji.Length is 0 or > MostEmojiCharacters || HasPlainText(emoji)
            ? Problems.Field("emoji", "Give one emoji; DELETE takes the reaction back.")
            : Answer(
                await QueueAsync(
                    id,
                    MessageChangeKind.Reaction,
                    emoji,
                    caller,
                    writer,
                    cancellationToken
                )
            );
    }

    // A keycap is its digit, and what puts the key around it.
    private static bool HasPlainText(string emoji) =>
        emoji
            .Where(
                (character, at) =>
                    char.IsAsciiLetter(character)
                    || (
                        char.IsAsciiDigit(character)
                        && emoji.ElementAtOrDefault(at + 1) is not ('\uFE0F' or '\u20E3')
                    )
            )
            .Any();

    private static async Task<
        Results<Accepted<MessageView>, ProblemHttpResult, ValidationProblem>
    > TakeBackReactionAsync(
        Guid id,
        Caller caller,
        TenantWriter writer,
        CancellationToken cancellationToken
    ) =>
        Answer(
            await QueueAsync(id, MessageChangeKind.Reaction, "", caller, writer, cancellationToken)
        );

    private static async Task<
        Results<Accepted<MessageView>, ProblemHttpResult, ValidationProblem>
    > EditAsync(
        Guid id,
        EditRequest request,
        Caller caller,
        TenantWriter writer,
        CancellationToken cancellationToken
    )
    {
        var text = StorableText.Clean(request.Text ?? "");
        return string.IsNullOrWhiteSpace(text) ? Problems.Field("text", "Give the new text.")
            : text.Length > MessageType.MostCharacters
                ? Problems.Field(
                    "text",
                    $"WhatsApp takes at most {MessageType.MostCharacters} characters: this text has {text.Length}."
                )
            : Answer(
                await QueueAsync(
                    id,
                    MessageChangeKind.Edit,
                    text,
                    caller,
                    writer,
                    cancellationToken
                )
            );
    }

    private static async Task<
        Results<Accepted<MessageView>, ProblemHttpResult, ValidationProblem>
    > DeleteAsync(
        Guid id,
        Caller caller,
        TenantWriter writer,
        CancellationToken cancellationToken
    ) =>
        Answer(
            await QueueAsync(id, MessageChangeKind.Delete, null, caller, writer, cancellationToken)
        );

    private static async Task<Results<Ok<MessageView>, ProblemHttpResult>> DismissAsync(
        Guid id,
        Caller caller,
        TenantWriter writer,
        CancellationToken cancellationToken
    )
    {
        var answer = await writer.WriteAsync(
            caller.TenantId,
            new DismissChange(id),
            cancellationToken
        );
        return answer.Result switch
        {
            MessageAnswer.Kind.Changed => TypedResults.Ok(answer.Message!),
            MessageAnswer.Kind.Missing => Problems.NotFound("message"),
            _ => Problems.Conflict(
                "The change is on its way: only one that failed can be given up.",
                ProblemCode.WrongState
            ),
        };
    }

    private static Task<QueueChange.Answer> QueueAsync(
        Guid id,
        string kind,
        string? text,
        Caller caller,
        TenantWriter writer,
        CancellationToken cancellationToken
    ) =>
        writer.WriteAsync(
            caller.TenantId,
            new QueueChange(id, kind, text, new(SenderKind.User, caller.UserId, caller.Name)),
            cancellationToken
        );

    private static Results<Accepted<MessageView>, ProblemHttpResult, ValidationProblem> Answer(
        QueueChange.Answer answer
    ) =>
        answer switch
        {
            { Message: null } => Problems.NotFound("message"),
            { Refusal: { } refusal } => Problems.Conflict(refusal.Text!, refusal.Code),
            _ => TypedResults.Accepted((string?)null, answer.Message),
        };
}

public sealed record ReactionRequest(string? Emoji);

public sealed record EditRequest(string? Text);
