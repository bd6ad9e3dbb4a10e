using FlowChat.Testing.Servers;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>An agent whose way to the server can be cut; what isn't cut with it is the phones' way.</summary>
internal sealed class OfflineAgent : IAsyncDisposable
{
    private readonly FaultProxy _network;

    private OfflineAgent(AgentWindow window, FaultProxy network) =>
        (Window, _network) = (window, network);

    public AgentWindow Window { get; }

    /// <param name="inbox">Where.</param>
    /// <param name="email">Who.</param>
    /// <param name="script">Runs before the page's own, whenever it is loaded.</param>
    public static async Task<OfflineAgent> SignInAsync(
        Inbox inbox,
        string email = Inbox.Email,
        string? script = null
    )
    {
        var window = await inbox.SignInAsync(email: email);
        if (script is not null)
            await window.Page.AddInitScriptAsync(script);
        var agent = new OfflineAgent(window, FaultProxy.StartFor(inbox.FlowChat.BaseUrl));
        await agent.LoadAsync();
        await Expect(window.SearchBox).ToBeVisibleAsync();
        return agent;
    }

    /// <summary>Cookies know no ports: one is signed in there as well.</summary>
    public async Task LoadAsync() =>
        await Window.Page.GotoAsync($"http://127.0.0.1:{_network.Port}/");

    /// <summary>Another tab of the same browser, at the same place.</summary>
    public async Task<AgentWindow> OpenTabAsync()
    {
        var tab = new AgentWindow(await Window.Window.OpenTabAsync());
        await tab.Page.GotoAsync(Window.Page.Url);
        return tab;
    }

    public async Task GoOfflineAsync()
    {
        _network.Fault = NetworkFault.Refusing;
        _network.Cut();
        await Expect(Window.Page.GetByText("Reconectando…")).ToBeVisibleAsync();
    }

    public void GoOnline() => _network.Fault = NetworkFault.None;

    public async ValueTask DisposeAsync()
    {
        await Window.DisposeAsync();
        await _network.DisposeAsync();
    }
}
