using System.Text.Json;
using FlowChat.Inbound;
using FlowChat.Instances;
using FlowChat.Messages;

namespace FlowChat.Gateways.Cloud;

/// <summary>Reads Meta's answers. An error in its own form proves that nothing was sent; anything else after the request left doesn't.</summary>
internal static class CloudAnswer
{
    public static SendResult ReadSend(Guid instanceId, GraphReply reply) =>
        reply switch
        {
            GraphReply.Answered { IsDone: true } done => done
                .Json?.List("messages")
                .FirstOrDefault()
                is { ValueKind: JsonValueKind.Object } sent
            && sent.Text("id") is { } waId
                ? new SendResult.Sent(instanceId, waId)
                : new SendResult.Unknown(
                    "The gateway accepted the message without telling its id."
                ),
            GraphReply.Answered { Error: { } error } refused => GraphErrorClass.ToResult(
                error,
                refused.IsServers
            ),
            GraphReply.Answered or GraphReply.Lost => new SendResult.Unknown(reply.Reason),
            _ => NothingLeft(reply),
        };

    /// <summary>Whatever became of the file, no message has left.</summary>
    public static SendResult ReadUpload(GraphReply reply) =>
        reply switch
        {
            GraphReply.Answered { Error: { } error } refused => GraphErrorClass.ToResult(
                error,
                refused.IsServers
            ),
            GraphReply.Answered or GraphReply.Lost => new SendResult.NotSent(
                SendError.GatewayError,
                reply.Reason
            ),
            _ => NothingLeft(reply),
        };

    public static ChangeResult ReadChange(GraphReply reply) =>
        ReadSend(Guid.Empty, reply) switch
        {
            SendResult.Sent => new ChangeResult.Done(),
            SendResult.Refused refused => new ChangeResult.Refused(refused.Code, refused.Reason),
            SendResult.NotConnected or SendResult.KeyRefused => new ChangeResult.NotConnected(
                reply.Reason
            ),
            _ => new ChangeResult.Failed(reply.Reason),
        };

    public static MarkResult ReadMark(GraphReply reply) =>
        reply is GraphReply.Answered { IsDone: true }
            ? new MarkResult.Marked()
            : ReadSend(Guid.Empty, reply) switch
            {
                // Nobody is told any more of what was written a month ago.
                SendResult.Refused => new MarkResult.Marked(),
                SendResult.NotConnected or SendResult.KeyRefused => new MarkResult.NotConnected(
                    reply.Reason
                ),
                _ => new MarkResult.Failed(reply.Reason),
            };

    public static GatewayState ReadState(GraphReply reply) =>
        reply switch
        {
            GraphReply.Answered { IsDone: true, Json: { } number } => StateOf(number),
            GraphReply.Answered { Error: { } error } when GraphErrorClass.IsOfKey(error.Code) =>
                new(InstanceState.Refused, GraphErrorClass.KeyRefusal(error), KeyRefused: true),
            GraphReply.Answered { Error: null, IsServers: true } => new(
                InstanceState.Unreachable,
                reply.Reason
            ),
            GraphReply.Answered => new(InstanceState.Unknown, reply.Reason),
            GraphReply.KeyUnopened => new(InstanceState.Refused, reply.Reason, KeyRefused: true),
            _ => new(InstanceState.Unreachable, reply.Reason),
        };

    // Meta tells the health of the number, of its account, of the business and of the app: the worst one counts.
    private static GatewayState StateOf(JsonElement number)
    {
        var digits = string.Concat(
            (number.Text("display_phone_number") ?? "").Where(char.IsAsciiDigit)
        );
        var state =
            number.Child("health_status") is { } health
            && health.Text("can_send_message") == "BLOCKED"
                ? new GatewayState(InstanceState.Refused, BlockOf(health))
            : number.Text("status") is { } status && status != "CONNECTED"
                ? new(InstanceState.Close, status)
            : new(InstanceState.Open);
        return state with { OwnerJid = digits.Length > 0 ? $"{digits}@s.whatsapp.net" : null };
    }

    private static string BlockOf(JsonElement health) =>
        health
            .List("entities")
            .Where(entity => entity.Text("can_send_message") == "BLOCKED")
            .SelectMany(entity => entity.List("errors"))
            .Select(error =>
                $"{error.Long("error_code")}: {error.Text("error_description") ?? error.Text("possible_solution")}"
            )
            .FirstOrDefault()
        ?? "Meta lets this number send nothing.";

    private static SendResult NothingLeft(GraphReply reply) =>
        reply switch
        {
            GraphReply.NotReached => new SendResult.NotConnected(reply.Reason, SendFailure.Pause),
            GraphReply.MediaMissing => new SendResult.Refused(SendError.MediaMissing, reply.Reason),
            GraphReply.MediaUnfit => new SendResult.Refused(SendError.Refused, reply.Reason),
            GraphReply.MediaHeld => new SendResult.Held(reply.Reason),
            _ => new SendResult.KeyRefused(reply.Reason),
        };
}
