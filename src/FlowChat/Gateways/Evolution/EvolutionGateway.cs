using System.Net;
using System.Security.Cryptography;
using System.Text;
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
    private const string UnopenedKey = "The gateway's key can't be opened: enter it again.";

    public string Name => "evolution";

    public async Task<SendResult> SendTextAsync(
        Instance instance,
        string jid,
        string text,
        CancellationToken cancellationToken
    )
    {
        var body = new EvolutionSendText(jid, text, LinkPreview: false);
        try
        {
            using var request = Request(instance, HttpMethod.Post, "message/sendText");
            request.Content = EvolutionBody.ToContent(body);
            using var timeout = new CancellationTokenSource(settings.GatewayTimeout, clock);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(
                timeout.Token,
                cancellationToken
            );
            using var response = await http.SendAsync(request, stop.Token);
            var answer = await ReadAsync(response, stop.Token);
            return await ClassifyAsync(instance, response.StatusCode, answer, cancellationToken);
        }
        catch (CryptographicException)
        {
            return new SendResult.KeyRefused(UnopenedKey);
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

    public async Task<MarkResult> MarkAsReadAsync(
        Instance instance,
        string jid,
        IReadOnlyList<string> waIds,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var request = Request(instance, HttpMethod.Post, "chat/markMessageAsRead");
            request.Content = EvolutionBody.ToContent(EvolutionMarkRead.Of(jid, waIds));
            using var timeout = new CancellationTokenSource(settings.GatewayTimeout, clock);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(
                timeout.Token,
                cancellationToken
            );
            using var response = await http.SendAsync(request, stop.Token);
            var answer = await ReadAsync(response, stop.Token);
            return EvolutionAnswer.ReadMark(response.StatusCode, answer);
        }
        catch (CryptographicException)
        {
            return new MarkResult.NotConnected(UnopenedKey);
        }
        catch (HttpRequestException error)
        {
            return SendFailure.Classify(error) is SendResult.NotConnected away
                ? new MarkResult.NotConnected(away.Reason)
                : new MarkResult.Failed(SendFailure.Describe(error));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new MarkResult.Failed(
                $"No answer within {settings.GatewayTimeout.TotalSeconds:0} s."
            );
        }
    }

    public async Task<GatewayState> ReadStateAsync(
        Instance instance,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var request = Request(instance, HttpMethod.Get, "instance/connectionState");
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(5), clock);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(
                timeout.Token,
                cancellationToken
            );
            using var response = await http.SendAsync(request, stop.Token);
            return EvolutionAnswer.ReadState(
                response.StatusCode,
                await ReadAsync(response, stop.Token)
            );
        }
        catch (CryptographicException)
        {
            return new(InstanceState.Refused, UnopenedKey, KeyRefused: true);
        }
        catch (HttpRequestException error)
        {
            return new(InstanceState.Unreachable, SendFailure.Describe(error));
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
            return
                state.State
                    is InstanceState.Close
                        or InstanceState.Connecting
                        or InstanceState.Refused
                ? new SendResult.NotConnected(reason, TimeSpan.FromSeconds(15))
                : result;
        }
        return result;
    }

    /// <summary>As UTF-8 whatever charset the answer names: some name none that exists.</summary>
    private static async Task<string> ReadAsync(
        HttpResponseMessage response,
        CancellationToken cancellationToken
    ) => Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancellationToken));

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
