using System.Diagnostics;

namespace FlowChat.Storage;

/// <summary>A change and the caller who waits for its answer.</summary>
internal abstract class PendingChange
{
    public abstract void Declare(WorkKeys keys);
    public abstract void Apply(Workspace work);
    public abstract void Succeed();
    public abstract void Fail(Exception error);
}

internal sealed class PendingChange<T>(TenantChange<T> change) : PendingChange
{
    // Callers continue on their own threads: a slow one must not hold the tenant's next commit.
    private readonly TaskCompletionSource<T> _result = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly ActivityContext _trace = Activity.Current?.Context ?? default;
    private T? _answer;

    public Task<T> Result => _result.Task;

    public override void Declare(WorkKeys keys) => change.Declare(keys);

    public override void Apply(Workspace work)
    {
        work.Trace = _trace;
        _answer = change.Apply(work);
    }

    public override void Succeed() => _result.TrySetResult(_answer!);

    public override void Fail(Exception error) => _result.TrySetException(error);
}
