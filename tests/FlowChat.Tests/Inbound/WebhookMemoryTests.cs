using FlowChat.Testing.Api;
using FlowChat.Testing.Servers;

namespace FlowChat.Tests.Inbound;

/// <summary>In a process of its own: in this one every test beside it would count.</summary>
public sealed class WebhookMemoryTests(SharedPostgres postgres)
{
    private const string ApiKey = "fck_tests_0123456789abcdef";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bodies_that_are_refused_cost_no_memory()
    {
        await using var flowChat = await FlowChatProcess.StartAsync(
            new Dictionary<string, string>
            {
                ["DATABASE_URL"] = await postgres.CreateDatabaseAsync(),
                ["FLOWCHAT_DATA"] = Directory.CreateTempSubdirectory("flowchat-test-").FullName,
                ["FLOWCHAT_ADMIN_API_KEY"] = ApiKey,
                ["FLOWCHAT_WEBHOOK_MAX_MB"] = "32",
                ["FLOWCHAT_WEBHOOK_MEMORY_MB"] = "64",
                // 320 MB of live objects and garbage. With 224 MB a few of these requests find no memory now and then.
                ["DOTNET_GCHeapHardLimit"] = "0x14000000",
            },
            Ct,
            "serve"
        );
        using var client = new FlowChatClient(flowChat.BaseUrl, ApiKey);
        var instance = await client.CreateEvolutionInstanceAsync(
            "Loja",
            new("http://127.0.0.1:9"),
            "key",
            "loja",
            Ct
        );
        var idle = flowChat.PeakMegabytes;
        for (var i = 0; i < 40; i++)
        {
            await using var announced = await RawWebhook.BeginAsync(
                flowChat.BaseUrl,
                instance,
                length: 1 << 30,
                Ct
            );
            Assert.StartsWith(
                "HTTP/1.1 413 ",
                await announced.ReadHeadAsync(Ct),
                StringComparison.Ordinal
            );
        }
        Assert.InRange(flowChat.PeakMegabytes - idle, 0, 32);

        var peaks = new List<int>();
        for (var round = 0; round < 5; round++)
        {
            var statuses = await Task.WhenAll(
                Enumerable.Range(0, 32).Select(_ => FloodAsync(flowChat.BaseUrl, instance))
            );
            Assert.All(statuses, status => Assert.True(status is "413" or "503", status));
            peaks.Add(flowChat.PeakMegabytes - idle);
        }
        // 5 GB came, and the heap's limit was enough for it: what is beside the heap may not grow with them either.
        Assert.True(peaks[^1] < 352, string.Join(' ', peaks));
    }

    private static async Task<string> FloodAsync(Uri server, Instance instance)
    {
        await using var webhook = await RawWebhook.BeginAsync(server, instance, length: null, Ct);
        var flood = webhook.FloodAsync(Ct);
        var head = await webhook.ReadHeadAsync(Ct);
        await webhook.DisposeAsync();
        await Task.WhenAny(flood);
        return head.Split(' ')[1];
    }
}
