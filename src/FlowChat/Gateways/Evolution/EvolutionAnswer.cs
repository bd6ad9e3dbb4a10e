using System.Net;
using System.Text;
using System.Text.Json;
using FlowChat.Instances;
using FlowChat.Messages;
using FlowChat.Storage;

namespace FlowChat.Gateways.Evolution;

/// <summary>Reads Evolution's answers. Any exception inside a send becomes a 400, also one after the send: only known texts prove that nothing was sent.</summary>
internal static class EvolutionAnswer
{
    private const string LicenseRequired = "LICENSE_REQUIRED";
    private static readonly TimeSpan LicensePause = TimeSpan.FromMinutes(1);

    public static SendResult ReadSend(Guid instanceId, HttpStatusCode status, string body)
    {
        var json = TryParse(body);
        var reason = Reason(status, json);
        return status switch
        {
            HttpStatusCode.OK or HttpStatusCode.Created => WaId(json) is { } waId
                ? new SendResult.Sent(instanceId, waId)
                : new SendResult.Unknown(
                    "The gateway accepted the message without telling its id."
                ),
            HttpStatusCode.BadRequest when IsNotOnWhatsApp(json) => new SendResult.Refused(
                SendError.NotOnWhatsApp,
                null
            ),
            HttpStatusCode.BadRequest => new SendResult.Unknown(reason),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new SendResult.KeyRefused(
                KeyRefusal(status, json)
            ),
            HttpStatusCode.NotFound => new SendResult.NotSent(SendError.InstanceMissing, reason),
            HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity =>
                new SendResult.Refused(SendError.Refused, reason),
            HttpStatusCode.TooManyRequests => new SendResult.NotSent(
                SendError.GatewayError,
                reason
            ),
            HttpStatusCode.ServiceUnavailable
                when body.Contains(LicenseRequired, StringComparison.Ordinal) =>
                new SendResult.NotConnected(LicenseRequired, LicensePause),
            HttpStatusCode.ServiceUnavailable => new SendResult.NotSent(
                SendError.GatewayError,
                reason
            ),
            _ => new SendResult.Unknown(reason),
        };
    }

    public static MarkResult ReadMark(HttpStatusCode status, string body)
    {
        if (status is HttpStatusCode.OK or HttpStatusCode.Created)
        {
            return new MarkResult.Marked();
        }
        var reason = Reason(status, TryParse(body));
        return
            status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            || SaysClosed(reason)
            || body.Contains(LicenseRequired, StringComparison.Ordinal)
            ? new MarkResult.NotConnected(reason)
            : new MarkResult.Failed(reason);
    }

    public static ChangeResult ReadChange(HttpStatusCode status, string body)
    {
        if (status is HttpStatusCode.OK or HttpStatusCode.Created)
        {
            return new ChangeResult.Done();
        }
        var reason = Reason(status, TryParse(body));
        return status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            || SaysClosed(reason)
            || body.Contains(LicenseRequired, StringComparison.Ordinal)
                ? new ChangeResult.NotConnected(reason)
            : status is HttpStatusCode.NotFound or HttpStatusCode.UnprocessableEntity
                ? new ChangeResult.Refused(SendError.Refused, reason)
            : new ChangeResult.Failed(reason);
    }

    /// <summary>Every failure is a 400: none says whether another attempt would end otherwise.</summary>
    public static MediaResult ReadMediaRefusal(HttpStatusCode status, string body)
    {
        var reason = Reason(status, TryParse(body));
        return
            status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            || SaysClosed(reason)
            || body.Contains(LicenseRequired, StringComparison.Ordinal)
            ? new MediaResult.NotConnected(reason)
            : new MediaResult.Failed(reason);
    }

    public static GatewayState ReadState(HttpStatusCode status, string body)
    {
        var json = TryParse(body);
        if (
            status == HttpStatusCode.OK
            && json is { } root
            && Find(root, "instance", "state") is { ValueKind: JsonValueKind.String } state
        )
        {
            return state.GetString() switch
            {
                InstanceState.Open => new(InstanceState.Open),
                InstanceState.Connecting => new(InstanceState.Connecting),
                InstanceState.Close => new(InstanceState.Close),
                InstanceState.Refused => new(InstanceState.Refused),
                var other => new(InstanceState.Unknown, other),
            };
        }
        return status switch
        {
            HttpStatusCode.ServiceUnavailable
                when body.Contains(LicenseRequired, StringComparison.Ordinal) => new(
                InstanceState.Unreachable,
                LicenseRequired
            ),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new(
                InstanceState.Refused,
                KeyRefusal(status, json),
                KeyRefused: true
            ),
            HttpStatusCode.BadGateway
            or HttpStatusCode.ServiceUnavailable
            or HttpStatusCode.GatewayTimeout => new(
                InstanceState.Unreachable,
                Reason(status, json)
            ),
            _ => new(InstanceState.Unknown, Reason(status, json)),
        };
    }

    public static bool SaysClosed(string reason) =>
        reason.Contains("Connection Closed", StringComparison.OrdinalIgnoreCase)
        || reason.Contains("not connected", StringComparison.OrdinalIgnoreCase);

    private static string KeyRefusal(HttpStatusCode status, JsonElement? json) =>
        $"The gateway refuses its key: {Reason(status, json)}";

    private static string? WaId(JsonElement? json) =>
        json is { } root
        && Find(root, "key", "id") is { ValueKind: JsonValueKind.String } id
        && id.GetString() is { Length: > 0 } text
            ? StorableText.Clean(text)
            : null;

    private static bool IsNotOnWhatsApp(JsonElement? json) =>
        json is { } root
        && Find(root, "response", "message") is { ValueKind: JsonValueKind.Array } messages
        && messages
            .EnumerateArray()
            .Any(entry =>
                entry.ValueKind == JsonValueKind.Object
                && entry.TryGetProperty("exists", out var exists)
                && exists.ValueKind == JsonValueKind.False
            );

    /// <summary>The gateway's own words: a string or an array of strings, cut to a line that a person can read.</summary>
    public static string Reason(HttpStatusCode status, JsonElement? json)
    {
        var message = json is { } root
            ? Find(root, "response", "message") ?? Find(root, "message") ?? Find(root, "error")
            : null;
        var text = message switch
        {
            { ValueKind: JsonValueKind.String } one => one.GetString(),
            { ValueKind: JsonValueKind.Array } many => string.Join(
                ' ',
                many.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.String)
            ),
            _ => null,
        };
        text = string.IsNullOrWhiteSpace(text)
            ? $"HTTP {(int)status}"
            : $"HTTP {(int)status}: {text}";
        // Cut, an emoji could end in its middle.
        return StorableText.Clean(text.Length <= 300 ? text : text[..300]);
    }

    private static JsonElement? Find(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (
                element.ValueKind != JsonValueKind.Object
                || !element.TryGetProperty(name, out element)
            )
            {
                return null;
            }
        }
        return element;
    }

    public static JsonElement? TryParse(string body)
    {
        var json = Encoding.UTF8.GetBytes(body);
        StorableText.RepairJson(json);
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(json);
        }
        catch (JsonException)
        {
            // A proxy's HTML page: the status alone has to do.
            return null;
        }
    }
}
