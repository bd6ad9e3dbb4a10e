using System.Security.Cryptography;
using System.Text.Json.Nodes;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Media;

/// <summary>Media on their way from a contact to the inbox.</summary>
internal static class ArrivingMedia
{
    /// <summary>The webhook of a medium whose bytes the gateway has.</summary>
    /// <param name="number">Who receives it.</param>
    /// <param name="message">See <see cref="MessageKinds"/>.</param>
    /// <param name="bytes">What the gateway hands out; null = nothing.</param>
    /// <param name="id">The message's; a new one by default.</param>
    public static async Task<string> ReceiveAsync(
        this TestNumber number,
        JsonObject message,
        byte[]? bytes,
        string? id = null
    )
    {
        id ??= WhatsAppId.New();
        if (bytes is not null)
            number.Gateway.Media.TryAdd(id, new FakeMedium("application/octet-stream", bytes));
        await number.PostAsync(message, id);
        return id;
    }

    /// <summary>The webhook alone.</summary>
    public static Task PostAsync(this TestNumber number, JsonObject message, string id)
    {
        if (
            number.Gateway.Media.TryGetValue(id, out var medium)
            && message.First().Value!["fileSha256"] is null
        )
        {
            using var bytes = medium.Open();
            var said = message.First().Value!["fileLength"]!.DeepClone();
            message.Hashed(SHA256.HashData(bytes), 0).Said("fileLength", said);
        }
        return number.Fake.PostAsync(
            new TextMessage(number.Fake.Number, Person.Ana, "")
            {
                Id = id,
                Message = message,
                SentAt = number.Now,
            }.ToEnvelope()
        );
    }

    /// <summary>The message once its medium has come to that state.</summary>
    public static async Task<Message> WaitForMediaAsync(
        this TestNumber number,
        string waId,
        string state,
        CancellationToken ct,
        long after = 0
    ) =>
        (
            await number.WaitAsync(
                live =>
                    live.Message is { Attachments: [{ } attachment] } message
                    && message.WaId == waId
                    && attachment.State == state,
                ct,
                after
            )
        ).Message!;

    /// <summary>The medium, once it is here.</summary>
    public static async Task<Attachment> WaitUntilReadyAsync(
        this TestNumber number,
        string waId,
        CancellationToken ct,
        long after = 0
    ) => (await number.WaitForMediaAsync(waId, "ready", ct, after)).Attachments[0];

    /// <summary>Once the number's only job of media waits, and says why.</summary>
    public static Task WaitForJobAsync(
        this TestNumber number,
        string reason,
        CancellationToken ct
    ) =>
        number.WaitForJobAsync(
            "process_incoming_media",
            job => job.Reason?.StartsWith(reason, StringComparison.Ordinal) == true,
            ct
        );

    /// <summary>How often the gateway was asked for its bytes.</summary>
    public static int Fetches(this TestNumber number, string waId) =>
        number.Gateway.Requests.All.Count(request => request.IsFetchOf(waId));

    public static bool IsFetch(this RecordedRequest request) =>
        request.Path.StartsWith("/chat/getBase64FromMediaMessage/", StringComparison.Ordinal);

    public static bool IsFetchOf(this RecordedRequest request, string waId) =>
        request.IsFetch() && request.Body?["message"]?["key"]?["id"]?.GetValue<string>() == waId;

    /// <summary>As the gateway tells it, whatever is true.</summary>
    public static JsonObject Said(this JsonObject message, string field, JsonNode value)
    {
        message.First().Value![field] = value;
        return message;
    }

    public static JsonObject With(this JsonObject message, string field, JsonNode value)
    {
        message[field] = value;
        return message;
    }

    public static string ContentOf(Attachment attachment) =>
        $"/api/attachments/{attachment.Id}/content";
}
