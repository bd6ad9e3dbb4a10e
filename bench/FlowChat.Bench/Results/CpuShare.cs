using System.Diagnostics;
using System.Globalization;

namespace FlowChat.Bench.Results;

/// <summary>Cores in use during a run: by the server, by this generator, and by the rest, which is PostgreSQL's.</summary>
internal sealed record CpuShare(double Server, double Generator, double Rest)
{
    private const double TicksPerSecond = 100;

    public static CpuShare? Median(IReadOnlyList<CpuShare> shares) =>
        shares.Count == 0
            ? null
            : new CpuShare(
                Figures.Middle(shares.Select(share => share.Server)),
                Figures.Middle(shares.Select(share => share.Generator)),
                Figures.Middle(shares.Select(share => share.Rest))
            );

    /// <summary>Runs the work and adds to its figures what it cost.</summary>
    public static async Task<Figures> MeasureAsync(
        int? serverId,
        TimeProvider time,
        Func<Task<Figures>> run
    )
    {
        var before = Snapshot(serverId);
        var start = time.GetTimestamp();
        var figures = await run();
        var seconds = time.GetElapsedTime(start).TotalSeconds;
        var after = Snapshot(serverId);
        var server = (after.Server - before.Server) / seconds;
        var generator = (after.Generator - before.Generator) / seconds;
        var all = (after.All - before.All) / seconds;
        return figures with
        {
            Cpu = new CpuShare(server, generator, Math.Max(0, all - server - generator)),
        };
    }

    private static (double Server, double Generator, double All) Snapshot(int? serverId) =>
        (serverId is { } id ? SecondsOf(id) : 0, SecondsOf(Environment.ProcessId), BusySeconds());

    private static double SecondsOf(int processId)
    {
        using var process = Process.GetProcessById(processId);
        return process.TotalProcessorTime.TotalSeconds;
    }

    // user nice system idle iowait irq softirq steal
    private static double BusySeconds()
    {
        var ticks = File.ReadLines("/proc/stat")
            .First()
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1)
            .Select(value => double.Parse(value, CultureInfo.InvariantCulture))
            .ToArray();
        return (ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6]) / TicksPerSecond;
    }
}
