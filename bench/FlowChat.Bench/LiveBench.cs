using FlowChat.Bench.Load;
using FlowChat.Bench.Results;
using FlowChat.Testing.Api;

namespace FlowChat.Bench;

/// <summary>From the release of a webhook to its event on another client's live stream, one stream a tenant.</summary>
internal sealed class LiveBench(int rounds, TimeSpan duration, int rate, TimeProvider time)
{
    private const int Connections = 32;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string subject = $"webhook to event, {rate}/s, {Workload.Tenants} streams";

    public async Task<Report> RunAsync(CancellationToken ct)
    {
        var report = new Report("live", time);
        await using var flowChat = await BenchedFlowChat.StartAsync(time, ct);
        var workload = new Workload(flowChat.Routes, time);
        await MeasureAsync(flowChat, workload, ct);
        await flowChat.AnalyzeAsync(ct);
        for (var round = 0; round < rounds; round++)
            report.Add(
                subject,
                await CpuShare.MeasureAsync(
                    flowChat.ProcessId,
                    flowChat.PostmasterId,
                    time,
                    () => MeasureAsync(flowChat, workload, ct)
                )
            );
        return report;
    }

    private async Task<Figures> MeasureAsync(
        BenchedFlowChat flowChat,
        Workload workload,
        CancellationToken ct
    )
    {
        using var patience = new CancellationTokenSource(duration + Patience, time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        var total = (int)(rate * duration.TotalSeconds);
        var first = workload.Sent;
        var released = new long[total];
        var latencies = new Latencies(total, time);
        var streams = await Task.WhenAll(
            flowChat.Tenants.Select(tenant =>
                ReadFromNowAsync(tenant, first, released, latencies, ends.Token)
            )
        );
        var connections = await HttpConnection.OpenAsync(Connections, flowChat.Port, ct);
        try
        {
            var load = new LoadGenerator(connections, workload, time)
            {
                Released = (n, since) => released[n - first] = since,
            };
            var posted = await load.AtRateAsync(rate, duration, ends.Token);
            await Task.WhenAll(streams);
            latencies.Sort();
            return posted with
            {
                P50 = latencies.Milliseconds(0.50),
                P99 = latencies.Milliseconds(0.99),
            };
        }
        finally
        {
            foreach (var connection in connections)
                connection.Dispose();
        }
    }

    /// <summary>Ends with the reading of one stream begun, to its tenant's last message of the run.</summary>
    private static async Task<Task> ReadFromNowAsync(
        FlowChatClient tenant,
        long first,
        long[] released,
        Latencies latencies,
        CancellationToken ct
    )
    {
        var now = (await tenant.ConversationsAsync(ct, "?limit=1")).Seq;
        return ReadAsync();

        async Task ReadAsync()
        {
            var left = released.Length / Workload.Tenants;
            await foreach (var live in tenant.LiveAsync(now, ct))
            {
                if (live.Type is not "message.created")
                    continue;
                var id = live.Data["message"]!["wa_id"]!.GetValue<string>();
                latencies.Add(released[WebhookRequest.NumberOf(id) - first]);
                if (--left == 0)
                    break;
            }
        }
    }
}
