using System.Security.Cryptography;
using FlowChat.Testing.Samples;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>What an agent writes while the network is away.</summary>
public sealed class OfflineTests(Inbox inbox) : IClassFixture<Inbox>
{
    private const string WillBeSent = "Será enviada quando a conexão voltar";
    private const string IsNotKept = "Este navegador não a guarda";

    private readonly OfflineTalk talk = new(inbox);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task What_is_written_offline_outlives_the_page_and_leaves_once_and_in_order()
    {
        var ana = await talk.MeetAsync("Ana Lira");
        await using var agent = await talk.OpenAsync(ana);
        var window = agent.Window;
        await agent.GoOfflineAsync();

        await window.WriteAsync("Primeira");
        await window.SendPhotoAsync("Segunda, a foto");
        await window.WriteAsync("Terceira");
        foreach (var text in (string[])["Primeira", "Segunda, a foto", "Terceira"])
        {
            await window.SeesAsync(text, "queued");
            await Expect(window.Bubble(text)).ToContainTextAsync(WillBeSent);
        }
        await window.Window.ScreenshotAsync("offline-waiting-1440x900-light");
        // There is no page without a network, and what was written lives on without one.
        await Assert.ThrowsAsync<PlaywrightException>(() => window.Page.ReloadAsync());
        // Waiting for its navigation would fail as that does.
        await Expect(window.Page).ToHaveURLAsync("chrome-error://chromewebdata/");
        agent.GoOnline();
        await agent.LoadAsync();

        await window.OpenAsync(ana);
        await window.SeesAsync("Terceira", "sent");
        await talk.AssertSentAsync(ana, "Primeira", "Segunda, a foto", "Terceira");
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(Sample.Read(Sample.Photo))),
            talk.SentTo(ana)[1].File!.Sha256
        );
        await window.SaidAsync("Primeira", "Segunda, a foto", "Terceira");
        window.AssertQuiet();
    }

    [Fact(Timeout = 120_000)]
    public async Task What_meets_a_server_that_is_busy_is_not_overtaken()
    {
        var rui = await talk.MeetAsync("Rui Lira");
        await using var agent = await talk.OpenAsync(rui);
        var window = agent.Window;
        var refused = 0;
        await window.Page.RouteAsync(
            "**/messages",
            route =>
                Interlocked.Increment(ref refused) <= 3
                    ? route.FulfillAsync(new() { Status = 503 })
                    : route.ContinueAsync()
        );

        foreach (var text in (string[])["Uma", "Duas", "Três"])
            await window.WriteAsync(text);

        await window.SeesAsync("Três", "sent");
        await talk.AssertSentAsync(rui, "Uma", "Duas", "Três");
        await window.SaidAsync("Uma", "Duas", "Três");
    }

    [Theory(Timeout = 120_000)]
    [InlineData("throws", "throw new DOMException('no', 'SecurityError')")]
    [InlineData(
        "refuses",
        "const asked = new EventTarget(); setTimeout(() => asked.dispatchEvent(new Event('error'))); return asked"
    )]
    [InlineData("never answers", "return new EventTarget()")]
    public async Task A_browser_that_keeps_nothing_sends_and_says_what_a_reload_would_cost(
        string how,
        string open
    )
    {
        var lia = await talk.MeetAsync($"Lia {how}");
        await using var agent = await talk.OpenAsync(
            lia,
            script: $"IDBFactory.prototype.open = () => {{ {open} }}"
        );
        var window = agent.Window;
        await window.WriteAsync("Com rede");
        await window.SeesAsync("Com rede", "sent");
        await agent.GoOfflineAsync();

        await window.WriteAsync("Sem rede");
        await window.SendPhotoAsync("Foto sem rede");
        await Expect(window.Bubble("Foto sem rede")).ToContainTextAsync(IsNotKept);
        var asked = new TaskCompletionSource<string>();
        window.Page.Dialog += async (_, dialog) =>
        {
            asked.TrySetResult(dialog.Type);
            await dialog.DismissAsync();
        };
        await window.Page.EvaluateAsync("setTimeout(() => location.reload())");
        Assert.Equal("beforeunload", await asked.Task.WaitAsync(Ct));
        agent.GoOnline();

        await window.SeesAsync("Foto sem rede", "sent");
        await talk.AssertSentAsync(lia, "Com rede", "Sem rede", "Foto sem rede");
        await Expect(window.Bubble("rede")).ToHaveCountAsync(3);
        window.AssertQuiet();
    }
}
