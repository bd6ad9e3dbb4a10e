using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace FlowChat.Testing.Evolution;

/// <summary>Files in and out: sendMedia, sendWhatsAppAudio, sendSticker, getBase64FromMediaMessage, and the gateway's own store.</summary>
internal static class MediaEndpoints
{
    public static void MapMedia(this IEndpointRouteBuilder routes, FakeEvolution fake)
    {
        Map("sendMedia", "media", request => request.Body?["mediatype"]?.GetValue<string>());
        Map("sendWhatsAppAudio", "audio", _ => "audio");
        Map("sendSticker", "sticker", _ => "sticker");
        routes.MapPost(
            "/chat/getBase64FromMediaMessage/{name}",
            fake.Route(request => Task.FromResult(Get(fake, request)))
        );
        // As a presigned URL: whoever has it needs no key.
        routes.MapGet("/minio/{id}", (string id) => Download(fake, id));

        void Map(string operation, string field, Func<RecordedRequest, string?> kind) =>
            routes.MapPost(
                $"/message/{operation}/{{name}}",
                fake.Route(request => SendAsync(fake, request, field, kind(request)))
            );
    }

    private static async Task<Answer> SendAsync(
        FakeEvolution fake,
        RecordedRequest request,
        string field,
        string? kind
    )
    {
        var instance = fake.FindInstance(request.Instance)!;
        if (request.Number is not { Length: > 0 } number || kind is null)
            return Answer.Error(
                400,
                new JsonArray(new JsonArray("instance requires property \"number\""))
            );
        var name = request.Body?["fileName"]?.GetValue<string>() ?? request.File?.Name;
        if (kind == "document" && name is null)
            return Answer.Error(400, new JsonArray("For base64 the file name must be informed."));
        // A form's file, or the text of its field.
        var given = request.File is { } form
            ? form with
            {
                Kind = kind,
            }
            : SentFile.Read(kind, request.Body?[field]);
        if (given is not { } file)
            return Answer.Error(400, new JsonArray("Owned media must be a url or base64"));
        if (instance.State is not "open")
            return Answer.ConnectionClosed;
        await fake.HoldAsync(request);
        var sent = new SentMessage(
            instance,
            WhatsAppJid.Of(number),
            request.Body?["caption"]?.GetValue<string>() ?? "",
            OwnIds.Of(fake, request),
            fake.Time.GetUtcNow()
        )
        {
            File = file with
            {
                Name = name,
                MimeType = request.Body?["mimetype"]?.GetValue<string>(),
                IsVoice = field == "audio",
            },
        };
        return await OwnIds.DeliverAsync(fake, sent);
    }

    private static Answer Get(FakeEvolution fake, RecordedRequest request)
    {
        if (request.Body?["message"]?["key"]?["id"]?.GetValue<string>() is not { } id)
            return Answer.Error(400, new JsonArray("instance requires property \"message\""));
        return fake.Media.TryGetValue(id, out var medium)
            ? new Answer(201, new JsonObject()) { Write = medium.WriteAsync }
            : Answer.Error(400, new JsonArray("Error: Message not found"));
    }

    private static IResult Download(FakeEvolution fake, string id) =>
        fake.Media.TryGetValue(id, out var medium)
            ? Results.Stream(medium.Open(), medium.MimeType)
            : Results.StatusCode(StatusCodes.Status403Forbidden);
}

/// <summary>A medium that WhatsApp holds for the gateway, by its message's id.</summary>
/// <param name="MimeType">As the gateway tells it.</param>
/// <param name="Open">Its bytes.</param>
public sealed record FakeMedium(string MimeType, Func<Stream> Open)
{
    private const int Piece = 48 * 1024;

    public FakeMedium(string mimeType, byte[] bytes)
        : this(mimeType, () => new MemoryStream(bytes, writable: false)) { }

    /// <summary>In place of the whole answer: what a gateway does that lies or breaks.</summary>
    public Func<Stream, CancellationToken, Task>? Instead { get; init; }

    public async Task WriteAsync(Stream answer, CancellationToken ct)
    {
        if (Instead is { } instead)
        {
            await instead(answer, ct);
            return;
        }
        await using var bytes = Open();
        var head =
            $$"""{"mediaType":"imageMessage","fileName":"x","caption":"say \"base64\": \"none\"","size":{"fileLength":"{{bytes.Length}}"},"mimetype":"{{MimeType}}","base64":""";
        await answer.WriteAsync(Encoding.UTF8.GetBytes(head + "\""), ct);
        var piece = new byte[Piece];
        int read;
        while (
            (read = await bytes.ReadAtLeastAsync(piece, Piece, throwOnEndOfStream: false, ct)) > 0
        )
            await answer.WriteAsync(
                Encoding.ASCII.GetBytes(Convert.ToBase64String(piece, 0, read)),
                ct
            );
        await answer.WriteAsync("\",\"buffer\":null}"u8.ToArray(), ct);
    }
}

/// <summary>A file that reached a contact's phone.</summary>
public sealed record SentFile(string Kind, long Size, string Sha256)
{
    public string? Name { get; init; }
    public string? MimeType { get; init; }

    /// <summary>Sent by sendWhatsAppAudio.</summary>
    public bool IsVoice { get; init; }

    internal static SentFile? Read(string kind, JsonNode? base64)
    {
        try
        {
            var bytes =
                base64 is JsonValue ? Convert.FromBase64String(base64.GetValue<string>()) : null;
            return bytes is { Length: > 0 }
                ? new(kind, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)))
                : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
