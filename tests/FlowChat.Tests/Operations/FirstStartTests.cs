using FlowChat.Accounts;
using FlowChat.Operations;
using FlowChat.Storage;
using FlowChat.Tests.Accounts;
using Npgsql;

namespace FlowChat.Tests.Operations;

public sealed class FirstStartTests(SharedPostgres postgres) : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private readonly Passwords _passwords = new(new RecordingHasher());
    private Database _database = null!;

    private FirstStart Subject => new(_database, _passwords);

    public async ValueTask InitializeAsync() =>
        _database = new Database(await postgres.CreateDatabaseAsync());

    public ValueTask DisposeAsync()
    {
        _passwords.Dispose();
        return _database.DisposeAsync();
    }

    [Fact]
    public async Task Nodes_that_start_at_once_make_one_owner_with_one_password()
    {
        var owners = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => Subject.RunAsync(null, null, null, Ct))
        );

        var maker = Assert.Single(owners, owner => owner.IsNew);
        Assert.Single(owners.Select(owner => owner.TenantId).Distinct());
        Assert.All(owners, owner => Assert.Equal("admin@flowchat.local", owner.Email));
        Assert.All(owners, owner => Assert.Equal(owner.IsNew, owner.GeneratedPassword is not null));
        var signedIn = Assert.IsType<SignInResult.SignedIn>(
            await SignIn().TryAsync(maker.Email, maker.GeneratedPassword!, Ct)
        );
        Assert.Equal((Role.Owner, true), (signedIn.Caller.Role, signedIn.Caller.IsOperator));
    }

    [Fact]
    public async Task What_is_set_is_taken_at_the_first_start_only()
    {
        var first = await Subject.RunAsync(
            "Ana@Example.com",
            "ana's password",
            "a key of our own",
            Ct
        );
        var second = await Subject.RunAsync("bia@example.com", "bia's password", "another key", Ct);

        Assert.Equal(("ana@example.com", null), (first.Email, first.GeneratedPassword));
        Assert.Equal(("ana@example.com", false), (second.Email, second.IsNew));
        Assert.IsType<SignInResult.SignedIn>(
            await SignIn().TryAsync("ana@example.com", "ana's password", Ct)
        );
        var credentials = new Credentials(_database, _clock);
        var byKey = await credentials.FindApiKeyAsync(SecretToken.Hash("a key of our own"), Ct);
        Assert.Equal((Role.Owner, true), (byKey!.Role, byKey.IsOperator));
        Assert.Null(await credentials.FindApiKeyAsync(SecretToken.Hash("another key"), Ct));
    }

    [Fact]
    public async Task A_new_tenant_has_its_counter()
    {
        var owner = await Subject.RunAsync(null, null, null, Ct);

        await using var transaction = await _database.BeginAsync(owner.TenantId, Ct);
        await using var command = new NpgsqlCommand(
            "select seq from tenant_counters",
            transaction.Connection
        );

        Assert.Equal(0L, await command.ExecuteScalarAsync(Ct));
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private SignIn SignIn() =>
        new(_database, _passwords, new SignInLock(_database, _clock), _clock);
}
