using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.Playwright;

namespace FlowChat.Testing.Browser;

/// <summary>
/// What each frame of a page costs its own thread in script, style and layout, by Chromium's trace: processor time,
/// which what else the machine does hardly moves.
/// </summary>
public sealed class FrameTrace : IAsyncDisposable
{
    // Ends after each frame's script, style and layout.
    private const string Frame = "AnimationFrame";

    // What is done between two frames in which the page moves counts for the second: empty ones make none look better.
    private const string Moves = "FireAnimationFrame";

    // The outermost of these count, with all that they contain.
    private static readonly FrozenSet<string> Work = FrozenSet.ToFrozenSet([
        "EvaluateScript",
        "EventDispatch",
        "FireAnimationFrame",
        "FireIdleCallback",
        "FunctionCall",
        "Layout",
        "MajorGC",
        "MinorGC",
        "RunMicrotasks",
        "TimerFire",
        "UpdateLayoutTree",
        "XHRLoad",
        "XHRReadyStateChange",
    ]);

    private readonly ICDPSession _session;
    private readonly List<Event> _events = [];

    private FrameTrace(ICDPSession session) => _session = session;

    public static async Task<FrameTrace> OpenAsync(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        var trace = new FrameTrace(session);
        session.Event("Tracing.dataCollected").OnEvent += (_, data) => trace.Take(data!.Value);
        return trace;
    }

    /// <summary>Of the frames from the second to the last that were drawn meanwhile.</summary>
    public async Task<FrameCosts> RecordAsync(Func<Task> act)
    {
        _events.Clear();
        await _session.SendAsync(
            "Tracing.start",
            new Dictionary<string, object>
            {
                ["transferMode"] = "ReportEvents",
                ["traceConfig"] = new Dictionary<string, object>
                {
                    ["recordMode"] = "recordAsMuchAsPossible",
                    ["includedCategories"] = (string[])
                        ["devtools.timeline", "disabled-by-default-devtools.timeline"],
                },
            }
        );
        await act();
        var complete = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Complete(object? sender, JsonElement? data) => complete.TrySetResult();
        _session.Event("Tracing.tracingComplete").OnEvent += Complete;
        await _session.SendAsync("Tracing.end");
        await complete.Task;
        _session.Event("Tracing.tracingComplete").OnEvent -= Complete;
        return Sum();
    }

    public async ValueTask DisposeAsync() => await _session.DetachAsync();

    private void Take(JsonElement data)
    {
        foreach (var one in data.GetProperty("value").EnumerateArray())
        {
            var name = one.GetProperty("name").GetString()!;
            var thread = (one.GetProperty("pid").GetInt32(), one.GetProperty("tid").GetInt32());
            if (IsEndOfFrame(one) || Work.Contains(name))
                _events.Add(
                    new(name, thread, Number(one, "ts"), Number(one, "dur"), Number(one, "tdur"))
                );
        }
    }

    private FrameCosts Sum()
    {
        // Chromium keeps other pages ready: theirs draw nothing.
        var thread = _events
            .Where(one => one.Name == Frame)
            .CountBy(one => one.Thread)
            .MaxBy(one => one.Value)
            .Key;
        var frames = new List<FrameCost>();
        var parts = new Dictionary<string, double>(StringComparer.Ordinal);
        double cost = 0,
            workUntil = 0;
        foreach (var one in _events.Where(one => one.Thread == thread).OrderBy(one => one.At))
        {
            if (one.Name == Frame && !parts.ContainsKey(Moves))
                continue;
            if (one.Name == Frame)
            {
                frames.Add(new(cost, parts));
                (cost, parts) = (0, new(StringComparer.Ordinal));
            }
            else
            {
                parts[one.Name] = parts.GetValueOrDefault(one.Name) + one.Cost / 1_000;
                if (one.At >= workUntil)
                {
                    cost += one.Cost / 1_000;
                    workUntil = one.At + one.Length;
                }
            }
        }
        // In the first is whatever the page did until then.
        return new([.. frames.Skip(1)]);
    }

    private static bool IsEndOfFrame(JsonElement one) =>
        one.GetProperty("name").ValueEquals(Frame) && one.GetProperty("ph").ValueEquals("e");

    private static double Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetDouble() : 0;

    private readonly record struct Event(
        string Name,
        (int Process, int Thread) Thread,
        double At,
        double Length,
        double Cost
    );
}

/// <param name="Milliseconds">Script, style and layout together.</param>
/// <param name="Parts">Milliseconds of each of the trace's events; they contain each other.</param>
public sealed record FrameCost(double Milliseconds, IReadOnlyDictionary<string, double> Parts)
{
    public override string ToString() =>
        FormattableString.Invariant($"{Milliseconds:0.0} ms: ")
        + string.Join(
            ", ",
            Parts
                .OrderByDescending(part => part.Value)
                .Take(4)
                .Select(part => FormattableString.Invariant($"{part.Key} {part.Value:0.0}"))
        );
}

/// <summary>The frames of a while.</summary>
public sealed record FrameCosts(IReadOnlyList<FrameCost> Frames)
{
    private readonly FrameCost[] _sorted = [.. Frames.OrderBy(frame => frame.Milliseconds)];

    public FrameCost Slowest => _sorted[^1];

    /// <param name="share">Such as 0.95: so many of them cost no more.</param>
    public double At(double share) =>
        _sorted[Math.Max(0, (int)Math.Ceiling(_sorted.Length * share) - 1)].Milliseconds;

    public int Over(double milliseconds) =>
        _sorted.Count(frame => frame.Milliseconds > milliseconds);

    /// <summary>The share of them that cost more.</summary>
    public double ShareOver(double milliseconds) => (double)Over(milliseconds) / _sorted.Length;
}
