using System.Collections.Concurrent;
using System.Threading.Channels;
using FlowChat.Gateways;
using FlowChat.Inbound;
using FlowChat.Operations;
using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Instances;

/// <summary>Asks the gateways of numbers that aren't connected how they are: a lost connection.update must not park sends for ever.</summary>
internal sealed class InstanceMonitor(
    Database database,
    TenantWriter writer,
    GatewayCatalog gateways,
    TimeProvider clock,
    Alarms alarms,
    ILogger<InstanceMonitor> logger
) : Duty(clock, alarms, logger)
{
    private const string FindDoubtful =
        "select i.tenant_id, "
        + InstanceRow.Columns
        + " from instances i where i.deleted_at is null and i.state <> 'open'";

    private const string FindOne =
        "select i.tenant_id, " + InstanceRow.Columns + " from instances i where i.id = $1";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    // A closed number's webhooks come in floods; one question for all of them is enough.
    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(2);

    private readonly Channel<Guid> _asked = Channel.CreateBounded<Guid>(
        new BoundedChannelOptions(256) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    private readonly ConcurrentDictionary<Guid, long> _checkedAt = new();
    private volatile HashSet<Guid> _doubtful = [];

    public void CheckSoon(Guid instanceId) => _asked.Writer.TryWrite(instanceId);

    /// <summary>What an earlier check learned counts no more: the number's key or address has changed.</summary>
    public void CheckNow(Guid instanceId)
    {
        _checkedAt.TryRemove(instanceId, out _);
        CheckSoon(instanceId);
    }

    public void KeyRefused(Guid instanceId) =>
        Alarms.Raise(
            "gateway_key_refused",
            $"The gateway refuses the key of instance {instanceId}: its sends wait. Give the right api_key with PATCH /api/instances/{instanceId}."
        );

    /// <summary>A number that is said to be closed has spoken.</summary>
    public void HeardFrom(WebhookInstance instance)
    {
        if (_doubtful.Contains(instance.Id))
        {
            CheckSoon(instance.Id);
        }
    }

    protected override IReadOnlyList<Func<CancellationToken, Task>> Loops =>
        [AnswerAsync, WatchAsync];

    private async Task AnswerAsync(CancellationToken cancellationToken)
    {
        await foreach (var id in _asked.Reader.ReadAllAsync(cancellationToken))
        {
            if (_checkedAt.TryGetValue(id, out var at) && Clock.GetElapsedTime(at) < LeastPause)
            {
                continue;
            }
            await CheckAllAsync(FindOne, [SqlBatch.Value(id)], cancellationToken);
        }
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, Clock);
        do
        {
            _doubtful = [.. await CheckAllAsync(FindDoubtful, [], cancellationToken)];
        } while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private async Task<IReadOnlyList<Guid>> CheckAllAsync(
        string sql,
        NpgsqlParameter[] parameters,
        CancellationToken cancellationToken
    )
    {
        var found = await FindAsync(sql, parameters, cancellationToken);
        await Parallel.ForEachAsync(
            found,
            new ParallelOptions
            {
                MaxDegreeOfParallelism = 16,
                CancellationToken = cancellationToken,
            },
            async (pair, token) => await CheckAsync(pair.TenantId, pair.Instance, token)
        );
        return [.. found.Select(pair => pair.Instance.Id)];
    }

    private async Task CheckAsync(
        Guid tenantId,
        Instance instance,
        CancellationToken cancellationToken
    )
    {
        _checkedAt[instance.Id] = Clock.GetTimestamp();
        var answer = await ReadStateAsync(instance, cancellationToken);
        if (answer.State == instance.State && answer.Reason == instance.StateReason)
        {
            return;
        }
        var received = await writer.WriteAsync(
            tenantId,
            new ReceiveInstanceState(instance.Id, answer.State, answer.Reason, ownerJid: null),
            cancellationToken
        );
        if (answer.KeyRefused && received == Received.Accepted)
        {
            KeyRefused(instance.Id);
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

    private async Task<IReadOnlyList<(Guid TenantId, Instance Instance)>> FindAsync(
        string sql,
        NpgsqlParameter[] parameters,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.System.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<(Guid, Instance)>();
        while (await row.ReadAsync(cancellationToken))
        {
            found.Add((row.GetGuid(0), InstanceRow.Read(row, first: 1)));
        }
        return found;
    }
}
