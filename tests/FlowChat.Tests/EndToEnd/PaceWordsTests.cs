using FlowChat.Testing.Cloud;
using FlowChat.Testing.Cloud.Payloads;
using FlowChat.Testing.Evolution.Payloads;
using Npgsql;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>A message that WhatsApp's rates hold says that they do.</summary>
public sealed class PaceWordsTests(Inbox inbox) : IClassFixture<Inbox>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 180_000)]
    public async Task The_first_that_waits_says_why_in_both_languages_until_it_is_sent()
    {
        await using var meta = await FakeCloud.StartAsync();
        var number = await inbox.AddAsync(meta, "106540352242931", meta.Token);
        var lia = new Person("5511987650013", "1013", "Lia Muitas");
        await meta.HearAsync(number, lia, CloudMessages.Text("Manda tudo"));
        await using var agent = await inbox.SignInAsync();
        await agent.OpenAsync(lia.Name);
        // Longer than any test: what Meta lends to a pair is long used up.
        await ExecuteAsync("update conversations set paced_until = now() + interval '1 hour'");

        await agent.WriteAsync("Primeira");
        await agent.WriteAsync("Segunda");

        await Expect(agent.Bubble("Primeira"))
            .ToContainTextAsync("o WhatsApp limita mensagens seguidas à mesma pessoa");
        await agent.SeesAsync("Primeira", "queued");
        await Expect(agent.Bubble("Segunda")).Not.ToContainTextAsync("limita");
        await agent.ShowAsync("paced");
        await agent.SpeakEnglishAsync();
        await Expect(agent.Bubble("Primeira"))
            .ToContainTextAsync("WhatsApp limits messages in a row to one person");
        await agent.ShowAsync("paced-english");
        await ExecuteAsync("update conversations set paced_until = null");
        await ExecuteAsync("update jobs set due_at = now()");

        await agent.SeesAsync("Primeira", "sent");
        await agent.SeesAsync("Segunda", "sent");
        await Expect(agent.Bubble("Primeira")).Not.ToContainTextAsync("Waiting");
        agent.AssertQuiet();
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(inbox.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(
            $"set role flowchat_migrator; set search_path = flowchat; {sql}",
            connection
        );
        await command.ExecuteNonQueryAsync(Ct);
    }
}
