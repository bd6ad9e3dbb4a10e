using FlowChat.Accounts;
using FlowChat.Queues;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FlowChat.Operations.Work;

internal static class QueueEndpoints
{
    public static void MapQueues(this IEndpointRouteBuilder routes)
    {
        var operate = routes
            .MapGroup("/api")
            .WithTags("Queues")
            .RequireAuthorization(Policies.Operator);
        operate
            .MapGet("chat/reactions/queues/status/", ReadStreamsAsync)
            .WithSummary(
                "Lengths, consumers and alerts, as dashboards of the chat's streams read them"
            );
        operate.MapGet("queue/metrics", ReadAsync).WithSummary("The figures of every queue");
        operate
            .MapPost("queues/{name}/pause", PauseAsync)
            .WithSummary("Stop the claiming of a queue's jobs, in all processes")
            .ProducesProblem(StatusCodes.Status404NotFound);
        operate
            .MapPost("queues/{name}/resume", ResumeAsync)
            .WithSummary("Let a paused queue go on")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static Task<QueueBoard> ReadAsync(
        WorkBoard board,
        CancellationToken cancellationToken
    ) => board.ReadAsync(cancellationToken);

    private static async Task<StreamStatus> ReadStreamsAsync(
        WorkBoard board,
        CancellationToken cancellationToken
    ) => StreamStatus.Of(await board.ReadAsync(cancellationToken));

    private static Task<Results<NoContent, ProblemHttpResult>> PauseAsync(
        string name,
        QueueRegistry queues,
        IQueueBackend backend,
        CancellationToken cancellationToken
    ) => SetPausedAsync(name, paused: true, queues, backend, cancellationToken);

    private static Task<Results<NoContent, ProblemHttpResult>> ResumeAsync(
        string name,
        QueueRegistry queues,
        IQueueBackend backend,
        CancellationToken cancellationToken
    ) => SetPausedAsync(name, paused: false, queues, backend, cancellationToken);

    private static async Task<Results<NoContent, ProblemHttpResult>> SetPausedAsync(
        string name,
        bool paused,
        QueueRegistry queues,
        IQueueBackend backend,
        CancellationToken cancellationToken
    )
    {
        if (!queues.All.Any(queue => queue.Name == name))
        {
            return Problems.NotFound("queue");
        }
        await backend.SetPausedAsync(name, paused, cancellationToken);
        return TypedResults.NoContent();
    }
}
