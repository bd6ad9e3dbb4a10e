using System.Security.Cryptography;
using FlowChat.Storage;
using FlowChat.Storage.KeyRing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FlowChat.Tests.Storage;

public sealed class KeyRingTests(SharedPostgres postgres) : IAsyncLifetime
{
    private readonly string _masterKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private Database _database = null!;

    public async ValueTask InitializeAsync() =>
        _database = new Database(await postgres.CreateDatabaseAsync());

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Another_node_opens_what_one_has_sealed()
    {
        Assert.True(await KeyRingSetup.IsEmptyAsync(_database, Ct));
        await using var one = Node(_masterKey);
        one.OpenKeyRing();
        await using var other = Node(_masterKey);
        other.OpenKeyRing();

        var box = one.GetRequiredService<SecretBox>().Seal("api key");

        Assert.Equal("api key", other.GetRequiredService<SecretBox>().Open(box));
        Assert.False(await KeyRingSetup.IsEmptyAsync(_database, Ct));
    }

    [Fact]
    public async Task The_database_alone_opens_nothing()
    {
        await using var node = Node(_masterKey);
        node.OpenKeyRing();

        await using var connection = await _database.System.OpenConnectionAsync(Ct);
        await using var command = new NpgsqlCommand("select element from key_ring", connection);
        var element = Convert.FromBase64String((string)(await command.ExecuteScalarAsync(Ct))!);

        Assert.Equal(-1, element.AsSpan().IndexOf("<key"u8));
    }

    [Fact]
    public async Task Another_master_key_is_refused_and_makes_no_ring_of_its_own()
    {
        await using var node = Node(_masterKey);
        node.OpenKeyRing();
        await using var stranger = Node(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));

        Assert.Throws<MasterKeyException>(stranger.OpenKeyRing);
        Assert.ThrowsAny<Exception>(() => stranger.GetRequiredService<SecretBox>().Seal("x"));

        await using var connection = await _database.System.OpenConnectionAsync(Ct);
        await using var command = new NpgsqlCommand("select count(*) from key_ring", connection);
        Assert.Equal(1L, await command.ExecuteScalarAsync(Ct));
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private ServiceProvider Node(string masterKey) =>
        new ServiceCollection()
            .AddLogging()
            .AddSingleton(_database)
            .AddSingleton(MasterKey.LoadOrCreate("unused", masterKey, ringIsEmpty: true))
            .AddKeyRing()
            .BuildServiceProvider();
}
