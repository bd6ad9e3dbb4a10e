using System.Diagnostics;
using FlowChat.Testing.Evolution;
using static FlowChat.Tests.EndToEnd.OpenThread;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>What the gateway hears of an agent who writes.</summary>
public sealed class TypingTests(OpenThread thread) : IClassFixture<OpenThread>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private FakeEvolution Gateway => thread.Inbox.Gateway;

    [Fact(Timeout = 90_000)]
    public async Task The_other_side_sees_that_somebody_types_and_not_at_every_key()
    {
        var agent = await thread.ShowAsync(Ana);
        var began = Stopwatch.GetTimestamp();

        await agent.Composer.PressSequentiallyAsync("Já vejo isso");

        var told = await Gateway.Requests.WaitAsync(IsTypingToAna, Ct);
        Assert.Equal("composing", told.Body!["presence"]!.GetValue<string>());
        // Every four seconds at most, however long this machine took.
        var most = 1 + (int)(Stopwatch.GetElapsedTime(began).TotalSeconds / 4);
        Assert.InRange(Gateway.Requests.All.Count(IsTypingToAna), 1, most);
        await agent.Composer.FillAsync("");
    }

    [Fact(Timeout = 90_000)]
    public async Task Who_empties_the_field_or_only_reads_types_nothing()
    {
        await thread.ShowAsync(Rui);
        var agent = await thread.ShowAsync(Lia);

        await agent.Composer.PressSequentiallyAsync("a");
        await Gateway.Requests.WaitAsync(one => IsTyping(one) && NumberOf(one) == Lia.PhoneJid, Ct);
        await agent.OpenAsync(Rui.Name);
        await agent.Composer.FillAsync("");
        await agent.OpenAsync(Lia.Name);
        await Expect(agent.Composer).ToHaveValueAsync("a");
        await agent.WriteAsync("Até já");

        await agent.SeesAsync("Até já", "sent");
        Assert.DoesNotContain(
            Gateway.Requests.All,
            one => IsTyping(one) && NumberOf(one) == Rui.PhoneJid
        );
    }

    private static bool IsTyping(RecordedRequest request) =>
        request.Path.StartsWith("/chat/sendPresence/", StringComparison.Ordinal);

    private static bool IsTypingToAna(RecordedRequest request) =>
        IsTyping(request) && NumberOf(request) == Ana.PhoneJid;

    private static string NumberOf(RecordedRequest request) =>
        request.Body!["number"]!.GetValue<string>();
}
