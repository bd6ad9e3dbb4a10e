using FlowChat.Testing.Api;
using FlowChat.Testing.Servers;

namespace FlowChat.Tests.Messages;

/// <summary>kill -9 of workers while they send, and of the Redis that brings them their jobs.</summary>
public sealed class WorkersKilledUnderLoadTests(SharedPostgres postgres, ITestOutputHelper output)
{
    private const int Conversations = 12,
        Each = 15,
        Workers = 3;

    private static readonly int[] Kills = [15, 45, 75, 105, 135];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 180_000)]
    public async Task By_PostgreSQL_each_send_goes_out_once_and_in_order() =>
        await ProveAsync(new Dictionary<string, string>(), _ => Task.CompletedTask);

    [Fact(Timeout = 180_000)]
    public async Task By_Redis_each_send_goes_out_once_and_in_order()
    {
        await using var redis = new RedisServer(durable: true);
        await redis.StartAsync(Ct);

        await ProveAsync(
            new Dictionary<string, string> { ["CHAT_STREAM_REDIS_URL"] = redis.Url },
            kill =>
                kill switch
                {
                    1 => redis.AskAsync("FLUSHALL", Ct),
                    2 => redis.RestartAsync(Ct),
                    3 => redis.WipeAsync(Ct),
                    _ => Task.CompletedTask,
                }
        );
    }

    private async Task ProveAsync(Dictionary<string, string> settings, Func<int, Task> harm)
    {
        settings["DATABASE_URL"] = await postgres.CreateDatabaseAsync();
        settings["FLOWCHAT_MASTER_KEY"] = FlowChatServer.MasterKey;
        settings["CHAT_STREAM_RECLAIM_IDLE_MS"] = "1000";
        await using var server = await FlowChatServer.StartAsync(
            settings["DATABASE_URL"],
            settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value),
            workers: false
        );
        await using var number = await TestNumber.ConnectAsync(server, Ct);
        var workers = await Task.WhenAll(
            Enumerable
                .Range(0, Workers)
                .Select(_ => FlowChatProcess.StartWorkersAsync(settings, Ct))
        );

        var sends = SendAllAsync(number);
        for (var kill = 0; kill < Kills.Length; kill++)
        {
            await number.Gateway.Sent.WaitAsync(Kills[kill], _ => true, Ct);
            var worker = workers[kill % Workers];
            await worker.KillAsync(Ct);
            await harm(kill);
            await worker.StartAgainAsync(Ct);
        }
        var messages = await sends;
        var unknown = await SettleAllAsync(number, messages);
        foreach (var worker in workers)
            await worker.DisposeAsync();

        AssertOnceAndInOrder(number, messages, unknown);
    }

    private static async Task<IReadOnlyList<Message>> SendAllAsync(TestNumber number)
    {
        var messages = new List<Message>();
        var conversations = new List<Conversation>();
        for (var person = 1; person <= Conversations; person++)
            conversations.Add(await number.StartAsync(Ct, person));
        for (var n = 0; n < Each; n++)
            foreach (var (conversation, person) in conversations.Select((c, i) => (c, i)))
                messages.Add(await number.SendAsync(conversation, $"{person} {n}", Ct));
        return messages;
    }

    /// <summary>Those of which no echo tells hold their lane for a minute, which is over at once here.</summary>
    private static async Task<HashSet<string>> SettleAllAsync(
        TestNumber number,
        IReadOnlyList<Message> messages
    )
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (true)
        {
            var now = new List<Message>();
            foreach (var conversation in messages.Select(m => m.ConversationId).Distinct())
                now.AddRange(await number.ThreadAsync(conversation, Ct));
            var open = now.Where(m => m.Status is not ("sent" or "delivered" or "read")).ToList();
            if (
                open.TrueForAll(m => m.Status == "unknown")
                && (await number.JobsAsync("send_message")).Count == 0
            )
                return [.. open.Select(m => m.Text!)];
            foreach (var message in open.Where(m => m.Status == "unknown"))
                await number.EndHoldAsync(message);
            await timer.WaitForNextTickAsync(Ct);
        }
    }

    private void AssertOnceAndInOrder(
        TestNumber number,
        IReadOnlyList<Message> messages,
        HashSet<string> unknown
    )
    {
        var sent = number.Gateway.Sent.All;
        var texts = sent.Select(send => send.Text).ToList();
        var lost = messages.Count(m => !texts.Contains(m.Text!) && !unknown.Contains(m.Text!));
        var duplicated = texts.Count - texts.Distinct(StringComparer.Ordinal).Count();
        var unexpected = texts.Except(messages.Select(m => m.Text!)).Count();
        var unordered = sent.GroupBy(send => send.RemoteJid)
            .Count(thread =>
            {
                var order = thread
                    .Select(send => int.Parse(send.Text.Split(' ')[1], null))
                    .ToList();
                return !order.SequenceEqual(order.Order());
            });
        output.WriteLine(
            $"attempted {messages.Count}, sent {texts.Count}, unknown {unknown.Count}, lost {lost}, duplicated {duplicated}, unexpected {unexpected}, out of order {unordered}, killed {Kills.Length} times"
        );
        Assert.Equal((0, 0, 0, 0), (lost, duplicated, unexpected, unordered));
        // A kill leaves at most the one call of the number in doubt.
        Assert.InRange(unknown.Count, 0, Kills.Length);
        Assert.InRange(texts.Count, messages.Count - Kills.Length, messages.Count);
    }
}
