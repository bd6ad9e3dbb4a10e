using System.Text.Json;
using System.Threading.Channels;
using FlowChat.Contacts;
using FlowChat.Json;
using FlowChat.Live;
using FlowChat.Messages.Content;
using FlowChat.Operations;
using FlowChat.Storage;
using Npgsql;
using static FlowChat.Storage.SqlBatch;

namespace FlowChat.Conversations;

/// <summary>
/// Lets the open inboxes, on every node, see that a contact types. Nothing of it is kept, nobody waits for it, and what can't
/// be told soon isn't told.
/// </summary>
internal sealed class ContactTyping(
    Database database,
    TimeProvider clock,
    Alarms alarms,
    ILogger<ContactTyping> logger
) : Duty(clock, alarms, logger)
{
    private const int MostWaiting = 1_000;

    private static readonly TimeSpan MostAge = TimeSpan.FromSeconds(5);

    private const string Select = $"""
        select c.id, ct.id, ct.name,
               (select '+' || p.value from contact_identities p where p.contact_id = ct.id and p.kind = 'phone'
                order by {ContactPhone.Order} limit 1)
        from unnest($1::text[], $2::text[]) as k (kind, value)
        join contact_identities i on i.kind = k.kind and i.value = k.value
        join contacts ct on ct.tenant_id = i.tenant_id and ct.id = i.contact_id

        """;

    private const string FindDirect =
        Select
        + """
            join conversations c on c.contact_id = ct.id and c.instance_id = $3
            limit 1
            """;

    private const string FindInGroup =
        Select
        + """
            join groups g on g.jid = $4
            join conversations c on c.group_id = g.id and c.instance_id = $3
            limit 1
            """;

    private const string Notify = "select pg_notify($1, $2)";

    private readonly Channel<(TypingNews News, long At)> _waiting = Channel.CreateBounded<(
        TypingNews,
        long
    )>(
        new BoundedChannelOptions(MostWaiting)
        {
            FullMode = BoundedChannelFullMode.DropOldest,
            SingleReader = true,
        }
    );

    protected override IReadOnlyList<Func<CancellationToken, Task>> Loops => [TellAsync];

    public void Tell(TypingNews news) => _waiting.Writer.TryWrite((news, Clock.GetTimestamp()));

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        await foreach (var (news, at) in _waiting.Reader.ReadAllAsync(cancellationToken))
        {
            if (Clock.GetElapsedTime(at) < MostAge)
            {
                await TellAsync(news, cancellationToken);
            }
        }
    }

    private async Task TellAsync(TypingNews news, CancellationToken cancellationToken)
    {
        await using var transaction = await database.BeginAsync(news.TenantId, cancellationToken);
        var found = await transaction.ReadAsync(
            news.GroupJid is null ? FindDirect : FindInGroup,
            Keys(news),
            row => new TypingEvent(
                row.GetGuid(0),
                new SystemMember(row.GetGuid(1), row.TextOrNull(2), row.TextOrNull(3)),
                news.State
            ),
            cancellationToken
        );
        if (found is not [var typing])
        {
            return;
        }
        var data = JsonSerializer.Serialize(typing, FlowChatJson.Options);
        // This node hears it like the others do: in one order, and so never the beginning after the end.
        await transaction.ReadAsync(
            Notify,
            [Value(NodeHints.PassingChannel), Value($"{news.TenantId:N}{data}")],
            _ => true,
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
    }

    private static NpgsqlParameter[] Keys(TypingNews news)
    {
        var person = BrazilianLine.WithLines(news.Person).ToList();
        NpgsqlParameter[] keys =
        [
            Column(person, identity => identity.Kind),
            Column(person, identity => identity.Value),
            Value(news.InstanceId),
        ];
        return news.GroupJid is null ? keys : [.. keys, Value(news.GroupJid)];
    }
}

/// <param name="TenantId">Whose inbox.</param>
/// <param name="InstanceId">The number that was told.</param>
/// <param name="GroupJid">Null in a chat of two.</param>
/// <param name="Person">Who types, under one or two addresses.</param>
/// <param name="State">See <see cref="TypingState"/>.</param>
internal sealed record TypingNews(
    Guid TenantId,
    Guid InstanceId,
    string? GroupJid,
    IReadOnlyList<Identity> Person,
    string State
);

internal static class TypingState
{
    public const string Typing = "typing";
    public const string Recording = "recording";
    public const string Ended = "ended";
}
