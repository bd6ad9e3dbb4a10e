namespace FlowChat.Chaos.Scenarios;

/// <summary>One way for things to go wrong.</summary>
/// <param name="Number">Of the command line.</param>
/// <param name="Name">Of the report.</param>
/// <param name="HarmAsync">Harms until the token ends, and leaves nothing harmed.</param>
internal sealed record Scenario(
    int Number,
    string Name,
    Func<ChaosRun, CancellationToken, Task> HarmAsync
)
{
    /// <summary>All processes on a clock that the run can move.</summary>
    public bool MovesClocks { get; init; }

    /// <summary>The media on a file system of their own, of a few megabytes.</summary>
    public bool FillsDisk { get; init; }

    /// <summary>See <see cref="Testing.Stack.StackOptions.ProxiesNginx"/>.</summary>
    public bool ProxiesNginx { get; init; }

    /// <summary>Real browsers beside the live readers; in the end they show what one shows that is loaded anew.</summary>
    public bool OpensPages { get; init; }

    /// <summary>The longest that a live reader may have been without its stream; null = any time.</summary>
    public TimeSpan? LongestGap { get; init; }

    /// <summary>503 and cut requests are seen by no client either.</summary>
    public bool AllowsNoRefusal { get; init; }

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new(1, "kill -9 of a random process every 2–5 s", Kills.AnythingAsync),
        new(
            2,
            "kill -9 of the workers between the gateway's effect and its reply",
            Kills.WorkersInCallAsync
        ),
        new(3, "Redis killed and wiped", Brokers.WipeRedisAsync),
        new(4, "PostgreSQL stopped with -m immediate", Databases.StopPostgresAsync),
        new(5, "RabbitMQ away for a minute, and at boot", Brokers.RabbitMqAwayAsync),
        new(6, "each network way cut, slow, black-holed, replies lost", Networks.EachWayAsync)
        {
            ProxiesNginx = true,
        },
        new(7, "SIGSTOP of a worker past its lease", Kills.FreezeWorkersAsync),
        new(8, "rolling restart of everything", Rolling.RestartsAsync)
        {
            AllowsNoRefusal = true,
            LongestGap = TimeSpan.FromSeconds(2),
        },
        new(9, "browsers offline for minutes, while 500 events happen", Readers.OfflineAsync)
        {
            OpensPages = true,
        },
        new(10, "the commit's reply cut", Databases.LoseCommitRepliesAsync),
        new(11, "the media store's disk full", Disks.FillAsync) { FillsDisk = true },
        new(12, "clocks that jump an hour", Clocks.JumpAsync) { MovesClocks = true },
    ];
}
