using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlowChat.Live;

/// <summary>One entry of the live log. Its data holds the whole new state, so applying it twice changes nothing.</summary>
public sealed record LiveEvent(
    long Seq,
    string Type,
    DateTimeOffset At,
    [property: JsonConverter(typeof(RawJsonConverter))] string Data
)
{
    private const string ResetType = "reset";

    private const string TypingType = "contact.typing";

    /// <summary>The type of <see cref="Reconnect"/>.</summary>
    public const string ReconnectType = "reconnect";

    /// <summary>The reader's place isn't in the log any more, or not yet: load afresh and go on from this seq.</summary>
    public static LiveEvent Reset(long seq, DateTimeOffset at) => new(seq, ResetType, at, "{}");

    /// <summary>A contact types. It passes by, with the seq where its reader is: it has none of its own.</summary>
    public static LiveEvent Typing(long seq, DateTimeOffset at, string data) =>
        new(seq, TypingType, at, data);

    /// <summary>
    /// The node stops: the reader goes on at another from this seq, where it is, after a random part of the given time.
    /// </summary>
    public static LiveEvent Reconnect(long seq, DateTimeOffset at, TimeSpan within) =>
        new(
            seq,
            ReconnectType,
            at,
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"within_ms":{{within.TotalMilliseconds}}}"""
            )
        );
}

/// <summary>Writes JSON that is stored as text without parsing it once more for each reader.</summary>
internal sealed class RawJsonConverter : JsonConverter<string>
{
    public override string Read(
        ref Utf8JsonReader reader,
        Type typeToConvert,
        JsonSerializerOptions options
    ) => JsonElement.ParseValue(ref reader).GetRawText();

    public override void Write(
        Utf8JsonWriter writer,
        string value,
        JsonSerializerOptions options
    ) => writer.WriteRawValue(value, skipInputValidation: true);
}
