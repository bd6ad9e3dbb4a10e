using FlowChat.Accounts;
using FlowChat.Json;
using FlowChat.Queues;
using FlowChat.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using DeadLetterResult = Microsoft.AspNetCore.Http.HttpResults.Results<
    Microsoft.AspNetCore.Http.HttpResults.Ok<FlowChat.Operations.Work.DeadLetterAnswer>,
    Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult,
    Microsoft.AspNetCore.Http.HttpResults.ValidationProblem
>;

namespace FlowChat.Operations.Work;

/// <summary>Dead letters of the caller's tenant.</summary>
internal static class DeadLetterEndpoints
{
    private const int MostIds = 1_000;

    public static void MapDeadLetters(this IEndpointRouteBuilder routes)
    {
        var letters = routes
            .MapGroup("/api/queues/{name}/dead-letters")
            .WithTags("Dead letters")
            .RequireAuthorization(Policies.Admin)
            .ProducesProblem(StatusCodes.Status404NotFound);
        letters.MapGet("", ListAsync).WithSummary("Dead letters, newest death first");
        letters
            .MapPost("requeue", RequeueAsync)
            .WithSummary("Run dead letters again; a send is a resend of its message");
        letters
            .MapPost("discard", DiscardAsync)
            .WithSummary("Remove dead letters for good; a send's message is failed");
    }

    private static async Task<
        Results<Ok<PageOf<DeadLetter>>, ProblemHttpResult, ValidationProblem>
    > ListAsync(
        string name,
        Caller caller,
        QueueRegistry queues,
        DeadLetters letters,
        Database database,
        CancellationToken cancellationToken,
        string? q = null,
        string? cursor = null,
        int limit = 50
    )
    {
        if (!Knows(queues, name))
        {
            return Problems.NotFound("queue");
        }
        if (!PageCursor.TryRead(cursor, tie => Guid.TryParse(tie, out _), out var after))
        {
            return PageCursor.Refused();
        }
        limit = Math.Clamp(limit, 1, 200);
        var seq = await ReadSeqAsync(database, caller.TenantId, cancellationToken);
        var found = await letters.FindAsync(
            Filter(name, caller, ids: null, q),
            after is { } last ? new(last.At, Guid.Parse(last.Tie)) : null,
            limit + 1,
            cancellationToken
        );
        var page = found.Take(limit).Select(DeadLetter.Of).ToList();
        var next =
            found.Count > limit ? new Cursor(page[^1].DeadAt, $"{page[^1].Id}").ToString() : null;
        return TypedResults.Ok(new PageOf<DeadLetter>(page, next, seq));
    }

    private static Task<DeadLetterResult> RequeueAsync(
        string name,
        DeadLetterRequest request,
        Caller caller,
        QueueRegistry queues,
        DeadLetters letters,
        CancellationToken cancellationToken
    ) => ActAsync(name, request, caller, queues, letters, requeues: true, cancellationToken);

    private static Task<DeadLetterResult> DiscardAsync(
        string name,
        DeadLetterRequest request,
        Caller caller,
        QueueRegistry queues,
        DeadLetters letters,
        CancellationToken cancellationToken
    ) => ActAsync(name, request, caller, queues, letters, requeues: false, cancellationToken);

    private static async Task<DeadLetterResult> ActAsync(
        string name,
        DeadLetterRequest request,
        Caller caller,
        QueueRegistry queues,
        DeadLetters letters,
        bool requeues,
        CancellationToken cancellationToken
    )
    {
        if (!Knows(queues, name))
        {
            return Problems.NotFound("queue");
        }
        if (Validate(request, requeues) is { } problem)
        {
            return problem;
        }
        var filter = Filter(name, caller, request.Ids, request.Filter?.Q);
        var count =
            request.DryRun ? await letters.CountAsync(filter, cancellationToken)
            : requeues
                ? await letters.RequeueAsync(filter, request.PerSecond, null, cancellationToken)
            : await letters.DiscardAsync(filter, null, cancellationToken);
        return TypedResults.Ok(new DeadLetterAnswer(count, request.DryRun));
    }

    private static ValidationProblem? Validate(DeadLetterRequest request, bool requeues)
    {
        var errors = new FieldErrors();
        errors.Require(
            request.Ids is null != request.Filter is null,
            "ids",
            "Give either ids or a filter; an empty filter means all."
        );
        errors.Require(
            request.Ids is not { Count: 0 or > MostIds },
            "ids",
            $"Give 1 to {MostIds} ids."
        );
        errors.Require(
            request.Filter?.Q is not { } q || !string.IsNullOrWhiteSpace(q),
            "filter.q",
            "Give a text, or leave it out: an empty filter means all."
        );
        errors.Require(
            request.PerSecond is not { } pace || (requeues && DeadLetters.CanKeep(pace)),
            "per_second",
            requeues ? DeadLetters.PaceRemedy : "Only a requeue has a pace: leave it out."
        );
        return errors.Problem;
    }

    private static bool Knows(QueueRegistry queues, string name) =>
        queues.All.Any(queue => queue.Name == name);

    private static DeadJobFilter Filter(
        string queue,
        Caller caller,
        IReadOnlyList<Guid>? ids,
        string? text
    ) =>
        new()
        {
            Queue = queue,
            TenantId = caller.TenantId,
            Ids = ids,
            Text = string.IsNullOrWhiteSpace(text) ? null : text.Trim(),
        };

    private static async Task<long> ReadSeqAsync(
        Database database,
        Guid tenantId,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await database.BeginAsync(tenantId, cancellationToken);
        return await transaction.ReadSeqAsync(cancellationToken);
    }
}
