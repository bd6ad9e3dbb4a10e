using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Bench.Load;

/// <summary>What a busy day brings: mostly pictures and voice notes, some documents, a few videos.</summary>
internal static class MixedFiles
{
    public const int Count = 1_000;

    private static readonly (int Share, int Size, byte[] Head, Func<JsonObject> Message)[] Kinds =
    [
        (550, 150_000, [0xFF, 0xD8, 0xFF, 0xE0], () => MessageKinds.Image()),
        (300, 40_000, [.. "OggS"u8], () => MessageKinds.VoiceNote()),
        (100, 1_000_000, [.. "%PDF-1.7"u8], () => MessageKinds.Document()),
        (45, 4_000_000, [0, 0, 0, 24, .. "ftypisom"u8], () => MessageKinds.Video()),
        (5, 16_000_000, [0, 0, 0, 24, .. "ftypisom"u8], () => MessageKinds.Video()),
    ];

    /// <summary>The gateway has them; no two are the same, in any round.</summary>
    public static IReadOnlyList<MixedFile> Make(int round, FakeEvolution gateway)
    {
        var random = new Random(round);
        var files = new List<MixedFile>();
        foreach (var (share, size, head, message) in Kinds)
        {
            for (var i = 0; i < share; i++)
            {
                var bytes = new byte[size];
                random.NextBytes(bytes);
                head.CopyTo(bytes, 0);
                var hash = SHA256.HashData(bytes);
                var file = new MixedFile(
                    WhatsAppId.New(),
                    size,
                    () => message().Hashed(hash, size)
                );
                gateway.Media[file.Id] = new("application/octet-stream", bytes);
                files.Add(file);
            }
        }
        random.Shuffle(CollectionsMarshal.AsSpan(files));
        return files;
    }
}

internal sealed record MixedFile(string Id, int Size, Func<JsonObject> Message)
{
    public byte[] WebhookOf(EvolutionNumber number, TimeProvider time) =>
        new TextMessage(number, Person.Ana, "")
        {
            Id = Id,
            Message = Message(),
            SentAt = time.GetUtcNow(),
        }.ToBytes();
}
