using FlowChat.Chaos.Report;
using FlowChat.Chaos.Scenarios;
using FlowChat.Chaos.Traffic;
using FlowChat.Testing;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Servers;
using FlowChat.Testing.Stack;

namespace FlowChat.Chaos;

/// <summary>One run of one scenario: the whole system, its traffic, what is done to it, and the audit.</summary>
internal sealed class ChaosRun : IAsyncDisposable
{
    /// <summary>Of the workers: short, so that a minute holds many of their deaths.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);

    // Evolution's own, from 5 s to 300 s, by ten; and with it each of its other times.
    private static readonly TimeSpan[] GatewayPauses =
    [
        .. new[] { 5, 10, 20, 40, 80, 160, 300, 300, 300 }.Select(seconds =>
            TimeSpan.FromSeconds(seconds / 10.0)
        ),
    ];

    private readonly Scenario scenario;
    private readonly TextWriter output;
    private readonly long begun;
    private int faults;

    private ChaosRun(
        Scenario scenario,
        FlowChatStack stack,
        ChaosTraffic traffic,
        ChaosOptions options,
        TextWriter output,
        CancellationToken ct
    )
    {
        this.scenario = scenario;
        this.output = output;
        Stack = stack;
        Traffic = traffic;
        Duration = options.Duration;
        Seed = options.Seed;
        Random = new Random(options.Seed);
        Ct = ct;
        begun = Time.GetTimestamp();
    }

    public FlowChatStack Stack { get; }

    public ChaosTraffic Traffic { get; }

    /// <summary>Null where the scenario has none.</summary>
    public AgentPages? Pages { get; private set; }

    public int Seed { get; }

    public Random Random { get; }

    public TimeSpan Duration { get; }

    public TimeProvider Time { get; } = TimeProvider.System;

    public CancellationToken Ct { get; }

    public int Faults => faults;

    public static async Task<ChaosRun> PrepareAsync(
        Scenario scenario,
        ChaosOptions options,
        TextWriter output,
        CancellationToken ct
    )
    {
        var stack = await FlowChatStack.StartAsync(await OptionsOfAsync(scenario, options, ct), ct);
        try
        {
            stack.Gateway.Version = options.Evolution;
            stack.Gateway.Webhooks.Patience = TimeSpan.FromSeconds(10);
            stack.Gateway.Echo = new EchoPlan { Receipts = ["DELIVERY_ACK"] };
            var lines = await Inboxes.CreateAsync(stack, options, ct);
            var traffic = new ChaosTraffic(lines, stack.Gateway, TimeProvider.System, ct);
            return new ChaosRun(scenario, stack, traffic, options, output, ct);
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    public async Task<Row> RunAsync(ChaosOptions options)
    {
        var startedAt = Time.GetUtcNow();
        await Traffic.BeginAsync(new Random(options.Seed));
        if (scenario.OpensPages)
            Pages = await AgentPages.OpenAsync(Stack, Time);
        using (var over = CancellationTokenSource.CreateLinkedTokenSource(Ct))
        {
            over.CancelAfter(Duration);
            await scenario.HarmAsync(this, over.Token);
        }
        var recovery = await RecoverAsync();
        var counters = await new Examination(this, scenario, options).CountAsync();
        var row = new Row(scenario, startedAt, options, Faults, counters, recovery)
        {
            Tries = Traffic.Judge.Figures,
            LongestGap = Traffic.Readers.Max(reader => reader.LongestGap),
        };
        foreach (var finding in counters.Findings.Take(50))
            Tell(finding);
        Tell(counters.ToString());
        await Stack.WriteLogsAsync(
            Path.Combine(Checkout.Root, "artifacts", "chaos", $"scenario-{scenario.Number}"),
            Ct
        );
        return row;
    }

    /// <summary>A fault, counted and told.</summary>
    public async Task HarmAsync(string what, Func<CancellationToken, Task> harm)
    {
        Interlocked.Increment(ref faults);
        Tell(what);
        await harm(Ct);
    }

    public Task PauseAsync(double from, double to, CancellationToken ends) =>
        Traffic.PauseAsync(Random, from, to, ends);

    public T Pick<T>(IEnumerable<T> items)
    {
        var all = items.ToList();
        return all[Random.Next(all.Count)];
    }

    public void Tell(string what) =>
        output.WriteLine($"{Time.GetElapsedTime(begun).TotalSeconds, 7:0.0} {what}");

    public async ValueTask DisposeAsync()
    {
        if (Pages is not null)
            await Pages.DisposeAsync();
        Traffic.Dispose();
        await Stack.DisposeAsync();
    }

    /// <summary>From the end of the faults until nothing waits any more.</summary>
    private async Task<TimeSpan> RecoverAsync()
    {
        Stack.Heal();
        await Task.WhenAll(Stack.Processes.Select(process => process.StartAsync(Ct)));
        var healed = Time.GetTimestamp();
        Tell("healed");
        await Traffic.EndAsync();
        await new Settling(this).WaitAsync();
        var recovery = Time.GetElapsedTime(healed);
        await Traffic.EndReadersAsync();
        return recovery;
    }

    private static async Task<StackOptions> OptionsOfAsync(
        Scenario scenario,
        ChaosOptions chaos,
        CancellationToken ct
    )
    {
        var options = new StackOptions
        {
            Program = chaos.Program,
            ProxiesNginx = scenario.ProxiesNginx,
            GatewayPauses = GatewayPauses,
            Settings = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["CHAT_STREAM_RECLAIM_IDLE_MS"] = $"{Lease.TotalMilliseconds:0}",
                ["FLOWCHAT_LOG_FORMAT"] = "",
            },
        };
        options = scenario.MovesClocks ? await Clocks.PrepareAsync(options, ct) : options;
        return scenario.FillsDisk ? Disks.Prepare(options) : options;
    }
}

/// <summary>What the command line says.</summary>
internal sealed record ChaosOptions(TimeSpan Duration, int Seed)
{
    public const string Evolution23 = "2.3.7",
        Evolution24 = "2.4.0";

    public string Evolution { get; init; } = Evolution23;

    /// <summary>Whether the gateway takes a message of an id that it has for the same message.</summary>
    public bool TakesIds => Evolution != Evolution23;

    /// <summary>What everything begins with.</summary>
    public string Program { get; init; } = FlowChatProcess.Program;

    public int Tenants { get; init; } = 3;

    public int People { get; init; } = 6;
}
