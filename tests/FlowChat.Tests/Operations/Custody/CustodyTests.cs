using System.CommandLine;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FlowChat.Commands;
using FlowChat.Operations;
using FlowChat.Operations.Custody;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Tests.Media;
using FlowChat.Tests.Operations.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FlowChat.Tests.Operations.Custody;

/// <summary>Rows are taken out by hand, as no code of FlowChat does it: the sweep finds what is missing and brings it back.</summary>
public sealed class CustodyTests(SendingFlowChat inbox) : IClassFixture<SendingFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private CustodySweep Sweep =>
        inbox.Server.Services.GetServices<IHostedService>().OfType<CustodySweep>().Single();

    [Fact]
    public async Task Work_that_is_on_its_way_is_no_stray()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var hold = new TaskCompletionSource();
        var last = await HoldTwoAsync(number, hold.Task);

        var audit = await AuditAsync();

        Assert.Equal(0, audit.Exit);
        Assert.Empty(audit.Report["strays"]!.AsArray());
        var sends = audit.Report["queues"]!
            .AsArray()
            .Single(queue => queue!["queue"]!.GetValue<string>() == "send_message")!;
        Assert.Equal((1, 1), (Count(sends, "running"), Count(sends, "in_lane")));
        hold.SetResult();
        await number.WaitAsync(last, "sent", Ct);
    }

    [Fact]
    public async Task A_look_counts_all_jobs_by_where_they_are()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var hold = new TaskCompletionSource();
        var last = await HoldTwoAsync(number, hold.Task);

        await Sweep.RunOnceAsync(Ct);

        Assert.Equal(
            [
                ("waiting", 0),
                ("in_lane", 1),
                ("delayed", 0),
                ("parked", 0),
                ("running", 1),
                ("dead", 0),
            ],
            inbox
                .Server.Get<CustodyFigures>()
                .Last.Where(one => one.Queue == "send_message")
                .Select(one => (one.Place, (int)one.Count))
        );
        hold.SetResult();
        await number.WaitAsync(last, "sent", Ct);
    }

    [Fact]
    public async Task A_send_without_its_job_is_told_of_and_sent()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var hold = new TaskCompletionSource();
        number.Gateway.Script.Next(Reply.Normal.After(hold.Task));
        var conversation = await number.StartAsync(Ct);
        await number.SendAsync(conversation, "1", Ct);
        await number.Gateway.Requests.WaitAsync(request => request.IsSend, Ct);
        var lost = await number.SendAsync(conversation, "2", Ct);
        await number.ExecuteAsync("delete from jobs where id = @Id", new { lost.Id });

        var (exit, report) = await AuditAsync();
        hold.SetResult();
        await Sweep.RunOnceAsync(Ct);

        Assert.Equal(1, exit);
        var stray = Assert.Single(report["strays"]!.AsArray())!;
        Assert.Equal(
            ("queued_send", $"{lost.Id}"),
            (stray["kind"]!.GetValue<string>(), $"{stray["id"]}")
        );
        await number.WaitAsync(lost, "sent", Ct);
        Assert.Contains(inbox.Server.Get<Alarms>().Recent, alarm => alarm.Code == "strays");
        Assert.Equal(0, (await AuditAsync()).Exit);
    }

    [Fact]
    public async Task What_a_look_found_and_brought_back_is_counted_for_Prometheus()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var hold = new TaskCompletionSource();
        var lost = await HoldTwoAsync(number, hold.Task);
        await number.ExecuteAsync("delete from jobs where id = @Id", new { lost.Id });
        var before = await ScrapeAsync();

        await Sweep.RunOnceAsync(Ct);

        var after = await ScrapeAsync();
        string[] counted =
        [
            "flowchat_custody_sweeps_total",
            "flowchat_custody_strays_total{kind=\"queued_send\"}",
            "flowchat_custody_restored_total{kind=\"queued_send\"}",
        ];
        Assert.All(
            counted,
            name => Assert.True(after.Samples[name] > before.Samples.GetValueOrDefault(name), name)
        );
        Assert.Equal((1, 1, 0), (At("running"), At("in_lane"), At("waiting")));
        hold.SetResult();
        await number.WaitAsync(lost, "sent", Ct);

        double At(string place) =>
            after.Samples[$"flowchat_custody_jobs{{place=\"{place}\",queue=\"send_message\"}}"];
    }

    [Fact]
    public async Task A_change_without_its_job_is_brought()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        await number.Fake.ReceiveAsync(Person.Number(1), "Obrigada", "3EB0THANKS");
        var told = await number.WaitAsync(e => e.Message?.WaId == "3EB0THANKS", Ct);
        await number.Fake.ChangeStateAsync("close");
        await number.WaitAsync(e => e.Instance?.State == "close", Ct);
        using var asked = await inbox.Server.Client.Http.PutAsJsonAsync(
            $"/api/messages/{told.Message!.Id}/reaction",
            new { emoji = "❤️" },
            Ct
        );
        Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
        await number.ExecuteAsync("delete from jobs where queue = 'change_message'");

        var found = await inbox.Server.Get<CustodyLook>().FindAsync(inbox.TenantId, 10, Ct);
        await Sweep.RunOnceAsync(Ct);
        await number.Fake.ChangeStateAsync("open");

        Assert.Equal([Stray.QueuedChange], found.Select(stray => stray.Kind));
        await number.WaitAsync(
            e =>
                e.Message is { } message
                && message.Id == told.Message.Id
                && message.Reactions.Count == 1,
            Ct
        );
    }

    [Fact]
    public async Task A_medium_without_its_job_is_fetched()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var hold = new TaskCompletionSource();
        number.Gateway.Script.Next(request => request.IsFetch(), Reply.Normal.After(hold.Task));
        var id = await number.ReceiveAsync(MessageKinds.Image(), TestFile.Jpeg());
        await number.Gateway.Requests.WaitAsync(request => request.IsFetch(), Ct);
        await number.ExecuteAsync("delete from jobs where queue = 'process_incoming_media'");

        var found = await inbox.Server.Get<CustodyLook>().FindAsync(inbox.TenantId, 10, Ct);
        await Sweep.RunOnceAsync(Ct);
        hold.SetResult();

        Assert.Equal([Stray.PendingMedium], found.Select(stray => stray.Kind));
        await number.WaitUntilReadyAsync(id, Ct);
    }

    [Fact]
    public async Task A_lane_whose_first_job_waits_for_nobody_goes_on()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var hold = new TaskCompletionSource();
        number.Gateway.Script.Next(Reply.Normal.After(hold.Task));
        var conversation = await number.StartAsync(Ct);
        var first = await number.SendAsync(conversation, "1", Ct);
        await number.Gateway.Requests.WaitAsync(request => request.IsSend, Ct);
        var second = await number.SendAsync(conversation, "2", Ct);
        // It goes without letting the second go.
        await number.ExecuteAsync("delete from jobs where id = @Id", new { first.Id });

        var found = await inbox.Server.Get<CustodyLook>().FindAsync(inbox.TenantId, 10, Ct);
        await Sweep.RunOnceAsync(Ct);
        hold.SetResult();

        Assert.Equal([Stray.OpenSend, Stray.HeadlessLane], found.Select(stray => stray.Kind));
        await number.WaitAsync(second, "sent", Ct);
    }

    [Fact]
    public async Task An_audit_names_its_tenant()
    {
        var errors = new StringWriter();

        var exit = await RunAsync(new StringWriter(), errors, "--tenant", "nobody");

        Assert.Equal(2, exit);
        Assert.Equal(TenantChoice.Remedy, errors.ToString().Trim());
    }

    private Task<Scrape> ScrapeAsync() =>
        Scrape.ReadAsync(inbox.Server.Client.Http, "/metrics", Ct);

    private static int Count(JsonNode queue, string place) => queue[place]!.GetValue<int>();

    private async Task<(int Exit, JsonNode Report)> AuditAsync()
    {
        var output = new StringWriter();
        var exit = await RunAsync(output, new StringWriter(), "--json");
        return (exit, JsonNode.Parse(output.ToString())!);
    }

    private Task<int> RunAsync(TextWriter output, TextWriter errors, params string[] arguments) =>
        AuditCommand
            .Build(_ => Task.FromResult(inbox.Server.Services))
            .Parse(arguments)
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = errors }, Ct);

    /// <summary>One in its call until then, and one behind it, which is the answer.</summary>
    private static async Task<Message> HoldTwoAsync(TestNumber number, Task until)
    {
        number.Gateway.Script.Next(Reply.Normal.After(until));
        var conversation = await number.StartAsync(Ct);
        await number.SendAsync(conversation, "1", Ct);
        var last = await number.SendAsync(conversation, "2", Ct);
        await number.Gateway.Requests.WaitAsync(request => request.IsSend, Ct);
        return last;
    }
}
