using System.Net;
using FlowChat.Storage;
using FlowChat.Testing.Api;
using FlowChat.Testing.Servers;
using FlowChat.Tests.Operations.Metrics;
using Npgsql;

namespace FlowChat.Tests.Commands;

/// <summary>Workers as processes of their own, beside an inbox that has none.</summary>
public sealed class WorkerCommandTests(SendingFlowChat.WithoutWorkers inbox)
    : IClassFixture<SendingFlowChat.WithoutWorkers>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Several_share_the_work_each_worker_under_a_name_of_its_own()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        await using var first = await FlowChatProcess.StartWorkersAsync(
            inbox.Settings,
            Ct,
            "--send-workers",
            "3",
            "--mark-workers",
            "2"
        );
        await using var second = await FlowChatProcess.StartWorkersAsync(
            inbox.Settings,
            Ct,
            "--queues",
            "mark_as_read"
        );

        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);
        await number.WaitAsync(message, "sent", Ct);

        var workers = await WorkersAsync(first.Process.Id);
        Assert.Equal(
            (3, 2),
            (workers.Count(w => w == "send_message"), workers.Count(w => w == "mark_as_read"))
        );
        Assert.Equal(["mark_as_read", "mark_as_read"], await WorkersAsync(second.Process.Id));
        Assert.Equal(0, await first.StopAsync(Ct));
        Assert.Empty(await WorkersAsync(first.Process.Id));
        Assert.Equal(2, (await WorkersAsync(second.Process.Id)).Count);
    }

    [Fact(Timeout = 120_000)]
    public async Task One_that_stops_while_it_reports_leaves_no_worker_behind()
    {
        await using var worker = await FlowChatProcess.StartWorkersAsync(inbox.Settings, Ct);
        while ((await WorkersAsync(worker.Process.Id)).Count == 0)
            await Task.Yield();
        var system = inbox.Server.Get<Database>().System;
        await using var connection = await system.OpenConnectionAsync(Ct);
        await using var held = await connection.BeginTransactionAsync(Ct);
        await using var hold = new NpgsqlCommand("lock table queue_workers", connection);
        await hold.ExecuteNonQueryAsync(Ct);

        var report = await ReportsAsync(reports => reports.Count > 0);
        var stopping = worker.StopAsync(Ct);
        await ReportsAsync(last => stopping.IsCompleted || last.Except(report).Any());
        await held.RollbackAsync(Ct);

        Assert.Equal(0, await stopping);
        Assert.Empty(await WorkersAsync(worker.Process.Id));

        async Task<List<string>> ReportsAsync(Predicate<List<string>> enough)
        {
            List<string> waiting;
            do waiting = await StringsAsync(
                "select waitstart::text from pg_locks where waitstart is not null and relation = 'queue_workers'::regclass"
            );
            while (!enough(waiting));
            return waiting;
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task A_worker_is_scraped_at_the_metrics_address_and_has_nothing_else_there()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        await using var worker = await FlowChatProcess.StartWorkersAsync(
            new Dictionary<string, string>(inbox.Settings)
            {
                ["FLOWCHAT_METRICS_BIND"] = "127.0.0.1:0",
            },
            Ct
        );
        var said = worker.Process.Output.All.Single(line => line.Contains("Metrics"));
        using var http = new HttpClient { BaseAddress = new Uri(said.Split()[^1]) };
        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);
        await number.WaitAsync(message, "sent", Ct);

        // The handler's last commit is seen before its run is measured.
        Scrape scrape;
        do scrape = Scrape.Parse(await http.GetStringAsync("/metrics", Ct));
        while (!scrape.Samples.Any(IsSend));
        using var other = await http.GetAsync("/health", Ct);

        Assert.Equal(1, scrape.Samples["flowchat_database_up"]);
        Assert.True(scrape.Samples["flowchat_queue_workers{queue=\"send_message\"}"] >= 3);
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);

        static bool IsSend(KeyValuePair<string, double> sample) =>
            sample.Key.StartsWith(
                "messaging_process_duration_seconds_count",
                StringComparison.Ordinal
            )
            && sample.Key.Contains("send_message", StringComparison.Ordinal)
            && sample.Value >= 1;
    }

    [Fact(Timeout = 120_000)]
    public async Task A_worker_attaches_to_the_embedded_database_of_a_server()
    {
        var data = Directory.CreateDirectory($"/tmp/flowchat-test-{Path.GetRandomFileName()}");
        try
        {
            var settings = new Dictionary<string, string>
            {
                ["FLOWCHAT_DATA"] = data.FullName,
                ["FLOWCHAT_POSTGRES"] = global::FlowChat.Testing.Checkout.PostgresFolder(),
                ["FLOWCHAT_ADMIN_API_KEY"] = "fck_tests_0123456789abcdef",
            };
            await using var server = await FlowChatProcess.StartAsync(
                settings,
                Ct,
                "serve",
                "--no-workers"
            );
            await using var worker = await FlowChatProcess.StartWorkersAsync(settings, Ct);
            using var client = new FlowChatClient(
                server.BaseUrl,
                settings["FLOWCHAT_ADMIN_API_KEY"]
            );
            var instances = await client.GetAsync<Page<Instance>>("/api/instances", Ct);
            var conversation = await client.PostAsync<Conversation>(
                "/api/conversations",
                new { InstanceId = instances.Items[0].Id, Phone = "+55 11 98765-4321" },
                Ct
            );
            var message = await client.SendAsync(conversation.Id, "one", "Olá", Ct);

            await foreach (var live in client.LiveAsync(0, Ct))
                if (live.Message is { Status: "sent" } sent && sent.Id == message.Id)
                    break;

            Assert.Equal(0, await worker.StopAsync(Ct));
            Assert.Equal(0, await server.StopAsync(Ct));
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData("--queues", "nonsense")]
    [InlineData("--send-workers", "-1")]
    [InlineData("--queues", "send_message", "--send-workers", "0")]
    public async Task A_wish_that_cannot_be_met_ends_with_an_error(params string[] options)
    {
        await using var worker = ChildProcess.Start(
            FlowChatProcess.Program,
            ["worker", .. options],
            inbox.Settings
        );

        Assert.Equal(1, await worker.WaitForExitAsync(Ct));
    }

    /// <summary>The queues of a process's workers, as it reported them.</summary>
    private Task<List<string>> WorkersAsync(int process) =>
        StringsAsync(
            "select queue from queue_workers where name like $1 order by name",
            $"worker-{Environment.MachineName}-{process}-%"
        );

    private async Task<List<string>> StringsAsync(string sql, params string[] values)
    {
        await using var command = inbox.Server.Get<Database>().System.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = value });
        await using var row = await command.ExecuteReaderAsync(Ct);
        var strings = new List<string>();
        while (await row.ReadAsync(Ct))
            strings.Add(row.GetString(0));
        return strings;
    }
}
