using FlowChat.Testing.Servers;

namespace FlowChat.Queues.Tests.Redis.Resp;

/// <summary>Passwords, users and certificates: let in, or told what to look at.</summary>
public sealed class RedisAccessTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Users_and_passwords()
    {
        await using var server = await RedisServer.StartedAsync(
            Ct,
            false,
            "--requirepass",
            "right"
        );
        await using var admin = RedisBed.Client(With(server, ":right@"));
        await admin.AskAsync("ACL", "SETUSER", "ana", "on", ">hers", "~*", "+@all");
        await using var ana = RedisBed.Client(With(server, "ana:hers@"));
        Assert.Equal("ana", (await ana.AskAsync("ACL", "WHOAMI")).Text);

        await ana.AskAsync("ACL", "SETUSER", "guest", "on", "nopass", "+@all");
        await using var guest = RedisBed.Client(With(server, "guest:@"));
        Assert.Equal("guest", (await guest.AskAsync("ACL", "WHOAMI")).Text);

        await RefusedAsync(With(server, ":wrong-secret@"), "refused the user or the password");
        await RefusedAsync(With(server, "eva:wrong-secret@"), "refused the user or the password");
        await RefusedAsync(server.Url, "asks for a password");
        await RefusedAsync(With(server, ":right@") + "/99", "database 99");
    }

    [Fact]
    public async Task A_server_that_repeats_what_it_does_not_know_tells_nobody_the_password()
    {
        string[] names = ["--rename-command", "HELLO", "", "--rename-command", "AUTH", ""];
        await using var server = await RedisServer.StartedAsync(Ct, false, names);
        await RefusedAsync(With(server, ":wrong-secret@"), "unknown command AUTH");
    }

    [Fact]
    public async Task A_server_is_trusted_by_its_authority_and_its_name_only()
    {
        using var authority = TestAuthority.Make("FlowChat tests");
        using var stranger = TestAuthority.Make("Somebody else");
        await using var server = new RedisServer(tls: true);
        var ca = await authority.WriteAsync(Path.Combine(server.Folder, "ca.pem"), Ct);
        var other = await stranger.WriteAsync(Path.Combine(server.Folder, "other.pem"), Ct);
        await authority.WriteServerAsync(server.CertificateFile, server.KeyFile, Ct);
        await server.StartAsync(Ct);

        await using var client = RedisBed.Client($"{server.Url}?ca_file={ca}");
        Assert.Equal("PONG", (await client.AskAsync("PING")).Text);
        var large = await client.AskAsync("ECHO", new byte[1_000_000]);
        Assert.Equal(1_000_000, large.Bytes.Length);
        await RedisCommandTests.WaitingReadIsAnsweredAsync(client);

        await RefusedAsync($"{server.Url}?ca_file={other}", "certificate isn't trusted");
        await RefusedAsync(server.Url, "certificate isn't trusted");
        var byOtherName = server.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        await RefusedAsync($"{byOtherName}?ca_file={ca}", "certificate isn't trusted");
        await RefusedAsync($"{server.Url}?ca_file=/nowhere.pem", "isn't there");
    }

    private static string With(RedisServer server, string credentials) =>
        server.Url.Replace("//", "//" + credentials, StringComparison.Ordinal);

    private static async Task RefusedAsync(string url, string reason)
    {
        await using var client = RedisBed.Client(url);
        var failure = await Assert.ThrowsAsync<QueueUnavailableException>(() =>
            client.AskAsync("PING")
        );
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-secret", failure.ToString(), StringComparison.Ordinal);
    }
}
