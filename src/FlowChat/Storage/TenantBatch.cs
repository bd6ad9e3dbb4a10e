using FlowChat.Contacts;
using FlowChat.Conversations;
using FlowChat.Groups;
using FlowChat.Live;
using FlowChat.Messages;
using FlowChat.Queues;
using FlowChat.Queues.Postgres;
using Npgsql;

namespace FlowChat.Storage;

/// <summary>
/// One transaction for many changes: resolve the keys, lock and load, apply in memory, write in sets.
/// Lock order: the ids that receipts and held echoes name, instances, contacts, groups, conversations, each by id; then dead jobs, uploads and jobs' lanes; the tenant's counter last.
/// A message has no lock of its own: it changes under its conversation's.
/// </summary>
internal sealed class TenantBatch(Database database, JobLedger ledger, TimeProvider clock)
{
    // A batch is as small as its moment: planned for its size, each of its statements would be planned anew.
    // And planned while a table is small, it must still be right when the table is large.
    // Who waits for a lock keeps others from their turn: rather a change is asked for again.
    private const string Enter = """
        select set_config('flowchat.tenant', $1, true), set_config('plan_cache_mode', 'force_generic_plan', true),
               set_config('enable_seqscan', 'off', true), set_config('lock_timeout', '5s', true)
        """;

    public async Task<BatchCommit> CommitAsync(
        Guid tenantId,
        IReadOnlyList<PendingChange> changes,
        CancellationToken cancellationToken
    )
    {
        var keys = new WorkKeys();
        foreach (var change in changes)
        {
            change.Declare(keys);
        }
        var work = new Workspace(tenantId, clock.GetStorableNow());
        // Begin and commit ride with the first and the last statements: three round trips, not six.
        // A connection that is given back inside a transaction is rolled back by its pool.
        await using var connection = await database.App.OpenConnectionAsync(cancellationToken);
        var resolved = await ResolveAsync(connection, work, keys, cancellationToken);
        await LockAsync(connection, work, keys, resolved, cancellationToken);
        foreach (var change in changes)
        {
            change.Apply(work);
        }
        return await WriteAsync(connection, work, cancellationToken);
    }

    private static async Task<ResolvedKeys> ResolveAsync(
        NpgsqlConnection connection,
        Workspace work,
        WorkKeys keys,
        CancellationToken cancellationToken
    )
    {
        var resolved = new ResolvedKeys();
        await using var batch = new SqlBatch(connection);
        batch.Add("begin");
        batch.Read(Enter, _ => { }, SqlBatch.Value(work.TenantId.ToString()));
        work.EarlyReceipts.Lock(batch, keys);
        ContactSet.Resolve(batch, keys, resolved);
        GroupSet.Resolve(batch, keys, resolved);
        MessageSet.Resolve(batch, keys, resolved);
        ConversationSet.Resolve(batch, keys, resolved);
        await batch.RunAsync(cancellationToken);
        return resolved;
    }

    private static async Task LockAsync(
        NpgsqlConnection connection,
        Workspace work,
        WorkKeys keys,
        ResolvedKeys resolved,
        CancellationToken cancellationToken
    )
    {
        await using var batch = new SqlBatch(connection);
        work.Instances.Lock(batch, keys);
        work.Contacts.Lock(batch, resolved);
        work.Groups.Lock(batch, keys, resolved);
        work.Conversations.Lock(batch, keys, resolved, work);
        work.DeadJobs.Lock(batch, keys);
        work.Messages.Load(batch, keys, resolved);
        work.Attachments.Lock(batch, keys);
        work.EarlyReceipts.Load(batch, keys, resolved);
        work.EarlyChanges.Load(batch, keys, resolved);
        work.HeldEchoes.Load(batch, keys, resolved, work.EarlyReceipts);
        await batch.RunAsync(cancellationToken);
        if (!work.Contacts.HasAll(resolved))
        {
            throw new ContactGoneException();
        }
        work.Conversations.AttachLastMessages(work.Messages);
    }

    private async Task<BatchCommit> WriteAsync(
        NpgsqlConnection connection,
        Workspace work,
        CancellationToken cancellationToken
    )
    {
        await using var batch = new SqlBatch(connection);
        work.Instances.Write(batch);
        work.Contacts.Write(batch);
        work.Groups.Write(batch);
        work.Conversations.Write(batch);
        work.Messages.Write(batch);
        work.Attachments.Write(batch);
        work.EarlyReceipts.Write(batch);
        work.EarlyChanges.Write(batch);
        work.HeldEchoes.Write(batch);
        work.WriteJobs(ledger, batch.Batch);
        EventLogWriter.Write(batch, work.Events);
        batch.Add("commit");
        var last = await batch.RunForLastAsync(cancellationToken);
        return new(work.Events.Count > 0 ? last : null, work.Wakes);
    }
}

/// <summary>A row that must be locked first came after the locks were taken: the batch begins again.</summary>
internal sealed class LockMissedException : Exception;

/// <summary>The rows that a batch's keys name: contacts, groups and messages by id.</summary>
internal sealed class ResolvedKeys
{
    public HashSet<Guid> Contacts { get; } = [];
    public HashSet<Guid> Groups { get; } = [];
    public HashSet<Guid> Messages { get; } = [];

    /// <summary>The conversations that ids of joined ones stand for.</summary>
    public Dictionary<Guid, Guid> Joined { get; } = [];
}

/// <summary>What a commit leaves to do: wake the readers of the log and the workers.</summary>
internal readonly record struct BatchCommit(long? LastSeq, IReadOnlyList<JobHint> Wakes);
