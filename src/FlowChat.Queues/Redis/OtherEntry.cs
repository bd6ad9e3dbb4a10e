using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using FlowChat.Queues.Redis.Resp;

namespace FlowChat.Queues.Redis;

/// <summary>An entry that another program wrote: no job, but kept as it is for people.</summary>
/// <param name="Stream">Where it is.</param>
/// <param name="Entry">Its id, and its fields' names and values in turn.</param>
internal readonly record struct OtherEntry(EntryStream Stream, RedisReply Entry)
{
    // Read by people and searched by them, never put into a page.
    private static readonly JsonWriterOptions AsWritten = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public ReadOnlyMemory<byte> Id => Entry[0].Bytes;

    /// <summary>Those that a script answered, by stream.</summary>
    public static IEnumerable<OtherEntry> ReadAll(RedisReply reply, RedisQueue queue) =>
        from stream in reply.Items.ToArray()
        from entry in stream[1].Items.ToArray()
        select new OtherEntry(queue.StreamOf(stream[0].Bytes.Span), entry);

    public DeadJob ToDead(RedisQueue queue)
    {
        var name = queue.NameOf(Stream);
        return new DeadJob
        {
            Job = new Job { Queue = queue.Options.Name, Payload = Payload(name) },
            Error = $"Another program wrote entry {Entry[0].Text} of {name}: it is no job.",
            EnqueuedAt = queue.Now,
            DeadAt = queue.Now,
        };
    }

    private ReadOnlyMemory<byte> Payload(string stream)
    {
        var payload = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(payload, AsWritten);
        json.WriteStartObject();
        json.WriteString("stream", stream);
        json.WriteString("id", Id.Span);
        json.WriteStartArray("fields");
        var fields = Entry[1].Items;
        for (var n = 0; n < fields.Length; n += 2)
        {
            json.WriteStartArray();
            Write(json, fields[n].Bytes.Span);
            Write(json, fields[n + 1].Bytes.Span);
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return payload.WrittenMemory;
    }

    // Bytes that are no text would come back as others.
    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> value)
    {
        if (Utf8.IsValid(value))
        {
            json.WriteStringValue(value);
            return;
        }
        json.WriteStartObject();
        json.WriteBase64String("base64", value);
        json.WriteEndObject();
    }
}
