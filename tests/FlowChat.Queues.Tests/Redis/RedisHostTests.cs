using System.Threading.Channels;
using FlowChat.Queues.Redis.Resp;
using FlowChat.Testing.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FlowChat.Queues.Tests.Redis;

/// <summary>A host doesn't wait for its server.</summary>
public sealed class RedisHostTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_host_starts_while_the_server_is_away_and_works_once_it_is_there()
    {
        await using var server = await RedisServer.StartedAsync(Ct);
        await server.KillAsync(Ct);
        var greeted = Channel.CreateUnbounded<string>();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(greeted);
        builder
            .Services.AddFlowChatQueues()
            .UseRedis(RedisOptions.Parse(server.Url))
            .AddQueue<Name, Greeter>("greet")
            .AddWorkers();
        using var host = builder.Build();
        await host.StartAsync(Ct);
        var names = host.Services.GetRequiredService<JobQueue<Name>>();
        await Assert.ThrowsAsync<QueueUnavailableException>(async () =>
            await names.EnqueueAsync(new Name("Ana"), Ct)
        );

        await server.StartAsync(Ct);
        while (!await TryEnqueueAsync(names))
            await Task.Yield();

        Assert.Equal(
            "Ana",
            await greeted.Reader.ReadAsync(Ct).AsTask().WaitAsync(QueueBed.Soon, Ct)
        );
        await host.StopAsync(Ct);
    }

    private static async Task<bool> TryEnqueueAsync(JobQueue<Name> names)
    {
        try
        {
            await names.EnqueueAsync(new Name("Ana"), Ct);
            return true;
        }
        catch (QueueUnavailableException)
        {
            return false;
        }
    }

    private sealed record Name(string Text);

    private sealed class Greeter(Channel<string> greeted) : IJobHandler<Name>
    {
        public ValueTask<JobOutcome> HandleAsync(
            Name job,
            JobContext context,
            CancellationToken cancellationToken
        )
        {
            greeted.Writer.TryWrite(job.Text);
            return new(JobOutcome.Done);
        }
    }
}
