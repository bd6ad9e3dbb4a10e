using Dapper;
using FlowChat.Contacts;
using FlowChat.Inbound;
using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Tests.Storage;

public sealed class TenantWriterTests(RunningNode node) : IClassFixture<RunningNode>, IAsyncLifetime
{
    private static readonly Identity Ana = new(IdentityKind.Phone, "5511987654321");

    private WriterTenant _tenant = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private TenantWriter Writer => node.Server.Get<TenantWriter>();

    public async ValueTask InitializeAsync() =>
        _tenant = await WriterTenant.CreateAsync(node.Server, Ct);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task What_queues_up_during_a_commit_is_committed_together_each_with_its_own_answer()
    {
        var answers = await TogetherAsync([
            .. Enumerable.Range(0, 40).Select(i => _tenant.Message($"m{i % 30}", Ana)),
        ]);

        Assert.Equal(30, answers.Count(answer => answer.Result == Received.Accepted));
        Assert.Equal(
            Enumerable.Repeat(Received.Duplicate, 10),
            answers.Skip(30).Select(answer => answer.Result!.Value)
        );
        Assert.Equal((30, 1), await MessagesAndTransactionsAsync());
        Assert.Equal((30, 30), await UnreadAndArrivalsAsync());
    }

    [Fact]
    public async Task A_poisoned_change_fails_alone()
    {
        var changes = Enumerable
            .Range(0, 20)
            .Select(TenantChange<Received> (i) => _tenant.Message($"m{i}", Ana))
            .ToList();
        changes[7] = _tenant.Typed("poison", Ana, status: "no such status");

        var answers = await TogetherAsync(changes);

        var refused = Assert.IsType<PostgresException>(answers[7].Error);
        Assert.Equal(
            (PostgresErrorCodes.CheckViolation, "messages_status_check"),
            (refused.SqlState, refused.ConstraintName)
        );
        Assert.All(
            answers.Where((_, i) => i != 7),
            answer => Assert.Equal(Received.Accepted, answer.Result)
        );
        Assert.Equal((19, 19), await MessagesAndTransactionsAsync());
    }

    [Fact]
    public async Task A_change_that_throws_before_the_database_fails_alone()
    {
        var changes = new List<TenantChange<Received>>
        {
            _tenant.Message("before", Ana),
            new Broken(),
            _tenant.Message("after", Ana),
        };

        var answers = await TogetherAsync(changes);

        Assert.IsType<KeyNotFoundException>(answers[1].Error);
        Assert.Equal([Received.Accepted, null, Received.Accepted], answers.Select(a => a.Result));
        Assert.Equal((2, 2), await MessagesAndTransactionsAsync());
    }

    [Fact]
    public async Task One_tenants_commit_does_not_hold_anothers()
    {
        var other = await WriterTenant.CreateAsync(node.Server, Ct);
        using var gate = new Gate();
        var held = Writer.WriteAsync(_tenant.Id, gate, Ct);
        await gate.Reached;

        Assert.Equal(
            Received.Accepted,
            await Writer.WriteAsync(other.Id, other.Message("m", Ana), Ct)
        );

        gate.Open();
        Assert.True(await held);
    }

    [Fact]
    public async Task The_log_has_every_change_once_and_without_gaps()
    {
        await TogetherAsync([
            .. Enumerable.Range(0, 50).Select(i => _tenant.Message($"m{i}", Ana)),
        ]);

        await using var connection = await node
            .Server.Get<Database>()
            .Migrator.OpenConnectionAsync(Ct);
        var events = await connection.QueryAsync<(long Seq, string Type)>(
            "select seq, type from events where tenant_id = @Id order by seq",
            new { _tenant.Id }
        );

        Assert.Equal(Enumerable.Range(1, 51).Select(seq => (long)seq), events.Select(e => e.Seq));
        Assert.Equal(50, events.Count(e => e.Type == "message.created"));
    }

    private async Task<IReadOnlyList<Answer>> TogetherAsync(
        IReadOnlyList<TenantChange<Received>> changes
    )
    {
        using var gate = new Gate();
        var held = Writer.WriteAsync(_tenant.Id, gate, Ct);
        await gate.Reached;
        var writes = changes.Select(change => Writer.WriteAsync(_tenant.Id, change, Ct)).ToList();
        gate.Open();
        await held;
        var answers = new List<Answer>();
        foreach (var write in writes)
        {
            await Task.WhenAny(write);
            answers.Add(
                write.IsCompletedSuccessfully
                    ? new(await write, null)
                    : new(null, write.Exception!.InnerException)
            );
        }
        return answers;
    }

    private Task<(int, int)> MessagesAndTransactionsAsync() =>
        CountAsync(
            "select count(*)::int, count(distinct xmin::text)::int from messages where tenant_id = @Id"
        );

    private Task<(int, int)> UnreadAndArrivalsAsync() =>
        CountAsync("select unread_count, arrivals::int from conversations where tenant_id = @Id");

    private async Task<(int, int)> CountAsync(string sql)
    {
        await using var connection = await node
            .Server.Get<Database>()
            .Migrator.OpenConnectionAsync(Ct);
        return await connection.QuerySingleAsync<(int, int)>(sql, new { _tenant.Id });
    }

    private sealed record Answer(Received? Result, Exception? Error);

    private sealed class Broken : TenantChange<Received>
    {
        public override void Declare(WorkKeys keys) { }

        public override Received Apply(Workspace work) => throw new KeyNotFoundException("a gap");
    }
}
