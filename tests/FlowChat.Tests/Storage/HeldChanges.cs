using FlowChat.Storage;

namespace FlowChat.Tests.Storage;

/// <summary>Holds the tenant's commit until the test lets it go: what is written meanwhile shares the next one.</summary>
internal sealed class Gate : TenantChange<bool>, IDisposable
{
    private readonly ManualResetEventSlim _open = new();
    private readonly TaskCompletionSource _reached = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    public Task Reached => _reached.Task;

    public override void Declare(WorkKeys keys) { }

    public override bool Apply(Workspace work)
    {
        _reached.TrySetResult();
        return _open.Wait(TimeSpan.FromSeconds(30));
    }

    public void Open() => _open.Set();

    public void Dispose() => _open.Dispose();
}

/// <summary>Two nodes' changes that have both read the database before either writes.</summary>
internal sealed class Meeting<T>(TenantChange<T> change, Barrier barrier) : TenantChange<T>
{
    // Where one waits for the other's lock they can't meet: then it goes on alone.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private bool _met;

    public override void Declare(WorkKeys keys) => change.Declare(keys);

    public override T Apply(Workspace work)
    {
        if (!_met)
        {
            _met = true;
            barrier.SignalAndWait(Patience);
        }
        return change.Apply(work);
    }
}
