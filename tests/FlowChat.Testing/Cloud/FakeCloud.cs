using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using FlowChat.Testing.Cloud.Payloads;
using FlowChat.Testing.Evolution;

namespace FlowChat.Testing.Cloud;

/// <summary>Meta's Graph API on a loopback port, as far as WhatsApp needs it: every request recorded, and a script of what goes wrong next.</summary>
public sealed class FakeCloud : IAsyncDisposable
{
    public const string Version = "v24.0";

    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentDictionary<string, CloudNumber> numbers = new(
        StringComparer.Ordinal
    );
    private readonly LoopbackApp app;

    private FakeCloud(TimeProvider time, int port)
    {
        app = new(port, routes => routes.MapGraph(this));
        Time = time;
        Webhooks = new CloudWebhooks(time, stopping.Token);
    }

    public string Token { get; init; } = "EAAfake-token";

    public string AppSecret { get; init; } = "0123456789abcdef0123456789abcdef";

    public string AccountId { get; init; } = "102290129340398";

    public int Port => app.Port;

    /// <summary>With the version, as a number's base_url has it.</summary>
    public Uri BaseUrl => new($"http://127.0.0.1:{Port}/{Version}");

    public SignalledLog<RecordedRequest> Requests { get; } = new();

    /// <summary>What a person's phone would show, whatever the caller was told.</summary>
    public SignalledLog<CloudSent> Sent { get; } = new();

    /// <summary>Files, by Meta's id: those of webhooks, and those that were uploaded.</summary>
    public ConcurrentDictionary<string, CloudFile> Files { get; } = new(StringComparer.Ordinal);

    public JsonArray Templates { get; } = [];

    public ReplyScript Script { get; } = new();

    public CloudWebhooks Webhooks { get; }

    /// <summary>Statuses that follow each send by themselves.</summary>
    public IReadOnlyList<string> Receipts { get; set; } = [];

    /// <summary>Of GET /{phone_number_id}.</summary>
    public JsonObject Health { get; set; } = new() { ["can_send_message"] = "AVAILABLE" };

    /// <summary>Where a file is, in place of the fake's own address.</summary>
    public Func<string, Uri>? FileUrl { get; set; }

    internal TimeProvider Time { get; }

    public static async Task<FakeCloud> StartAsync(int port = 0, TimeProvider? time = null)
    {
        var fake = new FakeCloud(time ?? TimeProvider.System, port);
        await fake.ListenAsync();
        return fake;
    }

    public CloudNumber AddNumber(string phoneNumberId = "106540352242922")
    {
        var number = new CloudNumber(phoneNumberId, AccountId);
        numbers[phoneNumberId] = number;
        return number;
    }

    public CloudNumber? FindNumber(string phoneNumberId) =>
        numbers.GetValueOrDefault(phoneNumberId);

    /// <summary>As long as Meta's, and as telling.</summary>
    public static string NewId() => $"wamid.HBgN{Guid.CreateVersion7():N}A";

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

    internal RequestDelegate Route(Func<RecordedRequest, Task<Answer>> route) =>
        RequestPipeline.Route(Requests, Script, Time, Refusal, route, stopping.Token);

    private Answer? Refusal(RecordedRequest request) =>
        request.Headers.GetValueOrDefault("Authorization") == $"Bearer {Token}"
            ? null
            : GraphAnswer.TokenEnded;
}

/// <summary>A message that reached WhatsApp.</summary>
/// <param name="Number">Whose.</param>
/// <param name="To">A number, or a business-scoped id.</param>
/// <param name="Id">WhatsApp's.</param>
/// <param name="Body">As it was asked for.</param>
/// <param name="At">When.</param>
public sealed record CloudSent(
    CloudNumber Number,
    string To,
    string Id,
    JsonObject Body,
    DateTimeOffset At
)
{
    public string Type => Body["type"]!.GetValue<string>();

    public string? Text => Body["text"]?["body"]?.GetValue<string>();

    public string? CallbackData => Body["biz_opaque_callback_data"]?.GetValue<string>();
}

/// <summary>A file that Meta keeps; of an uploaded one only what it was.</summary>
public sealed record CloudFile(string MimeType, byte[] Bytes, SentFile? Uploaded = null);
