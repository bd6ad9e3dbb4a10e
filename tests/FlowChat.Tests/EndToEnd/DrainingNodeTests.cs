using System.Net;
using System.Text.Json.Nodes;
using FlowChat.Testing.Browser;
using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Testing.Servers;

namespace FlowChat.Tests.EndToEnd;

/// <summary>The node that an agent's page is on stops, and another one is there.</summary>
public sealed class DrainingNodeTests(Inbox inbox) : IClassFixture<Inbox>
{
    private const string Watch = """
        window.neverReloaded = true;
        window.told = false;
        new MutationObserver(() => { window.told ||= document.body.innerText.includes("Reconectando"); })
          .observe(document.body, { childList: true, subtree: true, characterData: true });
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 180_000)]
    public async Task The_page_goes_on_at_another_and_the_agent_sees_nothing_of_it()
    {
        Assert.SkipWhen(Chromium.ExecutablePath is null, Chromium.HowToInstall);
        await using var leaving = await FlowChatProcess.StartAsync(
            new Dictionary<string, string>
            {
                ["DATABASE_URL"] = inbox.ConnectionString,
                ["FLOWCHAT_DATA"] = inbox.DataFolder,
                ["FLOWCHAT_DRAIN_WAIT_SECONDS"] = "1",
            },
            Ct
        );
        await using var balancer = FaultProxy.StartFor(leaving.BaseUrl);
        await using var chromium = await Chromium.LaunchAsync();
        var address = new Uri($"http://127.0.0.1:{balancer.Port}");
        await using var agent = new AgentWindow(await chromium.OpenAsync(address));
        await agent.SignInAsync(Inbox.Email, Inbox.Password);
        var caio = Person.Ana with { Name = "Caio Reis" };
        await inbox.Number.ReceiveAsync(caio, "Antes");
        await agent.OpenAsync(caio.Name);
        await agent.SeesAsync("Antes", "received");
        await agent.Page.EvaluateAsync(Watch);

        var stopping = leaving.StopAsync(Ct);
        await WaitUntilDrainingAsync(leaving);
        balancer.Target = new IPEndPoint(IPAddress.Loopback, inbox.FlowChat.BaseUrl.Port);
        Assert.Equal(0, await stopping);
        await inbox.Number.ReceiveAsync(caio, "Depois");

        await agent.SeesAsync("Depois", "received");
        await agent.WriteAsync("Resposta");
        await agent.SeesAsync("Resposta", "sent");
        Assert.False(await agent.Page.EvaluateAsync<bool>("window.told"));
        Assert.True(await agent.Page.EvaluateAsync<bool>("window.neverReloaded"));
        // Not even what browsers say of a lost server.
        Assert.DoesNotContain(
            agent.Window.Errors,
            error => error.StartsWith("WebSocket connection to", StringComparison.Ordinal)
        );
        agent.AssertQuiet();
    }

    private static async Task WaitUntilDrainingAsync(FlowChatProcess node)
    {
        using var http = new HttpClient { BaseAddress = node.BaseUrl };
        string status;
        do
        {
            using var ready = await http.GetAsync("/health/ready", Ct);
            status = JsonNode.Parse(await ready.Content.ReadAsStringAsync(Ct))![
                "status"
            ]!.GetValue<string>();
        } while (status != "draining");
    }
}
