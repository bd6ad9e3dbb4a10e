using System.Net;
using System.Text;
using System.Text.Json;
using FlowChat.Accounts;
using FlowChat.Gateways.OutboundHttp;
using FlowChat.Inbound;
using FlowChat.Messages;
using FlowChat.Storage;

namespace FlowChat.Gateways.Evolution;

/// <summary>What a call came to. Some failures come as 200 with an error in the body.</summary>
/// <param name="Status">Null = no answer came.</param>
/// <param name="Json">Null = it was no JSON.</param>
/// <param name="Reason">The gateway's own words, or why there are none.</param>
internal readonly record struct EvolutionReply(
    HttpStatusCode? Status,
    JsonElement? Json,
    string Reason
)
{
    public const string LicenseRequired = "LICENSE_REQUIRED";

    private const int LongestReason = 300;

    /// <summary>Nothing was asked: the gateway wasn't there, or its key can't be opened.</summary>
    public bool NeverAsked { get; private init; }

    public bool KeyUnopened { get; private init; }

    /// <summary>It said more than an answer may have.</summary>
    public bool IsTooLarge { get; private init; }

    /// <summary>2.4 serves nobody before it was activated.</summary>
    public bool IsUnlicensed { get; private init; }

    /// <summary>An address that may not be called.</summary>
    public bool IsAddressRefused { get; private init; }

    /// <summary>Of a failure, for the page.</summary>
    public string Code =>
        IsUnlicensed ? ProblemCode.GatewayUnlicensed
        : IsAddressRefused ? ProblemCode.AddressNotAllowed
        : KeyUnopened || IsKeyRefused ? SendError.Unauthorized
        : IsMissing ? SendError.InstanceMissing
        : Status is null or >= HttpStatusCode.BadGateway ? ProblemCode.GatewayAway
        : SendError.GatewayError;

    public bool IsAccepted => Status is HttpStatusCode.OK or HttpStatusCode.Created;

    public bool IsDone =>
        IsAccepted
        && Json is { } json
        && !(
            json.ValueKind == JsonValueKind.Object
            && json.TryGetProperty("error", out var error)
            && error.ValueKind == JsonValueKind.True
        );

    public bool IsMissing => Status == HttpStatusCode.NotFound;

    public bool IsKeyRefused => Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;

    /// <summary>Another attempt has to wait for the number's connection, or for a better key.</summary>
    public bool IsNotConnected => NeverAsked || IsKeyRefused || IsUnlicensed || SaysClosed;

    /// <summary>Said before a send and, rarely, during it.</summary>
    public bool SaysClosed =>
        Reason.Contains("Connection Closed", StringComparison.OrdinalIgnoreCase)
        || Reason.Contains("not connected", StringComparison.OrdinalIgnoreCase);

    public static EvolutionReply Of(HttpStatusCode status, string body)
    {
        var json = TryParse(body);
        return new(status, json, Words(status, json))
        {
            IsUnlicensed =
                status == HttpStatusCode.ServiceUnavailable
                && body.Contains(LicenseRequired, StringComparison.Ordinal),
        };
    }

    public static EvolutionReply OfUnopenedKey() =>
        new(null, null, "The gateway's key can't be opened: enter it again.")
        {
            NeverAsked = true,
            KeyUnopened = true,
        };

    public static EvolutionReply Of(HttpRequestException error) =>
        new(null, null, SendFailure.Describe(error))
        {
            NeverAsked = SendFailure.NeverLeft(error),
            IsAddressRefused = error is AddressRefusedException,
            IsTooLarge = error.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded,
        };

    public static EvolutionReply OfSilence(TimeSpan within) =>
        new(null, null, $"No answer within {within.TotalSeconds:0} s.");

    // A string or an array of strings, cut to a line that a person can read.
    private static string Words(HttpStatusCode status, JsonElement? json)
    {
        var message =
            json?.Child("response")?.Child("message")
            ?? json?.Child("message")
            ?? json?.Child("error");
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
        return StorableText.Clean(text.Length <= LongestReason ? text : text[..LongestReason]);
    }

    private static JsonElement? TryParse(string body)
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
