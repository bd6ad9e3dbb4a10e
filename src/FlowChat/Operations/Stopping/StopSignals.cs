using System.Runtime.InteropServices;

namespace FlowChat.Operations.Stopping;

/// <summary>
/// SIGTERM, Ctrl+C and SIGQUIT: the first asks for an orderly stop, the second ends the process at once, as a kill -9
/// does. Leases and rows hold then: others take over what ran here.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private static readonly (PosixSignal Signal, int Number)[] Heard =
    [
        (PosixSignal.SIGINT, 2),
        (PosixSignal.SIGQUIT, 3),
        (PosixSignal.SIGTERM, 15),
    ];

    private readonly CancellationTokenSource _asked = new();
    private readonly IReadOnlyList<PosixSignalRegistration> _registrations;
    private int _count;

    public StopSignals() =>
        _registrations = [
            .. Heard.Select(one =>
                PosixSignalRegistration.Create(one.Signal, context => Hear(context, one.Number))
            ),
        ];

    /// <summary>Is cancelled by the first.</summary>
    public CancellationToken Asked => _asked.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
        _asked.Dispose();
    }

    private void Hear(PosixSignalContext context, int number)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _count) == 1)
        {
            _ = _asked.CancelAsync();
            return;
        }
        Console.Error.WriteLine("A second signal: FlowChat ends at once.");
        Environment.Exit(128 + number);
    }
}
