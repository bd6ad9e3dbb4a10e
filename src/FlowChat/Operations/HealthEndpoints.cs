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
        IHostApplicationLifetime lifetime,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var draining = lifetime.ApplicationStopping.IsCancellationRequested;
        var connected = !draining && await AnswersAsync(database, clock, cancellationToken);
        var health = new Health(
            draining ? "draining"
                : connected ? "ready"
                : "not_ready",
            connected ? "connected" : "disconnected",
            clock.GetUtcNow()
        );
        return TypedResults.Json(health, statusCode: connected ? 200 : 503);
    }

    private static async Task<bool> AnswersAsync(
        Database database,
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
            await using var command = database.System.CreateCommand("select 1");
            await command.ExecuteScalarAsync(either.Token);
            return true;
        }
        catch (Exception error) when (error is NpgsqlException or OperationCanceledException)
        {
            return false;
        }
    }
}

public sealed record Health(string Status, string? Database, DateTimeOffset Timestamp);
