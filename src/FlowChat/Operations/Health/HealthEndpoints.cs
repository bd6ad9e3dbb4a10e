using FlowChat.Operations.Stopping;

namespace FlowChat.Operations.Health;

internal static class HealthEndpoints
{
    private const string Service = "flowchat";

    public static IServiceCollection AddHealth(this IServiceCollection services) =>
        services.AddSingleton<DatabaseLook>().AddSingleton<HealthLook>();

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").WithTags("Health").AllowAnonymous();
        health.MapGet("", AliveAsync).WithSummary("The process answers");
        health
            .MapGet("ready", ReadyAsync)
            .WithSummary("Requests can be taken")
            .Produces<Readiness>()
            .Produces<Readiness>(503);
    }

    private static async Task<Liveness> AliveAsync(
        HealthLook look,
        CancellationToken cancellationToken
    )
    {
        var found = await look.AskAsync(cancellationToken);
        return new("ok", Service, found.Database.Database, found.At);
    }

    private static async Task<IResult> ReadyAsync(
        HealthLook look,
        Drain drain,
        CancellationToken cancellationToken
    )
    {
        var found = await look.AskAsync(cancellationToken);
        // Asked after the look: the answer that follows a signal is the first that says so.
        var status = StatusOf(found, drain.HasBegun);
        var readiness = new Readiness(
            status,
            found.Database.Database,
            found.Redis,
            found.RabbitMq,
            found.Database.Workers,
            found.At
        );
        return TypedResults.Json(
            readiness,
            statusCode: status is "ready" or "degraded" ? 200 : 503
        );
    }

    // Without a broker its jobs go through PostgreSQL: slower, but they go. Without the database nothing does.
    private static string StatusOf(HealthLook.Found found, bool draining) =>
        draining ? "draining"
        : found.Database.Database != Connection.Connected ? "not_ready"
        : found.Redis == Connection.Disconnected || found.RabbitMq == Connection.Disconnected
            ? "degraded"
        : "ready";
}

/// <param name="Status">Always <c>ok</c>: the process answers.</param>
/// <param name="Service">Always <c>flowchat</c>.</param>
/// <param name="Database">connected, disconnected or not_migrated; tells, and changes nothing.</param>
/// <param name="Timestamp">When the database was asked.</param>
public sealed record Liveness(
    string Status,
    string Service,
    string Database,
    DateTimeOffset Timestamp
);

/// <param name="Status">ready, degraded (Redis or RabbitMQ is away), draining or not_ready.</param>
/// <param name="Database">connected, disconnected or not_migrated.</param>
/// <param name="Redis">connected, disconnected or not_configured.</param>
/// <param name="Rabbitmq">connected, disconnected or not_configured.</param>
/// <param name="Workers">How many of all processes hold jobs or wait for some; null while the database can't tell.</param>
/// <param name="Timestamp">When all of them were asked.</param>
public sealed record Readiness(
    string Status,
    string Database,
    string Redis,
    string Rabbitmq,
    long? Workers,
    DateTimeOffset Timestamp
);
