using System.Text.Json.Nodes;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Testing.Evolution;

public sealed record RecordedRequest(
    DateTimeOffset At,
    string Method,
    string Path,
    IReadOnlyDictionary<string, string> Headers,
    JsonObject? Body
)
{
    public string Query { get; init; } = "";

    /// <summary>Of a form.</summary>
    public SentFile? File { get; init; }

    /// <summary>A call that puts something before a contact's eyes: on Evolution by its path, on Meta's by what it has.</summary>
    public bool IsSend =>
        Path.StartsWith("/message/", StringComparison.Ordinal)
        || (Path.EndsWith("/messages", StringComparison.Ordinal) && Body?["type"] is not null);

    public string? Number => Body?["number"]?.GetValue<string>();

    public string? Text => Body?["text"]?.GetValue<string>();

    /// <summary>The last segment of the path, decoded.</summary>
    public string Instance => Path[(Path.LastIndexOf('/') + 1)..];
}

/// <summary>A message that reached WhatsApp, with the id that WhatsApp gave it.</summary>
public sealed record SentMessage(
    FakeInstance Instance,
    string RemoteJid,
    string Text,
    string Id,
    DateTimeOffset At
)
{
    /// <summary>Of a medium; its caption is the text.</summary>
    public SentFile? File { get; init; }

    /// <summary>In place of the text: see <see cref="MessageKinds"/>.</summary>
    public JsonObject? Content { get; init; }

    internal TextMessage ToEcho() =>
        new(Instance.Number, Instance.Number.Owner, Text)
        {
            Event = "send.message",
            FromMe = true,
            Id = Id,
            RemoteJid = RemoteJid,
            SentAt = At,
            Message = File is { } file ? MessageKinds.Sent(file, Text) : Content,
            Form = new MessageForm { Text = TextForm.Conversation },
        };
}
