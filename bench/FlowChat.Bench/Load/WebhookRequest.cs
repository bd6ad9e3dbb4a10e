using System.Globalization;
using System.Text;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Bench.Load;

/// <summary>One conversation's webhook as bytes on the wire; only the message id and the time change.</summary>
internal sealed class WebhookRequest
{
    private const string IdPrefix = "3EB0";
    private const int IdDigits = 18;
    private const string Id = IdPrefix + "FFFFFFFFFFFFFFFFFF";

    // Second 1,700,000,000 of the epoch, found again by its digits.
    private static readonly DateTimeOffset Time = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    private readonly byte[] template;
    private readonly int idAt;
    private readonly int timeAt;

    public WebhookRequest(
        string path,
        string secret,
        EvolutionNumber number,
        Person contact,
        string text
    )
    {
        var body = new TextMessage(number, contact, text) { Id = Id, SentAt = Time }.ToBytes();
        var head =
            $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {secret}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n";
        template = [.. Encoding.ASCII.GetBytes(head), .. body];
        idAt = template.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Id)) + IdPrefix.Length;
        timeAt =
            template.AsSpan().IndexOf("\"messageTimestamp\":1700000000"u8)
            + "\"messageTimestamp\":".Length;
    }

    /// <summary>Writes the request for the nth message of the run and returns its length.</summary>
    public int Write(Span<byte> buffer, long n, long unixSeconds)
    {
        template.CopyTo(buffer);
        n.TryFormat(buffer[idAt..], out _, $"X{IdDigits}", CultureInfo.InvariantCulture);
        unixSeconds.TryFormat(buffer[timeAt..], out _, "D10", CultureInfo.InvariantCulture);
        return template.Length;
    }

    /// <summary>The n of an id that <see cref="Write"/> gave.</summary>
    public static long NumberOf(string id) =>
        long.Parse(
            id.AsSpan(IdPrefix.Length),
            NumberStyles.HexNumber,
            CultureInfo.InvariantCulture
        );
}
