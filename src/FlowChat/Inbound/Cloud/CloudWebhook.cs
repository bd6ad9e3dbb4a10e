using FlowChat.Instances;
using FlowChat.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FlowChat.Inbound.Cloud;

/// <summary>Answers Meta's webhooks. It repeats whatever isn't a 200 for up to seven days.</summary>
internal sealed class CloudWebhook(
    InstanceDirectory instances,
    CloudApps apps,
    CloudInbox inbox,
    WebhookBodies bodies,
    TenantWriter writer
)
{
    /// <summary>Meta asks whether the address is ours, before it sends anything: with the verify token.</summary>
    public async Task<IResult> VerifyAsync(
        HttpContext context,
        string instanceId,
        CancellationToken cancellationToken
    )
    {
        var query = context.Request.Query;
        try
        {
            if (await FindAsync(instanceId, cancellationToken) is not { } instance)
            {
                return NotKnown(context);
            }
            var token = query["hub.verify_token"].ToString();
            if (
                query["hub.mode"] != "subscribe"
                || (
                    !WebhookSecret.Matches(token, instance.SecretHashes)
                    && (await instances.FindAsync(instance.Id, fresh: true, cancellationToken))
                        is { } now
                    && !WebhookSecret.Matches(token, now.SecretHashes)
                )
            )
            {
                return TypedResults.Problem(
                    statusCode: StatusCodes.Status403Forbidden,
                    title: "Wrong verify token",
                    detail: "Give Meta the verify token that FlowChat showed with this address."
                );
            }
            await writer.WriteAsync(
                instance.TenantId,
                new ChangeInstance(instance.Id, (number, at) => number.WebhookSetAt = at),
                cancellationToken
            );
            return TypedResults.Text(query["hub.challenge"].ToString());
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

    public async Task<IResult> ReceiveAsync(
        HttpContext context,
        string instanceId,
        CancellationToken cancellationToken
    )
    {
        try
        {
            if (await FindAsync(instanceId, cancellationToken) is not { } instance)
            {
                return NotKnown(context);
            }
            // Whoever signs nothing needn't be read.
            var header = context.Request.Headers[CloudSignature.Header].ToString();
            return CloudSignature.Read(header) is { } signature
                ? await bodies.TakeAsync(
                    context,
                    instance.Id,
                    body => ReceiveAsync(context, instance, signature, body),
                    cancellationToken
                )
                : WrongSignature();
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

    // Once it is here it is written, also when Meta hangs up meanwhile.
    private async Task<IResult> ReceiveAsync(
        HttpContext context,
        WebhookInstance instance,
        byte[] signature,
        Memory<byte> body
    )
    {
        var app = await apps.FindAsync(instance, fresh: false, CancellationToken.None);
        if (app is null || !CloudSignature.Matches(signature, body.Span, app.Secret))
        {
            app = await apps.FindAsync(instance, fresh: true, CancellationToken.None);
            if (app is null || !CloudSignature.Matches(signature, body.Span, app.Secret))
            {
                return WrongSignature();
            }
        }
        return TypedResults.Ok(
            await bodies.UnpackAsync(
                context.Request,
                body,
                plain => inbox.ReceiveAsync(instance, app, plain, CancellationToken.None),
                coding => inbox.KeepPackedAsync(instance, coding, body, CancellationToken.None)
            )
        );
    }

    private async ValueTask<WebhookInstance?> FindAsync(
        string instanceId,
        CancellationToken cancellationToken
    ) =>
        Guid.TryParse(instanceId, out var id)
        && await instances.FindAsync(id, fresh: false, cancellationToken)
            is { Gateway: Gateways.Cloud.CloudGateway.GatewayName } instance
            ? instance
            : null;

    private static IResult NotKnown(HttpContext context) =>
        UnknownWebhooks.ComeAgain(context, "This instance isn't known here yet.");

    private static ProblemHttpResult WrongSignature() =>
        TypedResults.Problem(
            statusCode: StatusCodes.Status401Unauthorized,
            title: "Wrong signature",
            detail: $"{CloudSignature.Header} has to be sha256= and the HMAC of the body's bytes with the app's secret."
        );
}
