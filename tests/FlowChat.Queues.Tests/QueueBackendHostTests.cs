using FlowChat.Queues.Tests.Postgres;
using FlowChat.Queues.Tests.RabbitMq;
using FlowChat.Queues.Tests.Redis;
using FlowChat.Testing;

namespace FlowChat.Queues.Tests;

/// <summary>The README's example is a program, and it runs on each backend that the README names.</summary>
public sealed class QueueBackendHostTests(
    PostgresFixture postgres,
    RedisFixture redis,
    RabbitMqFixture rabbitMq
) : IClassFixture<RedisFixture>
{
    private const string Chosen = """.UseRedis(RedisOptions.Parse("redis://localhost"))""";

    private static readonly string Readme = File.ReadAllText(
        Path.Combine(Checkout.Root, "src", "FlowChat.Queues", "README.md")
    );

    private static readonly string Example = Path.Combine(
        Checkout.Root,
        "tests",
        "FlowChat.Queues.Example"
    );

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("postgres")]
    [InlineData("redis")]
    [InlineData("rabbitmq")]
    [InlineData("postgres+redis")]
    [InlineData("postgres+rabbitmq")]
    public async Task The_example_greets_and_stops_when_it_is_told_to(string backend)
    {
        var rows = backend.StartsWith("postgres", StringComparison.Ordinal)
            ? await postgres.CreateStoreAsync()
            : null;
        var broker =
            backend.EndsWith("redis", StringComparison.Ordinal) ? redis.Url
            : backend.EndsWith("rabbitmq", StringComparison.Ordinal) ? await rabbitMq.StartedAsync()
            : null;
        string[] arguments = [backend, .. Given(rows?.ConnectionString), .. Given(broker)];

        await using var example = WorkerProcess.Start("FlowChat.Queues.Example", arguments);

        await example.UntilAsync("Olá, Ana (attempt 1)");
        Assert.Equal(0, await example.TerminateAsync());
        if (rows is not null)
            await rows.DisposeAsync();
    }

    [Fact]
    public async Task The_example_is_the_program_that_runs_here_and_short()
    {
        var block = Readme.Split("```csharp\n")[1].Split("```")[0];
        var program = await File.ReadAllTextAsync(Path.Combine(Example, "Program.cs"), Ct);

        Assert.Contains(Chosen, block, StringComparison.Ordinal);
        Assert.Equal(
            program,
            block
                .Replace("using FlowChat.Queues.Redis.Resp;\n", "", StringComparison.Ordinal)
                .Replace(Chosen, ".Use(args)", StringComparison.Ordinal)
        );
        var lines = block
            .Split('\n')
            .Count(line =>
                line.Trim().Length > 1 && !line.StartsWith("using F", StringComparison.Ordinal)
            );
        Assert.InRange(lines, 1, 22);
    }

    [Fact]
    public async Task Each_backend_is_configured_as_the_README_says()
    {
        var source = await File.ReadAllTextAsync(Path.Combine(Example, "Backend.cs"), Ct);
        var lines = Readme
            .Split('\n')
            .Where(line => line.StartsWith("| `.Use", StringComparison.Ordinal))
            .Select(row => row.Split('`')[1])
            .ToList();

        Assert.Equal(5, lines.Count);
        Assert.All(lines, line => Assert.Contains(line, source, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Given(string? argument) =>
        argument is null ? [] : [argument];
}
