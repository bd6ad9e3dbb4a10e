using FlowChat.Instances;
using FlowChat.Storage;

namespace FlowChat.Inbound.Evolution;

/// <summary>
/// Answers Evolution's webhooks. 400, 401, 403, 404 and 422 end its retries for good: whatever may be different a moment
/// later is a 503.
/// </summary>
internal sealed class EvolutionWebhook(
    InstanceDirectory instances,
    EvolutionInbox inbox,
    InstanceMonitor monitor,
    WebhookBodies bodies
)
{
    /// <param name="context">The request, its body not yet read.</param>
    /// <param name="instanceId">As the path has it.</param>
    /// <param name="first">The path's next part: the secret, or the event's name when a header holds the secret.</param>
    /// <param name="second">The event's name after a secret.</param>
    /// <param name="cancellationToken">The gateway hung up.</param>
    public Task<IResult> HandleAsync(
        HttpContext context,
        string instanceId,
        string? first,
        string? second,
        CancellationToken cancellationToken
    ) =>
        first?.StartsWith(WebhookSecret.Prefix, StringComparison.Ordinal) == true
            ? ReceiveAsync(context, instanceId, first, second, cancellationToken)
            : ReceiveAsync(context, instanceId, null, first, cancellationToken);

    private async Task<IResult> ReceiveAsync(
        HttpContext context,
        string instanceId,
        string? secretInPath,
        string? eventInPath,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var secret = secretInPath ?? PresentedSecret(context.Request);
            if (
                !Guid.TryParse(instanceId, out var id)
                || await AuthenticateAsync(id, secret, cancellationToken) is not { } check
            )
            {
                return UnknownWebhooks.ComeAgain(context, "This instance isn't known here yet.");
            }
            return check switch
            {
                { Matches: false } => TypedResults.Problem(
                    statusCode: StatusCodes.Status401Unauthorized,
                    title: "Wrong webhook secret",
                    detail: "Send the instance's webhook secret as Authorization: Bearer whs_…, as X-Webhook-Secret, or in the path."
                ),
                { Instance.IsDeleted: true } => TypedResults.Ok(new WebhookAnswer(0, 0, 1, 0)),
                _ => await ReceiveAsync(context, check.Instance, eventInPath, cancellationToken),
            };
        }
        catch (StorageUnavailableException)
        {
            return UnknownWebhooks.ComeAgain(context, "The database is away.");
        }
        catch (LookUpsBusyException)
        {
            return UnknownWebhooks.ComeAgain(context, "Too many instances are looked up at once.");
        }
    }

    private Task<IResult> ReceiveAsync(
        HttpContext context,
        WebhookInstance instance,
        string? eventInPath,
        CancellationToken cancellationToken
    ) =>
        bodies.TakeAsync(
            context,
            instance.Id,
            async body =>
            {
                monitor.HeardFrom(instance);
                // Once it is here it is written, also when the gateway hangs up meanwhile.
                return TypedResults.Ok(
                    await bodies.UnpackAsync(
                        context.Request,
                        body,
                        plain =>
                            inbox.ReceiveAsync(
                                instance,
                                eventInPath,
                                plain,
                                CancellationToken.None
                            ),
                        coding =>
                            inbox.KeepPackedAsync(
                                instance,
                                eventInPath,
                                coding,
                                body,
                                CancellationToken.None
                            )
                    )
                );
            },
            cancellationToken
        );

    private async ValueTask<(WebhookInstance Instance, bool Matches)?> AuthenticateAsync(
        Guid id,
        string? secret,
        CancellationToken cancellationToken
    )
    {
        if (await instances.FindAsync(id, fresh: false, cancellationToken) is not { } instance)
        {
            return null;
        }
        if (WebhookSecret.Matches(secret, instance.SecretHashes))
        {
            return (instance, true);
        }
        // 401 ends the gateway's retries: only the rows as they are now may say it.
        instance = await instances.FindAsync(id, fresh: true, cancellationToken);
        return instance is null
            ? null
            : (instance, WebhookSecret.Matches(secret, instance.SecretHashes));
    }

    private static string? PresentedSecret(HttpRequest request)
    {
        const string Bearer = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        // A gateway with a jwt_key fills Authorization with a token of its own.
        return request.Headers.TryGetValue("X-Webhook-Secret", out var secret) ? secret.ToString()
            : header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
                ? header[Bearer.Length..].Trim()
            : null;
    }
}
