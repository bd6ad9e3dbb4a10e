using FlowChat.Chaos.Audit;
using FlowChat.Testing;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution;

namespace FlowChat.Chaos.Traffic;

/// <summary>All that comes in and goes out in a run, and the readers who watch it live.</summary>
internal sealed class ChaosTraffic : IDisposable
{
    private readonly IReadOnlyList<Line> lines;
    private readonly List<LiveReader> readers = [];
    private readonly CancellationTokenSource readersEnd = new();
    private readonly CancellationTokenSource over = new();
    private Task running = Task.CompletedTask;
    private Task reading = Task.CompletedTask;

    public ChaosTraffic(
        IReadOnlyList<Line> lines,
        FakeEvolution gateway,
        TimeProvider time,
        CancellationToken ct
    )
    {
        this.lines = lines;
        Time = time;
        Ct = ct;
        In = new InboundTraffic(this, gateway);
        Out = new OutboundTraffic(this);
    }

    public TimeProvider Time { get; }

    /// <summary>Ends everything at once; the end of the traffic is <see cref="EndAsync"/>.</summary>
    public CancellationToken Ct { get; }

    public Judge Judge { get; } = new();

    public SignalledLog<Attempt> Attempts { get; } = new();

    public InboundTraffic In { get; }

    public OutboundTraffic Out { get; }

    public IReadOnlyList<LiveReader> Readers => readers;

    /// <summary>Live readers first, so that they see all of it.</summary>
    public async Task BeginAsync(Random random)
    {
        In.JudgeAll();
        foreach (var tenant in lines.DistinctBy(line => line.Client))
            readers.Add(await LiveReader.FromNowAsync(tenant.Client, Judge, Time, Ct));
        reading = Task.WhenAll(readers.Select(reader => reader.RunAsync(readersEnd.Token)));
        var all = new List<Task>();
        foreach (var line in lines)
        foreach (var talk in line.Talks)
        {
            all.Add(In.RunAsync(line, talk, new Random(random.Next()), over.Token));
            all.Add(Out.RunAsync(line, talk, new Random(random.Next()), over.Token));
        }
        running = Task.WhenAll(all);
    }

    /// <summary>No new messages; returns when each of those begun has its answer, or its gateway has given up.</summary>
    public async Task EndAsync()
    {
        await over.CancelAsync();
        await running;
    }

    public async Task EndReadersAsync()
    {
        await readersEnd.CancelAsync();
        await reading;
    }

    public FlowChatClient ClientOf(Guid thread) =>
        lines.First(line => line.Talks.Any(talk => talk.Id == thread)).Client;

    /// <summary>Whose phone it is; no conversation of the run when it is nobody's.</summary>
    public Guid ThreadOf(string number, string jid) =>
        lines
            .First(line => line.Fake.Name == number)
            .Talks.FirstOrDefault(talk => talk.Person.PhoneJid == jid)
            ?.Id
        ?? Guid.Empty;

    /// <summary>How far the log of a reader's tenant is.</summary>
    public async Task<long> LastSeqAsync(LiveReader reader) =>
        (await reader.Client.EventsAsync(long.MaxValue, Ct)).LastSeq;

    /// <summary>Between the two, in seconds; cut short at the end.</summary>
    public async Task PauseAsync(Random random, double from, double to, CancellationToken ends)
    {
        var pause = TimeSpan.FromSeconds(from + random.NextDouble() * (to - from));
        await Task.Delay(pause, Time, ends).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Ct.ThrowIfCancellationRequested();
    }

    public void Dispose()
    {
        over.Dispose();
        readersEnd.Dispose();
        foreach (var line in lines)
            line.Client.Dispose();
    }
}
