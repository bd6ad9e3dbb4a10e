using System.Globalization;

namespace FlowChat.Bench.Results;

/// <summary>Cores in use during a run: by the server, by PostgreSQL, by this generator.</summary>
internal sealed record CpuShare(double Server, double Postgres, double Generator)
{
    private const double TicksPerSecond = 100;

    public static CpuShare? Median(IReadOnlyList<CpuShare> shares) =>
        shares.Count == 0
            ? null
            : new CpuShare(
                Figures.Middle(shares.Select(share => share.Server)),
                Figures.Middle(shares.Select(share => share.Postgres)),
                Figures.Middle(shares.Select(share => share.Generator))
            );

    /// <summary>Runs the work and adds to its figures what it cost; null for a process that has no part in it.</summary>
    public static async Task<Figures> MeasureAsync(
        int? server,
        int? postmaster,
        TimeProvider time,
        Func<Task<Figures>> run
    )
    {
        var before = Snapshot(server, postmaster);
        var start = time.GetTimestamp();
        var figures = await run();
        var seconds = time.GetElapsedTime(start).TotalSeconds;
        var after = Snapshot(server, postmaster);
        return figures with
        {
            Cpu = new CpuShare(
                (after.Server - before.Server) / seconds,
                (after.Postgres - before.Postgres) / seconds,
                (after.Generator - before.Generator) / seconds
            ),
        };
    }

    public static int ParentOf(int processId) => (int)Stat(processId)[1];

    private static CpuShare Snapshot(int? server, int? postmaster) =>
        new(
            server is { } id ? SecondsOf(id) : 0,
            postmaster is { } parent
                ? SecondsOf(parent) + ChildrenOf(parent).Sum(SecondsOrNone)
                : 0,
            SecondsOf(Environment.ProcessId)
        );

    private static IEnumerable<int> ChildrenOf(int processId) =>
        File.ReadAllText($"/proc/{processId}/task/{processId}/children")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(child => int.Parse(child, CultureInfo.InvariantCulture));

    private static double SecondsOrNone(int processId)
    {
        try
        {
            return SecondsOf(processId);
        }
        catch (IOException)
        {
            // It has ended since: its time is with its parent's from now on.
            return 0;
        }
    }

    // Its own time and that of the children that it has waited for.
    private static double SecondsOf(int processId)
    {
        var stat = Stat(processId);
        return (stat[11] + stat[12] + stat[13] + stat[14]) / TicksPerSecond;
    }

    // The fields behind the name, which may hold spaces: [0] state, [1] parent, [11] to [14] utime, stime, cutime, cstime.
    private static long[] Stat(int processId)
    {
        var line = File.ReadAllText($"/proc/{processId}/stat");
        return
        [
            .. line[(line.LastIndexOf(')') + 2)..]
                .Split(' ')
                .Select(field =>
                    long.TryParse(field, CultureInfo.InvariantCulture, out var value) ? value : 0
                ),
        ];
    }
}
