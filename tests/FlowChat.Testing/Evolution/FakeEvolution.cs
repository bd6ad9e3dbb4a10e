using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace FlowChat.Testing.Evolution;

/// <summary>
/// Evolution 2.3.7 on a loopback port, or 2.4 where <see cref="Version"/> says so: its contract with its oddities, every
/// request recorded, and a script of what goes wrong next.
/// </summary>
public sealed class FakeEvolution : IAsyncDisposable
{
    // A number keeps its gateway's address, and another of that address is refused: a free port may be one that was ours.
    private static readonly ConcurrentDictionary<int, bool> hadPorts = new();

    private readonly ConcurrentDictionary<string, FakeInstance> instances = new(
        StringComparer.Ordinal
    );
    private readonly CancellationTokenSource stopping = new();
    private readonly LoopbackApp app;

    private FakeEvolution(TimeProvider time, int port, IReadOnlyList<TimeSpan>? pauses)
    {
        app = new(port, Map);
        Time = time;
        Webhooks = pauses is null
            ? new WebhookSender(time, stopping.Token)
            : new WebhookSender(time, stopping.Token) { Pauses = pauses };
        Pictures = new FakePictures(this);
    }

    /// <summary>The global key: it opens every route.</summary>
    public string ApiKey { get; init; } = "fake-evolution-key";

    /// <summary>What it says of itself at <c>GET /</c>; from 2.4 on sends have the id that their caller gives. Null = it doesn't tell.</summary>
    public string? Version { get; set; } = "2.3.7";

    public int Port => app.Port;

    public Uri BaseUrl => new($"http://127.0.0.1:{Port}");

    /// <summary>Every request, refused ones too, in the order of arrival.</summary>
    public SignalledLog<RecordedRequest> Requests { get; } = new();

    /// <summary>What a contact's phone would show: the sends that took effect, whatever their caller was told.</summary>
    public SignalledLog<SentMessage> Sent { get; } = new();

    /// <summary>What was done to messages.</summary>
    public SignalledLog<SentChange> Changed { get; } = new();

    /// <summary>A request with a delay is answered that much later, as Evolution shows somebody typing meanwhile.</summary>
    public bool HoldsDelays { get; set; }

    /// <summary>How long a pairing code is shown, as WhatsApp has it. Infinite: only what a test posts comes after the first.</summary>
    public TimeSpan QrInterval { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>The ids of messages that their senders see as read.</summary>
    public SignalledLog<string> Read { get; } = new();

    /// <summary>What WhatsApp holds for getBase64FromMediaMessage and at <see cref="MediaUrl"/>, by message id.</summary>
    public ConcurrentDictionary<string, FakeMedium> Media { get; } = new(StringComparer.Ordinal);

    public FakePictures Pictures { get; }

    /// <summary>The JID that WhatsApp has for a number, where it isn't the number's own; null = nobody has it.</summary>
    public ConcurrentDictionary<string, string?> Numbers { get; } = new(StringComparer.Ordinal);

    public ReplyScript Script { get; } = new();

    public WebhookSender Webhooks { get; }

    /// <summary>How the webhooks after a send go out.</summary>
    public EchoPlan Echo { get; set; } = new();

    /// <summary>Given to each new instance, as the global webhook of Evolution's environment is.</summary>
    public WebhookTarget? DefaultWebhook { get; set; }

    /// <summary>The ids that WhatsApp has.</summary>
    internal ConcurrentDictionary<(string Instance, string Id), bool> Delivered { get; } = new();

    internal TimeProvider Time { get; }

    internal CancellationToken Stopping => stopping.Token;

    /// <param name="port">0 = a free one.</param>
    /// <param name="time">Dates what it tells.</param>
    /// <param name="pauses">Between the attempts of a webhook; see <see cref="WebhookSender.Pauses"/>.</param>
    public static async Task<FakeEvolution> StartAsync(
        int port = 0,
        TimeProvider? time = null,
        IReadOnlyList<TimeSpan>? pauses = null
    )
    {
        while (true)
        {
            var fake = new FakeEvolution(time ?? TimeProvider.System, port, pauses);
            await fake.ListenAsync();
            if (port > 0 || hadPorts.TryAdd(fake.Port, true))
                return fake;
            await fake.DisposeAsync();
        }
    }

    public FakeInstance AddInstance(string name, string state = "open", string? token = null)
    {
        var instance = new FakeInstance(this, name, token)
        {
            State = state,
            Webhook = DefaultWebhook,
        };
        return instances.TryAdd(name, instance)
            ? instance
            : throw new InvalidOperationException($"The instance {name} exists already.");
    }

    /// <summary>Where the gateway's own store hands a medium out.</summary>
    public Uri MediaUrl(string id) => new(BaseUrl, $"/minio/{id}");

    public FakeInstance? FindInstance(string name) => instances.GetValueOrDefault(name);

    /// <summary>The next send that matches, or one that came already.</summary>
    public Task<RecordedRequest> WaitForSendAsync(
        Func<RecordedRequest, bool> predicate,
        CancellationToken ct
    ) => Requests.WaitAsync(request => request.IsSend && predicate(request), ct);

    /// <summary>Listens, on the port of before if there was one.</summary>
    public Task ListenAsync() => app.ListenAsync();

    /// <summary>From here on connections are refused; open ones are aborted.</summary>
    public Task StopListeningAsync() => app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await StopListeningAsync();
        await Webhooks.DisposeAsync();
        stopping.Dispose();
    }

