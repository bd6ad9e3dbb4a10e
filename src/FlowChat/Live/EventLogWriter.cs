using FlowChat.Storage;
using static FlowChat.Storage.SqlBatch;

namespace FlowChat.Live;

/// <summary>Appends a batch's events. Last of all statements: the counter's lock makes commit order seq order.</summary>
internal static class EventLogWriter
{
    private const string Append = """
        with counter as (
          update tenant_counters set seq = seq + $1 where tenant_id = current_tenant() returning seq - $1 as before
        ), log as (
          insert into events (seq, type, instance_id, data)
          select counter.before + e.ord, e.type, e.instance_id, e.data::json
          from counter, unnest($2::text[], $3::uuid[], $4::text[]) with ordinality as e (type, instance_id, data, ord)
        )
        select before + $1 from counter
        """;

    public static void Write(SqlBatch batch, IReadOnlyList<PendingEvent> events)
    {
        if (events.Count > 0)
        {
            batch.Add(
                Append,
                Value((long)events.Count),
                Column(events, e => e.Type.Name),
                Column(events, e => e.InstanceId),
                Column(events, e => e.Data)
            );
        }
    }
}
