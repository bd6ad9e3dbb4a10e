using System.Text.Json;
using FlowChat.Inbound.Evolution;
using FlowChat.Instances;
using FlowChat.Settings;

namespace FlowChat.Gateways.Evolution;

/// <summary>Evolution's instances: one for each number, each with a webhook of its own.</summary>
internal sealed class EvolutionAccount(EvolutionCalls calls, FlowChatSettings settings)
    : IGatewayAccount
{
    private static readonly TimeSpan ShortTime = TimeSpan.FromSeconds(10);

    public string Name => "evolution";

    public async Task<AccountAnswer> SetWebhookAsync(
        Instance instance,
        GatewayWebhook webhook,
        CancellationToken cancellationToken
    ) =>
        Read(
            await calls.CallAsync(
                instance,
                HttpMethod.Post,
                EvolutionCalls.Route("webhook/set", instance),
                new { Webhook = EvolutionWebhookSettings.Of(webhook) },
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
                instance,
                HttpMethod.Post,
                "instance/create",
                new
                {
                    instance.InstanceName,
                    Integration = "WHATSAPP-BAILEYS",
                    Qrcode = true,
                    Webhook = EvolutionWebhookSettings.Of(webhook),
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
        var route = EvolutionCalls.Route("instance/connect", instance);
        var reply = await calls.CallAsync(
            instance,
            HttpMethod.Get,
            phone is null ? route : $"{route}?number={phone}",
            null,
            settings.GatewayTimeout,
            cancellationToken
        );
        return Read(
            reply,
            // Of an open session the state alone is told; of one that begins there may be no code yet.
            json =>
                json.TryGetProperty("instance", out _)
                    ? new(EvolutionAnswer.ReadState(reply.Status!.Value, json.GetRawText()).State)
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
        return EvolutionAnswer.SaysClosed(reply.Reason)
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

    private Task<EvolutionReply> DeleteAsync(
        Instance instance,
        string operation,
        CancellationToken cancellationToken
    ) =>
        calls.CallAsync(
            instance,
            HttpMethod.Delete,
            EvolutionCalls.Route(operation, instance),
            null,
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
                : new AccountAnswer.Failed(reply.Reason);
        }
        catch (InboundFormatException error)
        {
            return new AccountAnswer.Failed(error.Message);
        }
    }
}