    internal bool Remove(FakeInstance instance) => instances.TryRemove(instance.Name, out _);

    internal async Task EchoAsync(SentMessage sent)
    {
        if (sent.Instance.Webhook is null)
            return;
        var plan = Echo;
        var posts = PostEchoAsync(sent, plan);
        Webhooks.Run(posts);
        if (plan.BeforeAnswer)
            await posts;
    }

    internal async Task EchoAsync(SentChange change)
    {
        var plan = Echo;
        if (change.Instance.Webhook is null || !plan.TellsChanges)
            return;
        var posts = PostEchoAsync(change, plan);
        Webhooks.Run(posts);
        if (plan.BeforeAnswer)
            await posts;
    }

    internal Task HoldAsync(RecordedRequest request) =>
        HoldsDelays && request.Body?["delay"]?.GetValue<int>() is > 0 and var milliseconds
            ? Task.Delay(TimeSpan.FromMilliseconds(milliseconds), Time, Stopping)
            : Task.CompletedTask;

    private async Task PostEchoAsync(SentChange change, EchoPlan plan)
    {
        await plan.Signal.WaitAsync(Stopping);
        for (var copy = 0; copy < plan.Copies; copy++)
            await change.Instance.PostAsync(change.ToEcho());
    }

    private async Task PostEchoAsync(SentMessage sent, EchoPlan plan)
    {
        await plan.Signal.WaitAsync(Stopping);
        for (var copy = 0; copy < plan.Copies; copy++)
            foreach (var name in plan.Events)
                await sent.Instance.PostAsync((sent.ToEcho() with { Event = name }).ToEnvelope());
        foreach (var status in plan.Receipts)
            await sent.Instance.ReportAsync(sent, status);
    }

    private void Map(WebApplication routes)
    {
        routes.MapVersion(this);
        routes.MapInstances(this);
        routes.MapMessages(this);
        routes.MapChats(this);
        routes.MapKinds(this);
        routes.MapChanges(this);
        routes.MapMedia(this);
        routes.MapGroups(this);
        routes.MapPeople(this);
        routes.MapFallback(this.Route(NoSuchRoute));
    }

    private static Task<Answer> NoSuchRoute(RecordedRequest request) =>
        Task.FromResult(
            Answer.Error(404, new JsonArray($"Cannot {request.Method} {request.Path}"))
        );
}
