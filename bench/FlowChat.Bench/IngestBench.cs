using FlowChat.Bench.Load;
using FlowChat.Bench.Peers;
using FlowChat.Bench.Results;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Bench;

/// <summary>Webhooks committed and answered, beside what Kestrel and PostgreSQL can do at all in the same minutes.</summary>
internal sealed class IngestBench(int rounds, TimeSpan duration, int connections, TimeProvider time)
{
    private const string FlatOut = "webhooks committed, flat out";
    private const string BareFlatOut = "bare Kestrel with JSON binding, flat out";
    private const string SingleRows = "rows by hand, single commits on 16 connections";

    private static readonly int[] Rates = [500, 2_000];
    private static readonly int[] Batches = [100, 500];

    public async Task<Report> RunAsync(CancellationToken ct)
    {
        var report = new Report("ingest", time);
        await using var flowChat = await BenchedFlowChat.StartAsync(time, ct);
        await using var rows = await HandWrittenRows.CreateAsync(
            flowChat.ConnectionString,
            time,
            ct
        );
        var (kestrel, kestrelPort) = await BareKestrel.StartAsync(ct);
        await using var peer = kestrel;

        var own = new Subject(
            flowChat.Port,
            flowChat.ProcessId,
            flowChat.PostmasterId,
            new Workload(flowChat.Routes, time)
        );
        var bare = new Subject(kestrelPort, kestrel.Id, null, new Workload([BareRoute()], time));
        await WarmUpAsync(flowChat, own, bare, ct);
        for (var round = 0; round < rounds; round++)
        {
            foreach (var rate in Rates)
            {
                report.Add($"webhooks committed, {rate}/s", await AtRateAsync(own, rate, ct));
                report.Add(
                    $"bare Kestrel with JSON binding, {rate}/s",
                    await AtRateAsync(bare, rate, ct)
                );
            }

            report.Add(FlatOut, await FlatOutAsync(own, ct));
            report.Add(BareFlatOut, await FlatOutAsync(bare, ct));
            report.Add(SingleRows, await RowsAsync(flowChat, rows, 16, 1, ct));
            foreach (var batch in Batches)
                report.Add(RowsIn(batch), await RowsAsync(flowChat, rows, 2, batch, ct));
        }

        report.AddRatio(FlatOut, BareFlatOut);
        report.AddRatio(FlatOut, SingleRows);
        foreach (var batch in Batches)
            report.AddRatio(FlatOut, RowsIn(batch));
        return report;
    }

    private async Task WarmUpAsync(
        BenchedFlowChat flowChat,
        Subject own,
        Subject bare,
        CancellationToken ct
    )
    {
        await FlatOutAsync(own, ct);
        await flowChat.AnalyzeAsync(ct);
        await FlatOutAsync(own, ct);
        await FlatOutAsync(bare, ct);
    }

    private Task<Figures> AtRateAsync(Subject subject, int rate, CancellationToken ct) =>
        MeasureAsync(subject, load => load.AtRateAsync(rate, duration, ct), ct);

    private Task<Figures> FlatOutAsync(Subject subject, CancellationToken ct) =>
        MeasureAsync(subject, load => load.FlatOutAsync(duration, ct), ct);

    private Task<Figures> RowsAsync(
        BenchedFlowChat flowChat,
        HandWrittenRows rows,
        int writers,
        int batch,
        CancellationToken ct
    ) =>
        CpuShare.MeasureAsync(
            server: null,
            flowChat.PostmasterId,
            time,
            () => rows.RunAsync(writers, batch, duration, ct)
        );

    private async Task<Figures> MeasureAsync(
        Subject subject,
        Func<LoadGenerator, Task<Figures>> run,
        CancellationToken ct
    )
    {
        var open = await HttpConnection.OpenAsync(connections, subject.Port, ct);
        try
        {
            var load = new LoadGenerator(open, subject.Workload, time);
            return await CpuShare.MeasureAsync(
                subject.ProcessId,
                subject.PostmasterId,
                time,
                () => run(load)
            );
        }
        finally
        {
            foreach (var connection in open)
                connection.Dispose();
        }
    }

    private static string RowsIn(int batch) => $"rows by hand, batches of {batch}";

    private static WebhookRoute BareRoute() =>
        new("/webhooks/bare", "whs_none", new EvolutionNumber("bare"));

    private sealed record Subject(int Port, int ProcessId, int? PostmasterId, Workload Workload);
}
