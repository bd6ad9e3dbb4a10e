using Dapper;
using FlowChat.Chaos.Audit;
using FlowChat.Chaos.Scenarios;
using FlowChat.Chaos.Traffic;
using FlowChat.Storage;
using FlowChat.Testing.Api;

namespace FlowChat.Chaos;

/// <summary>Gathers what there is at the end of a run, from FlowChat and from the gateway, and has it audited.</summary>
internal sealed class Examination(ChaosRun run, Scenario scenario, ChaosOptions options)
{
    private const string Rows = """
        select m.id, m.conversation_id as thread, case m.direction when 'in' then 'In' else 'Out' end as way,
               coalesce(m.text, '') as text, m.status, m.sent_at as sent_at, m.arrival,
               (select a.id from attachments a where a.message_id = m.id limit 1) as attachment,
               m.tenant_id as tenant
        from messages m
        """;

    // What is asked of a gateway that is away is given up after three attempts, and asked again when somebody writes.
    private const string Oddities = """
        select 'quarantined: ' || coalesce(event, '') || ' ' || reason from quarantine
        union all
        select 'a dead letter of ' || queue || ': ' || coalesce(errors::text, '') from jobs
        where state = 'dead' and queue not in ('fetch_profile_pic', 'fetch_group_info')
        union all
        select 'an attachment is ' || state || ': ' || coalesce(reason, '') from attachments
        where message_id is not null and state <> 'ready'
        union all
        select 'an echo is still held' from held_echoes
        """;

    private readonly Judge judge = run.Traffic.Judge;

    public async Task<Counters> CountAsync()
    {
        await using var database = new Database(run.Stack.Database);
        await using var connection = await database.Migrator.OpenConnectionAsync(run.Ct);
        var rows = (await connection.QueryAsync<Row>(Rows)).ToList();
        foreach (var oddity in await connection.QueryAsync<string>(Oddities))
            judge.Condemn(oddity);
        foreach (var crash in run.Stack.Processes.SelectMany(process => process.Crashes))
            judge.Condemn(crash);
        JudgeAlarms();
        JudgeScenario();
        foreach (var row in rows.Where(row => options.TakesIds && row.Status == "unknown"))
            judge.Condemn($"{row.Text} is unknown, though the gateway takes our ids");
        foreach (
            var difference in run.Pages is { } pages ? await pages.DifferencesAsync(run.Ct) : []
        )
            judge.Condemn(difference);
        var stored = new List<StoredMessage>();
        foreach (var row in rows)
            stored.Add(row.ToMessage() with { Hash = await HashAsync(row) });
        JudgeReaders(stored);
        return new ChaosAudit(
            run.Traffic.Attempts.All,
            stored,
            [.. Sends()],
            judge.Unexpected
        ).Count();
    }

    // What mends itself leaves no other trace.
    private void JudgeAlarms()
    {
        foreach (var process in run.Stack.Processes)
        foreach (
            var line in process.Log.Where(line =>
                line.Contains("Alarm strays", StringComparison.Ordinal)
                || line.Contains("Alarm duty_failed", StringComparison.Ordinal)
            )
        )
            judge.Condemn($"{process.Name}: {line}");
    }

    private void JudgeScenario()
    {
        var (_, refused, cut) = judge.Figures;
        if (scenario.AllowsNoRefusal && refused + cut > 0)
            judge.Condemn($"{refused} requests were answered with 503, and {cut} not at all");
        foreach (var reader in run.Traffic.Readers)
            if (scenario.LongestGap is { } longest && reader.LongestGap > longest)
                judge.Condemn($"A live stream was away for {reader.LongestGap.TotalSeconds:0.0} s");
    }

    /// <summary>Through nginx, as a page gets it.</summary>
    private async Task<string?> HashAsync(Row row)
    {
        if (row.Attachment is not { } attachment)
            return null;
        var client = run.Traffic.ClientOf(row.Thread);
        using var response = await client.Http.GetAsync(
            $"/api/attachments/{attachment}/content",
            run.Ct
        );
        return response.IsSuccessStatusCode
            ? TestFiles.HashOf(await response.Content.ReadAsByteArrayAsync(run.Ct))
            : $"none: {(int)response.StatusCode}";
    }

    /// <summary>What the events have told is what there is.</summary>
    private void JudgeReaders(IReadOnlyList<StoredMessage> stored)
    {
        var told = new Dictionary<Guid, Message>();
        foreach (var reader in run.Traffic.Readers)
        foreach (var (id, message) in reader.Messages)
            told[id] = message;
        foreach (var row in stored)
        {
            if (!told.TryGetValue(row.Id, out var message))
                judge.Condemn($"no live stream has told of {row.Text}");
            else if (message.Status != row.Status || message.ConversationId != row.Thread)
                judge.Condemn($"{row.Text} is {row.Status}, and {message.Status} on the pages");
        }
    }

    private IEnumerable<GatewaySend> Sends() =>
        run.Stack.Gateway.Sent.All.Select(sent => new GatewaySend(
            run.Traffic.ThreadOf(sent.Instance.Name, sent.RemoteJid),
            sent.Text,
            sent.File?.Sha256
        ));

    private sealed record Row(
        Guid Id,
        Guid Thread,
        string Way,
        string Text,
        string Status,
        DateTime SentAt,
        long Arrival,
        Guid? Attachment,
        Guid Tenant
    )
    {
        public StoredMessage ToMessage() =>
            new(Id, Thread, Enum.Parse<Way>(Way), Text, Status, new(SentAt), Arrival);
    }
}
