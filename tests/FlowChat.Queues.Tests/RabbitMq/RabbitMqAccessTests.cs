using FlowChat.Queues.RabbitMq;
using FlowChat.Testing.Servers;

namespace FlowChat.Queues.Tests.RabbitMq;

/// <summary>Users, virtual hosts and certificates: let in, or told what to look at.</summary>
public sealed class RabbitMqAccessTests
{
    private static readonly QueueOptions Queue = new() { Name = "work" };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_is_trusted_by_its_authority_and_its_name_only()
    {
        Assert.SkipUnless(RabbitMqServer.IsInstalled, RabbitMqServer.HowToInstall);
        await using var server = new RabbitMqServer(tls: true);
        using var authority = TestAuthority.Make("FlowChat tests");
        using var stranger = TestAuthority.Make("Somebody else");
        Directory.CreateDirectory(server.Folder);
        await authority.WriteServerAsync(server.CertificateFile, server.KeyFile, Ct);
        var ca = await authority.WriteAsync(Path.Combine(server.Folder, "ca.pem"), Ct);
        var other = await stranger.WriteAsync(Path.Combine(server.Folder, "other.pem"), Ct);
        await server.StartAsync(Ct);

        await RoundTripAsync($"{server.Url}?ca_file={ca}");

        await RefusedAsync($"{server.Url}?ca_file={other}", "certificate isn't trusted");
        await RefusedAsync(server.Url, "certificate isn't trusted");
        var byOtherName = server.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        await RefusedAsync($"{byOtherName}?ca_file={ca}", "certificate isn't trusted");
        await RefusedAsync($"{server.Url}?ca_file=/nowhere.pem", "isn't there");
    }

    [Fact]
    public async Task User_password_and_virtual_host_are_those_of_the_url()
    {
        Assert.SkipUnless(RabbitMqServer.IsInstalled, RabbitMqServer.HowToInstall);
        await using var server = new RabbitMqServer();
        await server.StartAsync(Ct);
        await server.ControlAsync(Ct, "add_vhost", "chat/eu");
        await server.ControlAsync(Ct, "add_user", "ana", "p@ss/word");
        await server.ControlAsync(Ct, "set_permissions", "-p", "chat/eu", "ana", ".*", ".*", ".*");
        var at = $"127.0.0.1:{server.Port}";

        await RoundTripAsync($"amqp://ana:p%40ss%2Fword@{at}/chat%2Feu");

        await RefusedAsync($"amqp://ana:wrong-secret@{at}/chat%2Feu", "user or the password");
        await RefusedAsync($"amqp://ana:p%40ss%2Fword@{at}/nowhere", "vhost nowhere not found");
        await RefusedAsync($"amqp://ana:p%40ss%2Fword@{at}/", "refused");
    }

    private static async Task RoundTripAsync(string url)
    {
        await using var backend = new RabbitMqQueueBackend(
            RabbitMqUrl.Parse(url),
            TimeProvider.System
        );
        await backend.PrepareAsync(Queue, Ct);
        var job = new Job { Queue = Queue.Name, Payload = "{}"u8.ToArray() };
        await backend.EnqueueAsync([job], Ct);
        var claimed = await backend.ClaimAsync(Queue, "tester", 1, new CancellationToken(true));
        Assert.Equal(job.Id, Assert.Single(claimed).Lease.JobId);
    }

    private static async Task RefusedAsync(string url, string reason)
    {
        await using var backend = new RabbitMqQueueBackend(
            RabbitMqUrl.Parse(url),
            TimeProvider.System
        );
        var failure = await Assert.ThrowsAsync<QueueUnavailableException>(async () =>
            await backend.PrepareAsync(Queue, Ct)
        );
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-secret", failure.ToString(), StringComparison.Ordinal);
    }
}
