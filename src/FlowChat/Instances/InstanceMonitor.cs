using System.Collections.Concurrent;
using System.Threading.Channels;
using FlowChat.Gateways;
using FlowChat.Operations;
using FlowChat.Storage;

namespace FlowChat.Instances;

/// <summary>
/// Asks the gateways of numbers that aren't well, or weren't heard of for a while, how they are: a lost connection.update must
/// not park sends for ever. Tells those that don't know our webhook, and raises the numbers' alarms.
/// </summary>
internal sealed partial class InstanceMonitor(
    Database database,
    TenantWriter writer,
    GatewayCatalog gateways,
    InstanceSetup setup,
    TimeProvider clock,
    Alarms alarms,
    ILogger<InstanceMonitor> logger
) : Duty(clock, alarms, logger)
{
    private const string FindOne = InstanceScan.All + " and i.id = $1";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    // A closed number's webhooks come in floods; one question for all of them is enough.
    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(2);

    // Of a number without visitors nothing is heard either: its gateway is asked.
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(5);

    private readonly ILogger _logger = logger;
    private readonly long _startedAt = clock.GetTimestamp();

    private readonly Channel<Guid> _asked = Channel.CreateBounded<Guid>(
        new BoundedChannelOptions(256) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    private readonly ConcurrentDictionary<Guid, long> _checkedAt = new();
    private readonly ConcurrentDictionary<Guid, long> _heardAt = new();
    private volatile HashSet<Guid> _doubtful = [];

    public void CheckSoon(Guid instanceId) => _asked.Writer.TryWrite(instanceId);

    /// <summary>What an earlier check learned counts no more: the number's key or address has changed.</summary>
    public void CheckNow(Guid instanceId)
    {
        _checkedAt.TryRemove(instanceId, out _);
        CheckSoon(instanceId);
    }

    /// <summary>The number has just been parked for it.</summary>
    public Task KeyRefusedAsync(
        Guid tenantId,
        Guid instanceId,
        CancellationToken cancellationToken
    ) => WatchAsync(tenantId, instanceId, cancellationToken);

    /// <summary>A number that is said to be closed has spoken.</summary>
    public void HeardFrom(WebhookInstance instance)
    {
        _heardAt[instance.Id] = Clock.GetTimestamp();
        if (_doubtful.Contains(instance.Id))
        {
            CheckSoon(instance.Id);
        }
    }

    protected override IReadOnlyList<Func<CancellationToken, Task>> Loops =>
        [AnswerAsync, NowAndEvery(Interval, WatchAsync)];

    private async Task AnswerAsync(CancellationToken cancellationToken)
    {
        await foreach (var id in _asked.Reader.ReadAllAsync(cancellationToken))
        {
            if (_checkedAt.TryGetValue(id, out var at) && Clock.GetElapsedTime(at) < LeastPause)
            {
                continue;
            }
            var found = await InstanceScan.ReadAsync(
                database,
                FindOne,
                cancellationToken,
                SqlBatch.Value(id)
            );
            await CheckAllAsync(found, cancellationToken);
        }
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        var all = await InstanceScan.ReadAsync(database, InstanceScan.All, cancellationToken);
        var doubtful = all.Where(pair => IsDoubtful(pair.Instance)).ToList();
        _doubtful = [.. doubtful.Select(pair => pair.Instance.Id)];
        await CheckAllAsync(
            [.. doubtful, .. all.Where(pair => IsSilent(pair.Instance))],
            cancellationToken
        );
    }

    private static bool IsDoubtful(Instance instance) =>
        instance.State != InstanceState.Open
        || instance.Alarm is not null
        || instance is { WebhookUrl: not null, WebhookSetAt: null };

    private bool IsSilent(Instance instance) =>
        !IsDoubtful(instance)
        && Clock.GetElapsedTime(
            Math.Max(LastOf(_heardAt, instance.Id), LastOf(_checkedAt, instance.Id))
        ) >= Silence;

    // What this process knows nothing of counts from its start.
    private long LastOf(ConcurrentDictionary<Guid, long> times, Guid id) =>
        times.GetValueOrDefault(id, _startedAt);

    private DateTimeOffset? HeardAt(Guid id) =>
        _heardAt.TryGetValue(id, out var at) ? Clock.GetUtcNow() - Clock.GetElapsedTime(at) : null;

    private Task CheckAllAsync(
        IReadOnlyList<(Guid TenantId, Instance Instance)> numbers,
        CancellationToken cancellationToken
    ) => ForEachAsync(numbers, one => one.Instance.Id, CheckAsync, cancellationToken);

    private async Task CheckAsync(
        (Guid TenantId, Instance Instance) one,
        CancellationToken cancellationToken
    )
    {
        var (tenantId, instance) = one;
        _checkedAt[instance.Id] = Clock.GetTimestamp();
        var answer = await ReadStateAsync(instance, cancellationToken);
        if (answer.State != InstanceState.Unreachable && !answer.KeyRefused)
        {
            await SetUpAsync(tenantId, instance, cancellationToken);
        }
        var isNews = ReceiveInstanceState.IsNews(
            instance,
            answer.State,
            answer.Reason,
            answer.OwnerJid
        );
        if (isNews)
        {
            var state = new ReceiveInstanceState(
                instance.Id,
                answer.State,
                answer.Reason,
                answer.OwnerJid,
                isAsked: true
            );
            await writer.WriteAsync(tenantId, state, cancellationToken);
        }
        if (instance.SilentAt < HeardAt(instance.Id))
        {
            await writer.WriteAsync(tenantId, new HearAgain(instance.Id), cancellationToken);
            instance.SilentAt = null;
        }
        if (isNews || InstanceAlarm.Of(instance, Clock.GetUtcNow()) != instance.Alarm)
        {
            await WatchAsync(tenantId, instance.Id, cancellationToken);
        }
    }

    private async Task WatchAsync(
        Guid tenantId,
        Guid instanceId,
        CancellationToken cancellationToken
    )
    {
        var turn = await writer.WriteAsync(
            tenantId,
            new WatchInstance(instanceId),
            cancellationToken
        );
        if (turn.Raised is { } raised)
        {
            Alarms.Raise(raised, InstanceAlarm.Text(raised, instanceId));
        }
        if (turn.Cleared is { } cleared)
        {
            Alarms.Clear(cleared, $"instance {instanceId}.");
        }
    }

    /// <summary>The gateway was away when it should have been told to call us.</summary>
    private async Task SetUpAsync(
        Guid tenantId,
        Instance instance,
        CancellationToken cancellationToken
    )
    {
        if (
            ClaimSetUp.IsDue(instance, Clock.GetUtcNow())
            && !await setup.RunAgainAsync(tenantId, instance, cancellationToken)
        )
        {
            Log.NotSetUp(_logger, instance.Id);
        }
    }

    private async Task<GatewayState> ReadStateAsync(
        Instance instance,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await gateways.For(instance).ReadStateAsync(instance, cancellationToken);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever one tenant's gateway answers, the other numbers are checked.
            return new(InstanceState.Unreachable, error.GetType().Name);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "The gateway of {InstanceId} doesn't take our webhook; it is asked again"
        )]
        public static partial void NotSetUp(ILogger logger, Guid instanceId);
    }
}
