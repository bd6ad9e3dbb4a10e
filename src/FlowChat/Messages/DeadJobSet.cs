using FlowChat.Storage;
using static FlowChat.Storage.SqlBatch;

namespace FlowChat.Messages;

/// <summary>Those of the named jobs that are dead, and stay so until the commit.</summary>
internal sealed class DeadJobSet
{
    private const string LockDead =
        "select id from jobs where id = any($1) and state = 'dead' order by id for no key update";

    private readonly HashSet<Guid> _dead = [];

    public bool Contains(Guid id) => _dead.Contains(id);

    public void Lock(SqlBatch batch, WorkKeys keys)
    {
        if (keys.DeadJobs.Count > 0)
        {
            batch.Read(LockDead, row => _dead.Add(row.GetGuid(0)), Value(keys.DeadJobs.ToArray()));
        }
    }
}
