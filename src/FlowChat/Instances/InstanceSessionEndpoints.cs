using FlowChat.Accounts;
using FlowChat.Messages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FlowChat.Instances;

internal static class InstanceSessionEndpoints
{
    private const int MostDigits = 15;

    public static void MapInstanceSessions(this IEndpointRouteBuilder routes)
    {
        var manage = routes
            .MapGroup("/api/instances/{id:guid}")
            .WithTags("Instances")
            .RequireAuthorization(Policies.Admin)
            .ProducesProblem(StatusCodes.Status404NotFound);
        manage
            .MapPost("connect", ConnectAsync)
            .WithSummary(
                "Begin a session: the code to pair with, or the state of one that is there"
            )
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status502BadGateway);
        manage
            .MapPost("logout", LogOutAsync)
            .WithSummary("End the session; the phone forgets this device")
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status502BadGateway);
        manage
            .MapPost("rotate-secret", RotateAsync)
            .WithSummary("A new webhook secret; the one before it stays valid for a while");
        manage
            .MapDelete("", DeleteAsync)
            .WithSummary("Remove a number, at_gateway=true there too; its conversations stay")
            .ProducesProblem(StatusCodes.Status502BadGateway);
    }

    /// <param name="id">The number.</param>
    /// <param name="phone">For a code that is typed on that phone instead of scanned.</param>
    /// <param name="caller">An admin.</param>
    /// <param name="session">Its session.</param>
    /// <param name="cancellationToken">The caller is gone.</param>
    private static async Task<
        Results<Ok<ConnectedInstance>, ProblemHttpResult, ValidationProblem>
    > ConnectAsync(
        Guid id,
        string? phone,
        Caller caller,
        InstanceSession session,
        CancellationToken cancellationToken
    )
    {
        var digits = phone is null ? null : string.Concat(phone.Where(char.IsAsciiDigit));
        if (digits is { Length: 0 or > MostDigits })
        {
            return Problems.Field("phone", "Give the phone's number with its country code.");
        }
        return await session.ConnectAsync(caller.TenantId, id, digits, cancellationToken) switch
        {
            SessionAnswer.Done done => TypedResults.Ok(
                new ConnectedInstance(
                    done.Instance.State,
                    done.Instance.StateReason,
                    done.Qr,
                    done.Qr?.PairingCode
                )
            ),
            var other => Refusal(other),
        };
    }

    private static async Task<Results<Ok<InstanceView>, ProblemHttpResult>> LogOutAsync(
        Guid id,
        Caller caller,
        InstanceSession session,
        CancellationToken cancellationToken
    ) =>
        await session.LogOutAsync(caller.TenantId, id, cancellationToken) switch
        {
            SessionAnswer.Done done => TypedResults.Ok(done.Instance),
            var other => Refusal(other),
        };

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        Guid id,
        Caller caller,
        InstanceSession session,
        CancellationToken cancellationToken,
        [Microsoft.AspNetCore.Mvc.FromQuery(Name = "at_gateway")] bool atGateway = false
    ) =>
        await session.DeleteAsync(caller.TenantId, id, atGateway, cancellationToken) switch
        {
            SessionAnswer.Done => TypedResults.NoContent(),
            var other => Refusal(other),
        };

    private static async Task<Results<Ok<RotatedSecret>, ProblemHttpResult>> RotateAsync(
        Guid id,
        Caller caller,
        InstanceSession session,
        InstanceCreation creation,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        await session.RotateAsync(
            caller.TenantId,
            id,
            instance => creation.WebhookUrl(instance, context.Request),
            cancellationToken
        )
            is { } rotated
            ? TypedResults.Ok(rotated)
            : Problems.NotFound("instance");

    private static ProblemHttpResult Refusal(SessionAnswer answer) =>
        answer switch
        {
            SessionAnswer.Failed failed => Problems.BadGateway(failed.Reason, failed.Code),
            SessionAnswer.NoSession => Problems.Conflict(
                "This gateway has no session.",
                SendError.Unable
            ),
            _ => Problems.NotFound("instance"),
        };
}

/// <summary>What a phone pairs with; without a code the state tells why.</summary>
public sealed record ConnectedInstance(
    string State,
    string? StateReason,
    QrCode? Qr,
    string? PairingCode
);

/// <summary>Without a time the gateway doesn't have it: it gets it as soon as it answers.</summary>
public sealed record RotatedSecret(
    string? WebhookUrl,
    string WebhookSecret,
    DateTimeOffset? WebhookSetAt
);
