using System.Net;
using FlowChat.Gateways.OutboundHttp;
using FlowChat.Instances;
using FlowChat.Settings;
using FlowChat.Storage.KeyRing;

namespace FlowChat.Gateways.Evolution;

/// <summary>Evolution API 2.3: an HTTP server that holds the WhatsApp session.</summary>
internal sealed class EvolutionGateway(
    OutboundHttpClient http,
    SecretBox secrets,
    FlowChatSettings settings,
    TimeProvider clock
) : IGateway
{
    public string Name => "evolution";

    public async Task<SendResult> SendTextAsync(
        Instance instance,
        string jid,
        string text,
        CancellationToken cancellationToken
    )
    {
        var body = new EvolutionSendText(jid, text, LinkPreview: false);
        using var request = Request(instance, HttpMethod.Post, "message/sendText");
        request.Content = body.ToContent();
        try
        {
            using var timeout = new CancellationTokenSource(settings.GatewayTimeout, clock);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(
                timeout.Token,
                cancellationToken
            );
            using var response = await http.SendAsync(request, stop.Token);
            var answer = await response.Content.ReadAsStringAsync(stop.Token);
            return await ClassifyAsync(instance, response.StatusCode, answer, cancellationToken);
        }
        catch (HttpRequestException error)
        {
            return SendFailure.Classify(error);
        }
        catch (OperationCanceledException)
        {
            return new SendResult.Unknown(
                cancellationToken.IsCancellationRequested
                    ? "FlowChat stopped during the call."
                    : $"No answer within {settings.GatewayTimeout.TotalSeconds:0} s."
            );
        }
    }

    public async Task<GatewayState> ReadStateAsync(
        Instance instance,
        CancellationToken cancellationToken
    )
    {
        using var request = Request(instance, HttpMethod.Get, "instance/connectionState");
        try
        {
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(5), clock);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(
                timeout.Token,
                cancellationToken
            );
            using var response = await http.SendAsync(request, stop.Token);
            return EvolutionAnswer.ReadState(
                response.StatusCode,
                await response.Content.ReadAsStringAsync(stop.Token)
            );
        }
        catch (HttpRequestException error)
        {
            return new(InstanceState.Unreachable, error.HttpRequestError.ToString());
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(InstanceState.Unreachable, "No answer within 5 s.");
        }
    }

    private async Task<SendResult> ClassifyAsync(
        Instance instance,
        HttpStatusCode status,
        string answer,
        CancellationToken cancellationToken
    )
    {
        var result = EvolutionAnswer.ReadSend(instance.Id, status, answer);
        // "Connection Closed" is said before the send and, rarely, during it: the number's state tells which.
        if (
            result is SendResult.Unknown { Reason: var reason }
            && EvolutionAnswer.SaysClosed(reason)
        )
        {
            var state = await ReadStateAsync(instance, cancellationToken);
            return InstanceState.CanSend(state.State)
                ? result
                : new SendResult.NotConnected(reason, TimeSpan.FromSeconds(15));
        }
        return result;
    }

    private HttpRequestMessage Request(Instance instance, HttpMethod method, string path)
    {
        var root = instance.BaseUrl!.TrimEnd('/');
        var request = new HttpRequestMessage(
            method,
            $"{root}/{path}/{Uri.EscapeDataString(instance.InstanceName!)}"
        );
        request.Headers.TryAddWithoutValidation("apikey", secrets.Open(instance.ApiKeyEncrypted!));
        return request;
    }
}
