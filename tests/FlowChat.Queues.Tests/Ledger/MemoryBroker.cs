namespace FlowChat.Queues.Tests.Ledger;

/// <summary>A broker's server that can be away and can forget everything; each process has a <see cref="MemoryBroker"/> on it.</summary>
public sealed class MemoryBrokerServer
{
    private readonly Lock gate = new();
    private readonly Dictionary<(string, Guid, Guid), Job> waiting = [];
    private readonly List<(string, Guid, Guid)> order = [];
    private readonly Dictionary<Guid, (ClaimedJob Entry, string Worker)> taken = [];
    private readonly List<(JobLease Lease, string Reason)> dead = [];
    private TaskCompletionSource news = NewSignal();
    private volatile bool away;

    /// <summary>While true, every call fails.</summary>
    public bool Away
    {
        get => away;
        set
        {
            away = value;
            Wake();
        }
    }

    /// <summary>While true, no call is answered.</summary>
    public bool Silent { get; set; }

    public int Enqueued { get; private set; }

    /// <summary>With those that it had already.</summary>
    public int Offered { get; private set; }

    public IReadOnlyList<(JobLease Lease, string Reason)> Dead
    {
        get
        {
            lock (gate)
                return [.. dead];
        }
    }

    public void Wipe()
    {
        lock (gate)
        {
            waiting.Clear();
            order.Clear();
            taken.Clear();
        }
    }

    internal Task NextNews()
    {
        lock (gate)
            return news.Task;
    }

    internal int Add(IReadOnlyList<Job> jobs)
    {
        var added = 0;
        lock (gate)
            foreach (var job in jobs)
            {
                var name = (job.Queue, job.TenantId, job.Id);
                if (
                    taken.Values.Any(t => Name(t.Entry.Lease) == name) || !waiting.TryAdd(name, job)
                )
                    continue;
                order.Add(name);
                added++;
            }
        Enqueued += added;
        Offered += jobs.Count;
        Wake();
        return added;
    }

    internal List<ClaimedJob> Take(string queue, string worker, int max)
    {
        lock (gate)
        {
            var names = order.Where(name => name.Item1 == queue).Take(max).ToList();
            return [.. names.Select(name => Take(name, worker))];
        }
    }

    internal HashSet<JobLease> End(IReadOnlyList<JobSettlement> ends)
    {
        var held = new HashSet<JobLease>();
        lock (gate)
            foreach (var (lease, outcome) in ends)
            {
                if (!taken.Remove(lease.Token, out var entry))
                    continue;
                held.Add(lease);
                if (outcome.Kind == JobOutcomeKind.Dead)
                    dead.Add((lease, outcome.Reason!));
                else if (outcome.Kind != JobOutcomeKind.Done)
                    PutBack(entry.Entry);
            }
        Wake();
        return held;
    }

    /// <summary>The entries of a worker that is dead come again.</summary>
    public void Rescue(string worker)
    {
        lock (gate)
            foreach (var (token, entry) in taken.Where(t => t.Value.Worker == worker).ToList())
            {
                taken.Remove(token);
                PutBack(entry.Entry);
            }
        Wake();
    }

    internal QueueFigures Measure(string queue)
    {
        lock (gate)
            return new QueueFigures
            {
                Queue = queue,
                Waiting = order.Count(name => name.Item1 == queue),
                Active = taken.Values.Count(t => t.Entry.Lease.Queue == queue),
            };
    }

    private ClaimedJob Take((string Queue, Guid Tenant, Guid Id) name, string worker)
    {
        order.Remove(name);
        waiting.Remove(name, out var job);
        var lease = new JobLease(name.Tenant, name.Id, name.Queue, null, Guid.CreateVersion7(), 1);
        var entry = new ClaimedJob { Lease = lease, Payload = job!.Payload };
        taken.Add(lease.Token, (entry, worker));
        return entry;
    }

    private void PutBack(ClaimedJob entry)
    {
        var name = Name(entry.Lease);
        waiting[name] = new Job
        {
            Queue = name.Item1,
            TenantId = name.Item2,
            Id = name.Item3,
            Payload = entry.Payload,
        };
        order.Insert(0, name);
    }

    private static (string, Guid, Guid) Name(JobLease lease) =>
        (lease.Queue, lease.TenantId, lease.JobId);

    private void Wake()
    {
        lock (gate)
        {
            news.TrySetResult();
            news = NewSignal();
        }
    }

    private static TaskCompletionSource NewSignal() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>One process's connection to the server.</summary>
public sealed class MemoryBroker(MemoryBrokerServer server) : IQueueBackend
{
    public ValueTask PrepareAsync(QueueOptions queue, CancellationToken cancellationToken) =>
        ReachAsync(() => 0, cancellationToken).AsPlain();

    public ValueTask<int> EnqueueAsync(
        IReadOnlyList<Job> jobs,
        CancellationToken cancellationToken
    ) => ReachAsync(() => server.Add(jobs), cancellationToken);

    public async ValueTask<IReadOnlyList<ClaimedJob>> ClaimAsync(
        QueueOptions queue,
        string worker,
        int max,
        CancellationToken cancellationToken
    )
    {
        var news = server.NextNews();
        var taken = await TakeAsync();
        if (taken.Count > 0 || cancellationToken.IsCancellationRequested)
            return taken;
        await news.WaitAsync(queue.PollInterval, TimeProvider.System, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return cancellationToken.IsCancellationRequested ? [] : await TakeAsync();

        ValueTask<List<ClaimedJob>> TakeAsync() =>
            ReachAsync(() => server.Take(queue.Name, worker, max), CancellationToken.None);
    }

    public ValueTask<IReadOnlySet<JobLease>> SettleAsync(
        IReadOnlyList<JobSettlement> settlements,
        CancellationToken cancellationToken
    ) => ReachAsync<IReadOnlySet<JobLease>>(() => server.End(settlements), cancellationToken);

    public ValueTask<IReadOnlyList<ClaimedJob>> MaintainAsync(
        QueueOptions queue,
        string rescuer,
        int max,
        CancellationToken cancellationToken
    ) => ReachAsync<IReadOnlyList<ClaimedJob>>(() => [], cancellationToken);

    public ValueTask<QueueFigures> MeasureAsync(
        string queue,
        CancellationToken cancellationToken
    ) => ReachAsync(() => server.Measure(queue), cancellationToken);

    public ValueTask<IReadOnlySet<JobLease>> RenewAsync(
        QueueOptions queue,
        IReadOnlyCollection<JobLease> leases,
        CancellationToken cancellationToken
    ) => throw NotAsked();

    public ValueTask SetPausedAsync(
        string queue,
        bool paused,
        CancellationToken cancellationToken
    ) => throw NotAsked();

    public ValueTask<IReadOnlyList<DeadJob>> FindDeadAsync(
        DeadJobFilter filter,
        DeadJobCursor? after,
        int limit,
        CancellationToken cancellationToken
    ) => throw NotAsked();

    public ValueTask<int> ActOnDeadAsync(
        DeadJobFilter filter,
        DeadJobAction action,
        bool dryRun,
        CancellationToken cancellationToken
    ) => throw NotAsked();

    private async ValueTask<T> ReachAsync<T>(Func<T> call, CancellationToken cancellationToken)
    {
        if (server.Silent)
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        return server.Away ? throw new QueueUnavailableException("The broker is away.") : call();
    }

    private static InvalidOperationException NotAsked() =>
        new("A ledger doesn't ask a broker that.");
}

internal static class ValueTasks
{
    public static async ValueTask AsPlain<T>(this ValueTask<T> task) => await task;
}
