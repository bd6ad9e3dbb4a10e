using System.Text.Json;
using FlowChat.Inbound;
using FlowChat.Inbound.Evolution;
using FlowChat.Instances;
using FlowChat.Settings;

namespace FlowChat.Gateways.Evolution;

/// <summary>Evolution's instances: one for each number, each with a webhook of its own.</summary>
internal sealed class EvolutionAccount(
    EvolutionCalls calls,
    FlowChatSettings settings,
    TimeProvider clock
) : IGatewayAccount
{
    private static readonly TimeSpan ShortTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private const int MostLooks = 20;

    public string Name => "evolution";

    public async Task<AccountAnswer> SetWebhookAsync(
        Instance instance,
        GatewayWebhook webhook,
        CancellationToken cancellationToken
    ) =>
        Read(
            await calls.CallAsync(
                EvolutionRequest.Post(
                    instance,
                    "webhook/set",
                    new { Webhook = EvolutionWebhookSettings.Of(webhook) }
                ),
                ShortTime,
                cancellationToken
            ),
            _ => new AccountAnswer.Done()
        );

    public async Task<AccountAnswer> CreateAsync(
        Instance instance,
        GatewayWebhook webhook,
        CancellationToken cancellationToken
    ) =>
        Read(
            await calls.CallAsync(
                new EvolutionRequest(instance, HttpMethod.Post, "instance/create")
                {
                    Content = EvolutionBody.ToContent(
                        new
                        {
                            instance.InstanceName,
                            Integration = "WHATSAPP-BAILEYS",
                            Qrcode = true,
                            Webhook = EvolutionWebhookSettings.Of(webhook),
                        }
                    ),
                },
                // It begins the session first, which takes seconds.
                settings.GatewayTimeout,
                cancellationToken
            ),
            json => new AccountAnswer.Done(
                InstanceState.Connecting,
                json.TryGetProperty("qrcode", out var qr) ? EvolutionConnection.ReadCode(qr) : null
            )
        );

    public async Task<AccountAnswer> ConnectAsync(
        Instance instance,
        string? phone,
        CancellationToken cancellationToken
    )
    {
        // It hears a phone's number only where it begins a session. One that shows a code to scan is nobody's yet.
        if (phone is not null && instance.Qr is not null)
        {
            await EndUnpairedAsync(instance, cancellationToken);
        }
        var reply = await calls.CallAsync(
            EvolutionRequest.Get(
                instance,
                "instance/connect",
                phone is null ? "" : $"?number={phone}"
            ),
            settings.GatewayTimeout,
            cancellationToken
        );
        return Read(
            reply,
            // Of an open session the state alone is told; of one that begins there may be no code yet.
            json =>
                json.TryGetProperty("instance", out _)
                    ? new(EvolutionAnswer.ReadState(reply).State)
                    : new(InstanceState.Connecting, EvolutionConnection.ReadCode(json))
        );
    }

    public async Task<AccountAnswer> LogOutAsync(
        Instance instance,
        CancellationToken cancellationToken
    )
    {
        var reply = await DeleteAsync(instance, "instance/logout", cancellationToken);
        // 2.3 calls it an error when there is no session; 2.4 doesn't.
        return reply.SaysClosed
            ? new AccountAnswer.Done(InstanceState.Close)
            : Read(reply, _ => new(InstanceState.Close));
    }

    public async Task<AccountAnswer> DeleteAsync(
        Instance instance,
        CancellationToken cancellationToken
    )
    {
        var reply = await DeleteAsync(instance, "instance/delete", cancellationToken);
        return Read(reply, _ => new AccountAnswer.Done(InstanceState.Close));
    }

    private async Task EndUnpairedAsync(Instance instance, CancellationToken cancellationToken)
    {
        if (!await IsConnectingAsync(instance, cancellationToken))
        {
            return;
        }
        await LogOutAsync(instance, cancellationToken);
        // Its answer comes before the end.
        for (var looks = 0; looks < MostLooks; looks++)
        {
            if (!await IsConnectingAsync(instance, cancellationToken))
            {
                return;
            }
            await Task.Delay(Look, clock, cancellationToken);
        }
    }

    private async Task<bool> IsConnectingAsync(
        Instance instance,
        CancellationToken cancellationToken
    ) =>
        EvolutionAnswer
            .ReadState(
                await calls.CallAsync(
                    EvolutionRequest.Get(instance, "instance/connectionState"),
                    ShortTime,
                    cancellationToken
                )
            )
            .State == InstanceState.Connecting;

    private Task<EvolutionReply> DeleteAsync(
        Instance instance,
        string operation,
        CancellationToken cancellationToken
    ) =>
        calls.CallAsync(
            EvolutionRequest.Delete(instance, operation),
            settings.GatewayTimeout,
            cancellationToken
        );

    private static AccountAnswer Read(
        EvolutionReply reply,
        Func<JsonElement, AccountAnswer.Done> done
    )
    {
        try
        {
            return reply.IsMissing ? new AccountAnswer.Missing()
                : reply is { IsDone: true, Json: { ValueKind: JsonValueKind.Object } json }
                    ? done(json)
                : new AccountAnswer.Failed(reply.Reason, reply.Code);
        }
        catch (InboundFormatException error)
        {
            return new AccountAnswer.Failed(error.Message, reply.Code);
        }
    }
}
