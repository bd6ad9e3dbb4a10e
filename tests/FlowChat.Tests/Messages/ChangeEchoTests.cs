using System.Net.Http.Json;
using FlowChat.Testing.Evolution;
using Message = FlowChat.Testing.Api.Message;

namespace FlowChat.Tests.Messages;

/// <summary>A gateway tells also what was done from here to a message: early, late, twice and by its own clock.</summary>
public sealed class ChangeEchoTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Echoes =>
        new(
            from kind in (string[])["edit", "delete", "reaction"]
            from how in (string[])["before the answer", "late", "twice", "clock ahead", "both"]
            select (kind, how)
        );

    [Theory]
    [MemberData(nameof(Echoes))]
    public async Task An_agents_change_stands_once_and_stays_the_agents(string kind, string how)
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var conversation = await number.StartAsync(Ct);
        var message = await number.SendAsync(conversation, "Chego as 10", Ct);
        message = await number.WaitAsync(message, "sent", Ct);
        var late = new TaskCompletionSource();
        number.Gateway.Echo = new EchoPlan
        {
            TellsChanges = true,
            Copies = how is "twice" or "both" ? 2 : 1,
            BeforeAnswer = how is "before the answer" or "both",
            ClockAhead = how is "clock ahead" or "both" ? TimeSpan.FromSeconds(3) : TimeSpan.Zero,
            Signal = how == "late" ? late.Task : Task.CompletedTask,
        };

        await ChangeAsync(kind, message);
        await number.WaitAsync(
            live => live.Message is { Change: null } now && now.Id == message.Id && IsDone(now),
            Ct
        );
        late.SetResult();
        var told = kind switch
        {
            "edit" => "send.message.update",
            "delete" => "messages.delete",
            _ => "send.message",
        };
        var echoes = number.Gateway.Echo.Copies;
        // Of a send, its own echo came before.
        var others = kind == "reaction" ? 1 : 0;
        await number.Gateway.Webhooks.Deliveries.WaitAsync(
            echoes + others,
            delivery => delivery.Event == told && delivery.Accepted,
            Ct
        );

        var shown = await number.ReadAsync(message, Ct);
        Assert.Null(shown.Change);
        switch (kind)
        {
            case "edit":
                Assert.Equal("Chego às 10", shown.Text);
                Assert.Equal("Chego as 10", Assert.Single(shown.Edits).Text);
                break;
            case "delete":
                Assert.NotNull(shown.DeletedAt);
                break;
            default:
                var reaction = Assert.Single(shown.Reactions);
                Assert.Equal(("👍", "user"), (reaction.Emoji, reaction.By.Kind));
                break;
        }
        Assert.Single(number.Gateway.Changed.All);
        Assert.Single(await number.ThreadAsync(message.ConversationId, Ct));

        bool IsDone(Message now) =>
            kind switch
            {
                "edit" => now.EditedAt is not null,
                "delete" => now.DeletedAt is not null,
                _ => now.Reactions is [{ By.Kind: "user" }],
            };
    }

    private async Task ChangeAsync(string kind, Message message)
    {
        var (method, path, body) = kind switch
        {
            "edit" => (HttpMethod.Patch, "", (object)new { text = "Chego às 10" }),
            "delete" => (HttpMethod.Delete, "", new { }),
            _ => (HttpMethod.Put, "/reaction", new { emoji = "👍" }),
        };
        using var request = new HttpRequestMessage(method, $"/api/messages/{message.Id}{path}")
        {
            Content = kind == "delete" ? null : JsonContent.Create(body),
        };
        using var response = await flowChat.Server.Client.Http.SendAsync(request, Ct);
        response.EnsureSuccessStatusCode();
    }
}
