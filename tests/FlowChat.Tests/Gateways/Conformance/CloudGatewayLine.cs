using System.Text.Json.Nodes;
using FlowChat.Testing.Api;
using FlowChat.Testing.Cloud;
using FlowChat.Testing.Cloud.Payloads;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Tests.Cloud;

namespace FlowChat.Tests.Gateways.Conformance;

internal sealed class CloudGatewayLine(CloudLine line) : GatewayLine(line)
{
    private JsonObject? _last;

    public override IReadOnlyList<Arrived> Arrived =>
        [.. line.Meta.Sent.All.Where(sent => sent.Type != "reaction").Select(Read)];

    public override IReadOnlyList<RecordedRequest> Calls => line.Sends;

    public override string Key => line.Meta.Token;

    public override Answer Busy => GraphAnswer.Error(503, 131016, "Service overloaded", "Later");

    public override (Answer, string) Final =>
        (GraphAnswer.Error(400, 131026, "Undeliverable", "Nobody has it"), "undeliverable");

    public override string? QuoteOf(RecordedRequest call) =>
        call.Body!["context"]?["message_id"]?.GetValue<string>();

    public override void ReportEach(params IReadOnlyList<string> statuses) =>
        line.Meta.Receipts = statuses;

    public override void Next(Reply reply) => line.Meta.Script.Next(reply);

    public override void RefuseKey() =>
        line.Meta.Script.Always(_ => true, Reply.Refused(GraphAnswer.TokenEnded));

    public override void ClearScript() => line.Meta.Script.Clear();

    public override void KeepSilent() => line.Meta.Receipts = [];

    public override async Task ConfirmAsync(CancellationToken ct)
    {
        foreach (var sent in line.Meta.Sent.All)
            await line.PostAsync(
                line.Number.Status(
                    CloudStatus.Of(sent.Id, "sent", line.Now, sent.To, sent.CallbackData)
                ),
                ct
            );
    }

    public override Task StopAsync() => line.Meta.StopListeningAsync();

    public override Task ListenAsync() => line.Meta.ListenAsync();

    public override async Task<string> SayAsync(Person person, Said said, CancellationToken ct)
    {
        var id = FakeCloud.NewId();
        await PostAsync(line.Number.Message(person, Message(said, person).At(id, line.Now)), ct);
        return id;
    }

    public override Task RepeatAsync(CancellationToken ct) => PostAsync(_last!, ct);

    public override Task TypeAsync(Person to, string waId, string text, CancellationToken ct) =>
        PostAsync(
            line.Number.Body(
                line.Number.Change(
                    echoes: [CloudMessages.To(to, CloudMessages.Text(text).At(waId, line.Now))]
                )
            ),
            ct
        );

    public override Task ReactAsync(
        Person person,
        Message to,
        string? emoji,
        DateTimeOffset at,
        CancellationToken ct
    ) => ChangeAsync(person, CloudMessages.Reaction(to.WaId!, emoji), at, ct);

    public override Task EditAsync(Person person, Message own, string text, CancellationToken ct) =>
        ChangeAsync(person, CloudMessages.Edit(own.WaId!, text), line.Now, ct);

    public override Task RevokeAsync(Person person, Message own, CancellationToken ct) =>
        ChangeAsync(person, CloudMessages.Revoke(own.WaId!), line.Now, ct);

    public override Task ReportAsync(
        string waId,
        Person person,
        string status,
        CancellationToken ct
    )
    {
        var told = CloudStatus.Of(waId, status, line.Now, person.Phone);
        return PostAsync(
            line.Number.Status(status == "failed" ? told.Failed(131026, "Nobody has it") : told),
            ct
        );
    }

    public override Task WaitUntilReadAsync(string waId, CancellationToken ct) =>
        line.Meta.Requests.WaitAsync(request => Marks(request, waId), ct);

    public override Task WaitUntilTypingAsync(CancellationToken ct) =>
        line.Meta.Requests.WaitAsync(request => request.Body?["typing_indicator"] is not null, ct);

    public override async Task<IReadOnlyList<string>> WaitForReactionsAsync(
        int count,
        CancellationToken ct
    ) =>
        [
            .. (await line.Meta.Sent.WaitAsync(count, sent => sent.Type == "reaction", ct)).Select(
                sent => sent.Body["reaction"]!["emoji"]!.GetValue<string>()
            ),
        ];

    public override ValueTask DisposeAsync() => line.DisposeAsync();

    private static bool Marks(RecordedRequest request, string waId) =>
        request.Body?["status"]?.GetValue<string>() == "read"
        && request.Body["message_id"]!.GetValue<string>() == waId;

    private Arrived Read(CloudSent sent)
    {
        var content = sent.Body[sent.Type];
        var file = sent.Type is "image" or "video" or "audio" or "document" or "sticker"
            ? line.Meta.Files[content!["id"]!.GetValue<string>()].Uploaded
            : null;
        var isVoice = file is not null && content!["voice"]?.GetValue<bool>() == true;
        return new(
            sent.Id,
            isVoice ? "voice" : sent.Type,
            sent.Text ?? (file is null ? null : content!["caption"]?.GetValue<string>()),
            file?.Sha256
        );
    }

    private JsonObject Message(Said said, Person person)
    {
        switch (said)
        {
            case Said.Words { Answers: { } waId } words:
                var author = words.AnswersOurs ? line.Number.Digits : person.Phone;
                return CloudMessages.Text(words.Text).Answering(author, waId);
            case Said.Words { IsForwarded: true } words:
                return CloudMessages.Text(words.Text).Forwarded();
            case Said.Words words:
                return CloudMessages.Text(words.Text);
            case Said.File file:
                var id = $"{Random.Shared.NextInt64(1_000_000_000_000)}";
                line.Meta.Files[id] = new(file.MimeType, file.Bytes);
                return CloudMessages.Media(
                    file.Kind == "voice" ? "audio" : file.Kind,
                    id,
                    file.MimeType,
                    file.Caption,
                    voice: file.Kind == "voice"
                );
            case Said.Place:
                return CloudMessages.Place(-23.5613, -46.6565, "MASP");
            case Said.Card:
                return CloudMessages.Card("Bruno Carvalho", "+55 21 99876-5432");
            case Said.Button:
                return CloudMessages.ButtonReply("yes", "Sim");
            default:
                return CloudMessages.Text("Amanhã").With("type", "hologram");
        }
    }

    private Task<WebhookAnswer> ChangeAsync(
        Person person,
        JsonObject change,
        DateTimeOffset at,
        CancellationToken ct
    ) => PostAsync(line.Number.Message(person, change.At(FakeCloud.NewId(), at)), ct);

    private Task<WebhookAnswer> PostAsync(JsonObject body, CancellationToken ct)
    {
        _last = body;
        return line.PostAsync(body, ct);
    }
}
