using System.Net;
using System.Security.Cryptography;
using System.Text;
using FlowChat.Gateways.OutboundHttp;
using FlowChat.Instances;
using FlowChat.Media;
using FlowChat.Media.Store;
using FlowChat.Messages;
using FlowChat.Settings;
using FlowChat.Storage.KeyRing;

namespace FlowChat.Gateways.Evolution;

/// <summary>Evolution API 2.3: an HTTP server that holds the WhatsApp session.</summary>
internal sealed partial class EvolutionGateway(
    OutboundHttpClient http,
    SecretBox secrets,
    IMediaStore store,
    FlowChatSettings settings,
    TimeProvider clock,
    ILogger<EvolutionGateway> logger
) : IGateway
{
    // What a slow line between us and the gateway carries.
    private const double SlowestBytesPerSecond = 250_000;

    private static readonly TimeSpan StateTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TypingTime = TimeSpan.FromSeconds(5);

    private const string UnopenedKey = "The gateway's key can't be opened: enter it again.";

    public string Name => "evolution";

    public async Task<SendResult> SendAsync(
        Instance instance,
        OutboundMessage message,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var (operation, content) = EvolutionSend.Of(message, store);
            using var request = Request(instance, HttpMethod.Post, $"message/{operation}");
            request.Content = content;
            var (status, answer) = await CallAsync(
                message.Media is null ? http : http.Files,
                request,
                TimeFor(message.Media),
                cancellationToken
            );
            return await ClassifyAsync(instance, status, answer, cancellationToken);
        }
        catch (CryptographicException)
        {
            return new SendResult.KeyRefused(UnopenedKey);
        }
        catch (MediaMissingException error)
        {
            return new SendResult.Refused(SendError.MediaMissing, error.Message);
        }
        catch (HttpRequestException error) when (error.InnerException is MediaMissingException)
        {
            return new SendResult.Refused(SendError.MediaMissing, error.InnerException.Message);
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
                    : $"No answer within {TimeFor(message.Media).TotalSeconds:0} s."
            );
        }
    }

    public async Task<ChangeResult> ChangeAsync(
        Instance instance,
        OutboundChange change,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var call = EvolutionChange.Of(change);
            using var request = Request(instance, call.Method, call.Path);
            request.Content = EvolutionBody.ToContent(call.Body);
            var (status, answer) = await CallAsync(
                request,
                settings.GatewayTimeout,
                cancellationToken
            );
            return EvolutionAnswer.ReadChange(status, answer);
        }
        catch (CryptographicException)
        {
            return new ChangeResult.NotConnected(UnopenedKey);
        }
        catch (HttpRequestException error)
        {
            return SendFailure.Classify(error) is SendResult.NotConnected away
                ? new ChangeResult.NotConnected(away.Reason)
                : new ChangeResult.Failed(SendFailure.Describe(error));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ChangeResult.Failed(
                $"No answer within {settings.GatewayTimeout.TotalSeconds:0} s."
            );
        }
    }

    public async Task ShowTypingAsync(
        Instance instance,
        string jid,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var request = Request(instance, HttpMethod.Post, "chat/sendPresence");
            // The gateway holds the request for as long as it shows.
            request.Content = EvolutionBody.ToContent(
                new
                {
                    Number = jid,
                    Presence = "composing",
                    Delay = (int)TypingTime.TotalMilliseconds,
                }
            );
            await CallAsync(request, settings.GatewayTimeout, cancellationToken);
        }
        catch (Exception error)
            when (error
                    is CryptographicException
                        or HttpRequestException
                        or OperationCanceledException
            )
        {
            Log.NotShown(logger, instance.Id, error.GetType().Name);
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
            var (status, answer) = await CallAsync(
                request,
                settings.GatewayTimeout,
                cancellationToken
            );
            return EvolutionAnswer.ReadMark(status, answer);
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

    public async Task<MediaResult> OpenMediaAsync(
        Instance instance,
        MediaSource source,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var request = Request(
                instance,
                HttpMethod.Post,
                "chat/getBase64FromMediaMessage"
            );
            request.Content = EvolutionBody.ToContent(
                new { Message = new { Key = new { Id = source.WaId } } }
            );
            var response = await http.Files.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                cancellationToken
            );
            if (response.IsSuccessStatusCode)
            {
                var json = await response.Content.ReadAsStreamAsync(cancellationToken);
                return new MediaResult.Opened(new Base64FieldStream(json));
            }
            using (response)
            {
                var answer = await ReadAsync(response, cancellationToken);
                return EvolutionAnswer.ReadMediaRefusal(response.StatusCode, answer);
            }
        }
        catch (CryptographicException)
        {
            return new MediaResult.NotConnected(UnopenedKey);
        }
        catch (HttpRequestException error)
        {
            return SendFailure.Classify(error) is SendResult.NotConnected away
                ? new MediaResult.NotConnected(away.Reason)
                : new MediaResult.Failed(SendFailure.Describe(error));
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
            var (status, answer) = await CallAsync(request, StateTime, cancellationToken);
            return EvolutionAnswer.ReadState(status, answer);
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
            return new(
                InstanceState.Unreachable,
                $"No answer within {StateTime.TotalSeconds:0} s."
            );
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

    private TimeSpan TimeFor(StoredMedium? media) =>
        settings.GatewayTimeout
        + TimeSpan.FromSeconds((media?.SizeBytes ?? 0) / SlowestBytesPerSecond);

    // As UTF-8 whatever charset it names: some name none that exists.
    private static async Task<string> ReadAsync(
        HttpResponseMessage response,
        CancellationToken cancellationToken
    ) => Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancellationToken));

    private Task<(HttpStatusCode Status, string Answer)> CallAsync(
        HttpRequestMessage request,
        TimeSpan within,
        CancellationToken cancellationToken
    ) => CallAsync(http, request, within, cancellationToken);

    private async Task<(HttpStatusCode Status, string Answer)> CallAsync(
        HttpClient client,
        HttpRequestMessage request,
        TimeSpan within,
        CancellationToken cancellationToken
    )
    {
        using var timeout = new CancellationTokenSource(within, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            timeout.Token,
            cancellationToken
        );
        using var response = await client.SendAsync(request, stop.Token);
        return (response.StatusCode, await ReadAsync(response, stop.Token));
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

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Debug,
            "The other side of {InstanceId} doesn't see that somebody types: {Reason}"
        )]
        public static partial void NotShown(ILogger logger, Guid instanceId, string reason);
    }
}
