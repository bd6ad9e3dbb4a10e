using System.Security.Cryptography;
using System.Text.Json.Nodes;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Gateways.Conformance;

internal sealed class EvolutionGatewayLine(TestNumber number) : GatewayLine(number)
{
    private TaskCompletionSource? _echoes;
    private JsonObject? _last;

    private FakeInstance Fake => number.Fake;

    public override IReadOnlyList<Arrived> Arrived => [.. number.Gateway.Sent.All.Select(Read)];

    public override IReadOnlyList<RecordedRequest> Calls => number.Sends;

    public override string Key => number.Gateway.ApiKey;

    public override Answer Busy => Answer.Error(503, new JsonArray("Later"));

    public override (Answer, string) Final =>
        (Answer.NotOnWhatsApp(Person.Number(1).Phone), "not_on_whatsapp");

    public override string? QuoteOf(RecordedRequest call) =>
        call.Body!["quoted"]?["key"]?["id"]?.GetValue<string>();

    public override void ReportEach(params IReadOnlyList<string> statuses) =>
        number.Gateway.Echo = new() { Receipts = [.. statuses.Select(Word)] };

    public override void Next(Reply reply) => number.Gateway.Script.Next(reply);

    public override void RefuseKey() =>
        number.Gateway.Script.Always(_ => true, Reply.Refused(Answer.Unauthorized));

    public override void ClearScript() => number.Gateway.Script.Clear();

    public override void KeepSilent()
    {
        _echoes = new(TaskCreationOptions.RunContinuationsAsynchronously);
        number.Gateway.Echo = new() { Signal = _echoes.Task };
    }

    public override Task ConfirmAsync(CancellationToken ct)
    {
        _echoes!.SetResult();
        return Task.CompletedTask;
    }

    public override Task StopAsync() => number.Gateway.StopListeningAsync();

    public override Task ListenAsync() => number.Gateway.ListenAsync();

    public override async Task<string> SayAsync(Person person, Said said, CancellationToken ct)
    {
        var id = WhatsAppId.New();
        if (said is Said.File file)
            number.Gateway.Media[id] = new FakeMedium(file.MimeType, file.Bytes);
        await PostAsync(
            new TextMessage(Fake.Number, person, (said as Said.Words)?.Text ?? "")
            {
                Id = id,
                SentAt = number.Now,
                Message = MessageOf(said),
                ContextInfo = said switch
                {
                    Said.Words { Answers: { } waId } words => MessageKinds.Quoting(
                        waId,
                        words.AnswersOurs ? Fake.Number.Owner : person,
                        "…"
                    ),
                    Said.Words { IsForwarded: true } => MessageKinds.Forwarded(),
                    _ => null,
                },
            }.ToEnvelope()
        );
        return id;
    }

    public override Task RepeatAsync(CancellationToken ct) => PostAsync(_last!);

    public override Task TypeAsync(Person to, string waId, string text, CancellationToken ct) =>
        PostAsync(
            new TextMessage(Fake.Number, to, text)
            {
                FromMe = true,
                Id = waId,
                SentAt = number.Now,
            }.ToEnvelope()
        );

    public override Task ReactAsync(
        Person person,
        Message to,
        string? emoji,
        DateTimeOffset at,
        CancellationToken ct
    ) =>
        PostAsync(
            new TextMessage(Fake.Number, person, "")
            {
                SentAt = at,
                Message = MessageKinds.Reaction(KeyOf(person, to), emoji ?? "", at),
            }.ToEnvelope()
        );

    public override Task EditAsync(Person person, Message own, string text, CancellationToken ct) =>
        PostAsync(
            Fake.Number.Envelope(
                "messages.edited",
                MessageKinds.Edit(KeyOf(person, own), text, number.Now, byNumber: false),
                number.Now
            )
        );

    public override Task RevokeAsync(Person person, Message own, CancellationToken ct) =>
        PostAsync(
            Fake.Number.Envelope(
                "messages.edited",
                MessageKinds.Revoke(KeyOf(person, own), byNumber: false),
                number.Now
            )
        );

    public override Task ReportAsync(
        string waId,
        Person person,
        string status,
        CancellationToken ct
    ) =>
        PostAsync(
            new StatusUpdate(Fake.Number, waId, Word(status))
            {
                RemoteJid = person.PhoneJid,
                At = number.Now,
            }.ToEnvelope()
        );

    public override Task WaitUntilReadAsync(string waId, CancellationToken ct) =>
        number.Gateway.Read.WaitAsync(id => id == waId, ct);

    public override Task WaitUntilTypingAsync(CancellationToken ct) =>
        number.Gateway.Requests.WaitAsync(
            request => request.Path.StartsWith("/chat/sendPresence/", StringComparison.Ordinal),
            ct
        );

    public override async Task<IReadOnlyList<string>> WaitForReactionsAsync(
        int count,
        CancellationToken ct
    ) =>
        [
            .. (await number.Gateway.Requests.WaitAsync(count, IsReaction, ct)).Select(request =>
                request.Body!["reaction"]!.GetValue<string>()
            ),
        ];

    public override ValueTask DisposeAsync() => number.DisposeAsync();

    private static bool IsReaction(RecordedRequest request) =>
        request.Path.StartsWith("/message/sendReaction/", StringComparison.Ordinal);

    private static Arrived Read(SentMessage sent) =>
        new(
            sent.Id,
            sent.File is { } file
                ? file.IsVoice
                    ? "voice"
                    : file.Kind
                : sent.Content?.First().Key switch
                {
                    "locationMessage" => "location",
                    "contactMessage" => "contacts",
                    _ => "text",
                },
            sent.Content is null && sent.Text.Length > 0 ? sent.Text : null,
            sent.File?.Sha256
        );

    private static JsonObject? MessageOf(Said said) =>
        said switch
        {
            Said.File file => (
                file.Kind switch
                {
                    "image" => MessageKinds.Image(file.Caption),
                    "voice" => MessageKinds.VoiceNote(),
                    _ => MessageKinds.Document(file.Caption),
                }
            ).Hashed(SHA256.HashData(file.Bytes), file.Bytes.Length),
            Said.Place => MessageKinds.Location(),
            Said.Card => MessageKinds.Contact(),
            Said.Button => MessageKinds.ButtonReply(),
            Said.Unheard => MessageKinds.Unknown(),
            _ => null,
        };

    private JsonObject KeyOf(Person person, Message message) =>
        new TextMessage(Fake.Number, person, "")
        {
            Id = message.WaId!,
            FromMe = message.Direction == "out",
        }.Key;

    private static string Word(string status) =>
        status switch
        {
            "sent" => WhatsAppStatus.ServerAck,
            "delivered" => WhatsAppStatus.DeliveryAck,
            "read" => WhatsAppStatus.Read,
            "played" => WhatsAppStatus.Played,
            _ => WhatsAppStatus.Error,
        };

    private async Task PostAsync(JsonObject envelope)
    {
        _last = envelope;
        var delivery = await Fake.PostAsync(envelope);
        Assert.True(delivery.Accepted, delivery.ToString());
    }
}
