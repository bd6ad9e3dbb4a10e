using System.Diagnostics.Metrics;

namespace FlowChat.Operations;

/// <summary>What an operator must know of: logged, counted, and the last ones kept.</summary>
internal sealed partial class Alarms : IDisposable
{
    private const int Kept = 100;

    private readonly Queue<Alarm> _recent = new();
    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly ILogger<Alarms> _logger;
    private readonly Meter _meter = new("FlowChat");
    private readonly Counter<long> _raised;

    public Alarms(TimeProvider clock, ILogger<Alarms> logger)
    {
        _clock = clock;
        _logger = logger;
        _raised = _meter.CreateCounter<long>(
            "flowchat.alarms",
            description: "Alarms raised, by code."
        );
    }

    public IReadOnlyList<Alarm> Recent
    {
        get
        {
            lock (_gate)
            {
                return [.. _recent];
            }
        }
    }

    /// <param name="code">A stable word for rules and dashboards.</param>
    /// <param name="text">For people; no secrets, no message texts, no phone numbers.</param>
    public void Raise(string code, string text)
    {
        lock (_gate)
        {
            _recent.Enqueue(new(_clock.GetUtcNow(), code, text));
            if (_recent.Count > Kept)
            {
                _recent.Dequeue();
            }
        }
        _raised.Add(1, new KeyValuePair<string, object?>("code", code));
        Log.Raised(_logger, code, text);
    }

    /// <summary>What was raised has ended.</summary>
    public void Clear(string code, string text) => Log.Cleared(_logger, code, text);

    public void Dispose() => _meter.Dispose();

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Alarm {Code}: {Text}")]
        public static partial void Raised(ILogger logger, string code, string text);

        [LoggerMessage(Level = LogLevel.Information, Message = "Alarm {Code} has ended: {Text}")]
        public static partial void Cleared(ILogger logger, string code, string text);
    }
}

internal sealed record Alarm(DateTimeOffset At, string Code, string Text);
