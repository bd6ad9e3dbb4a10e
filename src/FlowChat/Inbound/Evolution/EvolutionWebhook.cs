using FlowChat.Instances;
using FlowChat.Operations;
using FlowChat.Settings;
using FlowChat.Storage;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FlowChat.Inbound.Evolution;

/// <summary>
/// Answers Evolution's webhooks. 400, 401, 403, 404 and 422 end its retries for good: whatever may be different a moment
/// later is a 503.
/// </summary>
internal sealed class EvolutionWebhook(
    InstanceDirectory instances,
    EvolutionInbox inbox,
    InstanceMonitor monitor,
    Alarms alarms,
    FlowChatSettings settings,
    TimeProvider clock
)
{
    private const int Slack = 1_048_576;

    private readonly ByteBudget _budget = new(settings.WebhookMemoryBytes);

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

    private async Task<IResult> ReceiveAsync(
        HttpContext context,
        WebhookInstance instance,
        string? eventInPath,
        CancellationToken cancellationToken
    )
    {
        var limit = settings.WebhookMaxBytes;
        if (context.Request.ContentLength > limit)
        {
            return TooLarge(context, instance.Id);
        }
        // Counted while reading. Kestrel's own limit comes a little later: it ends what it would else read to throw away.
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = limit + Slack;
        using var timeout = new CancellationTokenSource(settings.WebhookBodyTimeout, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            timeout.Token,
            cancellationToken
        );
        try
        {
            using var body = await WebhookBody.ReadAsync(
                context.Request.BodyReader,
                limit,
                _budget,
                stop.Token
            );
            monitor.HeardFrom(instance);
            var coding = context.Request.Headers.ContentEncoding.ToString();
            // Once it is here it is written, also when the gateway hangs up meanwhile.
            return TypedResults.Ok(
                coding.Length == 0 || coding.Equals("identity", StringComparison.OrdinalIgnoreCase)
                    ? await inbox.ReceiveAsync(
                        instance,
                        eventInPath,
                        body.Bytes,
                        CancellationToken.None
                    )
                    : await UnpackAsync(instance, eventInPath, coding, body.Bytes)
            );
        }
        catch (Exception error)
            when (error
                    is BodyTooLargeException
                        or BadHttpRequestException
                        {
                            StatusCode: StatusCodes.Status413PayloadTooLarge
                        }
            )
        {
            return TooLarge(context, instance.Id);
        }
        catch (BudgetSpentException)
        {
            return UnknownWebhooks.ComeAgain(context, "Too many large bodies at once.");
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            // What is left of the body would come as slowly.
            context.Response.Headers.Connection = "close";
            return TypedResults.Problem(
                statusCode: StatusCodes.Status408RequestTimeout,
                title: "The body came too slowly"
            );
        }
    }

    private async Task<WebhookAnswer> UnpackAsync(
        WebhookInstance instance,
        string? eventInPath,
        string coding,
        Memory<byte> packed
    )
    {
        using var body = await WebhookEncoding.TryDecodeAsync(
            coding,
            packed,
            settings.WebhookMaxBytes,
            _budget,
            CancellationToken.None
        );
        return body is not null
            ? await inbox.ReceiveAsync(instance, eventInPath, body.Bytes, CancellationToken.None)
            : await inbox.KeepPackedAsync(
                instance,
                eventInPath,
                coding,
                packed,
                CancellationToken.None
            );
    }

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

    private ProblemHttpResult TooLarge(HttpContext context, Guid instanceId)
    {
        // What is left of the body would have to be read, only to be thrown away.
        context.Response.Headers.Connection = "close";
        var megabytes = settings.WebhookMaxBytes / 1_048_576;
        alarms.Raise(
            "webhook_too_large",
            $"A webhook of instance {instanceId} was larger than {megabytes} MB and was refused."
        );
        return TypedResults.Problem(
            statusCode: StatusCodes.Status413PayloadTooLarge,
            title: "Webhook too large",
            detail: $"At most {megabytes} MB are taken: switch base64 off in the gateway's webhook, or raise FLOWCHAT_WEBHOOK_MAX_MB."
        );
    }
}
