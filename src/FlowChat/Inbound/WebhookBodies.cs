using FlowChat.Operations;
using FlowChat.Settings;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FlowChat.Inbound;

/// <summary>Takes webhooks' bodies in: within the time, the size and the memory that they may have.</summary>
internal sealed class WebhookBodies(FlowChatSettings settings, Alarms alarms, TimeProvider clock)
{
    private const int Slack = 1_048_576;

    private readonly ByteBudget _budget = new(settings.WebhookMemoryBytes);

    /// <param name="context">The request, its body not yet read.</param>
    /// <param name="instanceId">Whose webhook it is.</param>
    /// <param name="take">Gets the bytes as they came; they are gone once it answers.</param>
    /// <param name="cancellationToken">The gateway hung up.</param>
    public async Task<IResult> TakeAsync(
        HttpContext context,
        Guid instanceId,
        Func<Memory<byte>, Task<IResult>> take,
        CancellationToken cancellationToken
    )
    {
        var limit = settings.WebhookMaxBytes;
        if (context.Request.ContentLength > limit)
        {
            return TooLarge(context, instanceId);
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
            return await take(body.Bytes);
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
            return TooLarge(context, instanceId);
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

    /// <param name="request">Names the coding.</param>
    /// <param name="body">As it came.</param>
    /// <param name="receive">Gets it unpacked.</param>
    /// <param name="keepPacked">Gets the name of a coding that can't be unpacked.</param>
    public async Task<WebhookAnswer> UnpackAsync(
        HttpRequest request,
        Memory<byte> body,
        Func<Memory<byte>, Task<WebhookAnswer>> receive,
        Func<string, Task<WebhookAnswer>> keepPacked
    )
    {
        var coding = request.Headers.ContentEncoding.ToString();
        if (coding.Length == 0 || coding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return await receive(body);
        }
        using var unpacked = await WebhookEncoding.TryDecodeAsync(
            coding,
            body,
            settings.WebhookMaxBytes,
            _budget,
            CancellationToken.None
        );
        return unpacked is null ? await keepPacked(coding) : await receive(unpacked.Bytes);
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
