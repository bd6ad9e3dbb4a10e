using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using FlowChat.Media.Incoming;
using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Testing.Servers;
using Group = FlowChat.Testing.Evolution.Payloads.Group;

namespace FlowChat.Tests.Media;

/// <summary>Where there is a RabbitMQ it carries the jobs of media, and nothing else.</summary>
public sealed class MediaCarrierTests(SharedPostgres postgres) : IAsyncLifetime
{
    private const int Files = 10;

    // The server counts what went through it every five seconds.
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    private readonly RabbitMqServer _rabbit = new(management: true);
    private readonly HttpClient _management = new();
    private FlowChatServer _server = null!;
    private TestNumber _number = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(RabbitMqServer.IsInstalled, RabbitMqServer.HowToInstall);
        await _rabbit.StartAsync(Ct);
        _management.BaseAddress = new($"http://127.0.0.1:{_rabbit.ManagementPort}/");
        _management.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes("guest:guest"))
        );
        _server = await FlowChatServer.StartAsync(
            await postgres.CreateDatabaseAsync(),
            new Dictionary<string, string?> { ["RABBITMQ_URL"] = _rabbit.Url },
            services => services.OnlyByEntries(ProcessMediaJob.Queue)
        );
        await _server.CarriedAsync(ProcessMediaJob.Queue);
        _number = await TestNumber.ConnectAsync(_server, Ct);
    }

    [Fact(Timeout = 180_000)]
    public async Task RabbitMQ_carries_process_incoming_media_and_no_other_queue()
    {
        // Jobs of the other queues: a send, a read receipt, a group's members, a picture of who wrote.
        var sent = await _number.SendAsync(await _number.StartAsync(Ct), "Olá", Ct);
        await _number.WaitAsync(sent, "sent", Ct);
        await _number.Fake.PostAsync(
            new TextMessage(_number.Fake.Number, Person.Ana, "Oi, gente")
            {
                Group = Group.Suppliers,
            }.ToEnvelope()
        );
        await _number.Gateway.Requests.WaitAsync(
            request => request.Path.StartsWith("/group/", StringComparison.Ordinal),
            Ct
        );
        var heard = await _number.WaitAsync(live => live.Message?.Text == "Oi, gente", Ct);
        using var read = await _server.Client.Http.PostAsync(
            $"/api/conversations/{heard.Conversation!.Id}/read",
            null,
            Ct
        );
        await _number.Gateway.Read.WaitAsync(_ => true, Ct);

        for (var i = 0; i < Files; i++)
        {
            var id = await _number.ReceiveAsync(MessageKinds.Image(), TestFile.Jpeg(seed: 500 + i));
            await _number.WaitUntilReadyAsync(id, Ct);
        }

        using var timer = new PeriodicTimer(Look);
        IReadOnlyDictionary<string, long> published;
        do
        {
            await timer.WaitForNextTickAsync(Ct);
            published = await PublishedAsync();
        } while (published.GetValueOrDefault(ProcessMediaJob.Queue) < Files);
        Assert.All(
            published.Keys,
            name => Assert.StartsWith(ProcessMediaJob.Queue, name, StringComparison.Ordinal)
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (_number is not null)
            await _number.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
        _management.Dispose();
        await _rabbit.DisposeAsync();
    }

    /// <summary>How many messages each of its queues has ever got.</summary>
    private async Task<IReadOnlyDictionary<string, long>> PublishedAsync()
    {
        var queues = await _management.GetFromJsonAsync<JsonArray>("api/queues", Ct);
        return queues!.ToDictionary(
            queue => (string)queue!["name"]!,
            queue => (long?)queue!["message_stats"]?["publish"] ?? 0,
            StringComparer.Ordinal
        );
    }
}
