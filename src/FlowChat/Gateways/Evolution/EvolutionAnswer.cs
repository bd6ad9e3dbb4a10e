using System.Net;
using System.Text.Json;
using FlowChat.Inbound;
using FlowChat.Instances;
using FlowChat.Messages;

namespace FlowChat.Gateways.Evolution;

/// <summary>Reads Evolution's answers. Any exception inside a send becomes a 400, also one after the send: only known texts prove that nothing was sent.</summary>
internal static class EvolutionAnswer
{
    private static readonly TimeSpan LicensePause = TimeSpan.FromMinutes(1);

    public static SendResult ReadSend(Guid instanceId, EvolutionReply reply) =>
        reply.Status switch
        {
            null when reply.KeyUnopened => new SendResult.KeyRefused(reply.Reason),
            null when reply.NeverAsked => new SendResult.NotConnected(
                reply.Reason,
                SendFailure.Pause
            ),
            HttpStatusCode.OK or HttpStatusCode.Created => WaId(reply.Json) is { } waId
                ? new SendResult.Sent(instanceId, waId)
                : new SendResult.Unknown(
                    "The gateway accepted the message without telling its id."
                ),
            HttpStatusCode.BadRequest when IsNotOnWhatsApp(reply.Json) => new SendResult.Refused(
                SendError.NotOnWhatsApp,
                null
            ),
            HttpStatusCode.BadRequest when IsInvalid(reply.Json) => new SendResult.Refused(
                SendError.Refused,
                reply.Reason
            ),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new SendResult.KeyRefused(
                KeyRefusal(reply)
            ),
            HttpStatusCode.NotFound => new SendResult.NotSent(
                SendError.InstanceMissing,
                reply.Reason
            ),
            HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity =>
                new SendResult.Refused(SendError.Refused, reply.Reason),
            _ when reply.IsUnlicensed => new SendResult.NotConnected(
                EvolutionReply.LicenseRequired,
                LicensePause
            ),
            HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable =>
                new SendResult.NotSent(SendError.GatewayError, reply.Reason),
            _ => new SendResult.Unknown(reply.Reason),
        };

    public static MarkResult ReadMark(EvolutionReply reply) =>
        reply.IsAccepted ? new MarkResult.Marked()
        : reply.IsNotConnected ? new MarkResult.NotConnected(reply.Reason)
        : new MarkResult.Failed(reply.Reason);

    public static ChangeResult ReadChange(EvolutionReply reply) =>
        reply.IsAccepted ? new ChangeResult.Done()
        : reply.IsNotConnected ? new ChangeResult.NotConnected(reply.Reason)
        : reply.Status is HttpStatusCode.NotFound or HttpStatusCode.UnprocessableEntity
        || IsInvalid(reply.Json)
            ? new ChangeResult.Refused(SendError.Refused, reply.Reason)
        : new ChangeResult.Failed(reply.Reason);

    /// <summary>Every failure is a 400: none says whether another attempt would end otherwise.</summary>
    public static MediaResult ReadMediaRefusal(EvolutionReply reply) =>
        reply.IsNotConnected
            ? new MediaResult.NotConnected(reply.Reason)
            : new MediaResult.Failed(reply.Reason);

    public static GatewayState ReadState(EvolutionReply reply)
    {
        if (
            reply.Status == HttpStatusCode.OK
            && reply.Json?.Child("instance")?.Text("state") is { } state
        )
        {
            return
                state
                    is InstanceState.Open
                        or InstanceState.Connecting
                        or InstanceState.Close
                        or InstanceState.Refused
                ? new(state)
                : new(InstanceState.Unknown, state);
        }
        return reply.Status switch
        {
            null when reply.KeyUnopened => new(
                InstanceState.Refused,
                reply.Reason,
                KeyRefused: true
            ),
            null => new(InstanceState.Unreachable, reply.Reason),
            _ when reply.IsUnlicensed => new(
                InstanceState.Unreachable,
                EvolutionReply.LicenseRequired
            ),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new(
                InstanceState.Refused,
                KeyRefusal(reply),
                KeyRefused: true
            ),
            HttpStatusCode.BadGateway
            or HttpStatusCode.ServiceUnavailable
            or HttpStatusCode.GatewayTimeout => new(InstanceState.Unreachable, reply.Reason),
            _ => new(InstanceState.Unknown, reply.Reason),
        };
    }

    /// <summary>A proxy that hides the page, or a release that says nothing there, has answered all the same.</summary>
    public static GatewayRelease ReadRelease(EvolutionReply reply) =>
        new(
            reply.IsDone || reply.Status == HttpStatusCode.NotFound,
            reply.IsDone ? reply.Json?.Text("version") : null
        );

    private static string KeyRefusal(EvolutionReply reply) =>
        $"The gateway refuses its key: {reply.Reason}";

    private static string? WaId(JsonElement? json) => json?.Child("key")?.Text("id");

    // Only the schemas, which are asked first, answer with texts in an array of their own.
    private static bool IsInvalid(JsonElement? json) =>
        json?.Child("response") is { } response
        && response
            .List("message")
            .Any(entry =>
                entry.ValueKind == JsonValueKind.Array
                && entry.EnumerateArray().Any(text => text.ValueKind == JsonValueKind.String)
            );

    private static bool IsNotOnWhatsApp(JsonElement? json) =>
        json?.Child("response") is { } response
        && response
            .List("message")
            .Any(entry => entry.Child("exists") is { ValueKind: JsonValueKind.False });
}
