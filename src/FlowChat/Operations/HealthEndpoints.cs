using FlowChat.Operations.Stopping;
using FlowChat.Queues;
using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Operations;

internal static class HealthEndpoints
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").WithTags("Health").AllowAnonymous();
        health.MapGet("", Alive).WithSummary("The process answers");
        health
            .MapGet("ready", ReadyAsync)
            .WithSummary("Requests can be taken")
            .Produces<Health>()
            .Produces<Health>(503);
    }

    private static Health Alive(TimeProvider clock) => new("ok", null, clock.GetUtcNow());

    private static async Task<IResult> ReadyAsync(
        Database database,
        IEnumerable<IBrokerCheck> brokers,
        Drain drain,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var draining = drain.HasBegun;
        var connected = !draining && await AnswersAsync(database, clock, cancellationToken);
        var health = new Health(
            draining ? "draining"
                : !connected ? "not_ready"
                : await AnswerAsync(brokers, clock, cancellationToken) ? "ready"
                : "degraded",
            connected ? "connected" : "disconnected",
            clock.GetUtcNow()
        );
        return TypedResults.Json(health, statusCode: connected ? 200 : 503);
    }

    private static Task<bool> AnswersAsync(
        Database database,
        TimeProvider clock,
        CancellationToken cancellationToken
    ) =>
        AnswersAsync(
            async stop =>
            {
                await using var command = database.System.CreateCommand("select 1");
                await command.ExecuteScalarAsync(stop);
            },
            clock,
            cancellationToken
        );

    /// <summary>Without its broker a queue's jobs go through PostgreSQL: slower, but they go.</summary>
    private static async Task<bool> AnswerAsync(
        IEnumerable<IBrokerCheck> brokers,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var answers = await Task.WhenAll(
            brokers.Select(broker =>
                AnswersAsync(
                    async stop => await broker.FindFaultsAsync(stop),
                    clock,
                    cancellationToken
                )
            )
        );
        return answers.All(answered => answered);
    }

    private static async Task<bool> AnswersAsync(
        Func<CancellationToken, Task> ask,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        using var timeout = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            timeout.Token,
            cancellationToken
        );
        try
        {
            await ask(either.Token);
            return true;
        }
        catch (Exception error)
            when (error
                    is NpgsqlException
                        or QueueUnavailableException
                        or OperationCanceledException
            )
        {
            return false;
        }
    }
}

public sealed record Health(string Status, string? Database, DateTimeOffset Timestamp);
