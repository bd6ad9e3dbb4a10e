using FlowChat.Gateways;
using FlowChat.Inbound;
using FlowChat.Messages;
using FlowChat.Storage;

namespace FlowChat.Instances;

/// <summary>What an admin does to a number that is there: connect it, log it out, change its secret, remove it.</summary>
internal sealed class InstanceSession(
    TenantWriter writer,
    GatewayCatalog gateways,
    InstanceQuery instances,
    InstanceSetup setup,
    InstanceDirectory directory,
    InstanceMonitor monitor
)
{
    /// <returns>Null = there is no such number.</returns>
    public async Task<InstanceView?> ChangeAsync(
        Guid tenantId,
        Guid id,
        ChangeInstance change,
        CancellationToken cancellationToken
    )
    {
        var view = await writer.WriteAsync(tenantId, change, cancellationToken);
        directory.Forget(id);
        monitor.CheckNow(id);
        return view;
    }

    /// <summary>Shows the pairing code, and keeps it for those who look at the page.</summary>
    public Task<SessionAnswer> ConnectAsync(
        Guid tenantId,
        Guid id,
        string? phone,
        CancellationToken cancellationToken
    ) =>
        AskAsync(
            tenantId,
            id,
            (account, instance) => account.ConnectAsync(instance, phone, cancellationToken),
            cancellationToken
        );

    public Task<SessionAnswer> LogOutAsync(
        Guid tenantId,
        Guid id,
        CancellationToken cancellationToken
    ) =>
        AskAsync(
            tenantId,
            id,
            (account, instance) => account.LogOutAsync(instance, cancellationToken),
            cancellationToken,
            // On purpose: nobody needs to be told.
            instance => instance.OpenedAt = null
        );

    /// <summary>Removes the number here, and before that at its gateway when that is wished.</summary>
    public async Task<SessionAnswer> DeleteAsync(
        Guid tenantId,
        Guid id,
        bool atGateway,
        CancellationToken cancellationToken
    )
    {
        if (await instances.FindAsync(tenantId, id, cancellationToken) is not { } instance)
        {
            return new SessionAnswer.NoInstance();
        }
        if (
            atGateway
            && gateways.AccountOf(instance) is { } account
            && await account.DeleteAsync(instance, cancellationToken) is AccountAnswer.Failed failed
        )
        {
            return new SessionAnswer.Failed(failed.Reason, failed.Code);
        }
        var change = new ChangeInstance(id, (row, now) => row.DeletedAt = now);
        return await ChangeAsync(tenantId, id, change, cancellationToken) is { } view
            ? new SessionAnswer.Done(view, null)
            : new SessionAnswer.NoInstance();
    }

    /// <summary>A new secret. The one before holds for a while: the gateway may hold requests with it for twenty minutes.</summary>
    /// <returns>Null = there is no such number.</returns>
    public async Task<RotatedSecret?> RotateAsync(
        Guid tenantId,
        Guid id,
        Func<Instance, Uri?> webhookUrl,
        CancellationToken cancellationToken
    )
    {
        var secret = WebhookSecret.New();
        if (await instances.FindAsync(tenantId, id, cancellationToken) is not { } instance)
        {
            return null;
        }
        instance.WebhookUrl = webhookUrl(instance)?.ToString();
        var change = new ChangeInstance(
            id,
            (row, now) =>
            {
                row.WebhookUrl = instance.WebhookUrl;
                setup.Issue(row, secret, now);
                // Told from here: if this process dies, others tell it a little later.
                row.WebhookTriedAt = now;
            }
        );
        if (await ChangeAsync(tenantId, id, change, cancellationToken) is null)
        {
            return null;
        }
        // Committed, it is the gateway's as well, also when the admin is gone.
        var view = await setup.RunAsync(tenantId, instance, secret, CancellationToken.None);
        return new(instance.WebhookUrl, secret, view?.WebhookSetAt);
    }

    private async Task<SessionAnswer> AskAsync(
        Guid tenantId,
        Guid id,
        Func<IGatewayAccount, Instance, Task<AccountAnswer>> ask,
        CancellationToken cancellationToken,
        Action<Instance>? then = null
    )
    {
        if (await instances.FindAsync(tenantId, id, cancellationToken) is not { } instance)
        {
            return new SessionAnswer.NoInstance();
        }
        if (gateways.AccountOf(instance) is not { } account)
        {
            return new SessionAnswer.NoSession();
        }
        switch (await ask(account, instance))
        {
            case AccountAnswer.Missing:
                return new SessionAnswer.Failed(
                    "The gateway doesn't know this instance.",
                    SendError.InstanceMissing
                );
            case AccountAnswer.Failed failed:
                return new SessionAnswer.Failed(failed.Reason, failed.Code);
            case var answer:
                var done = (AccountAnswer.Done)answer;
                var view = await TakeAsync(tenantId, id, done, then, cancellationToken);
                monitor.CheckNow(id);
                return view is null
                    ? new SessionAnswer.NoInstance()
                    : new SessionAnswer.Done(view, done.Qr);
        }
    }

    private Task<InstanceView?> TakeAsync(
        Guid tenantId,
        Guid id,
        AccountAnswer.Done done,
        Action<Instance>? then,
        CancellationToken cancellationToken
    ) =>
        writer.WriteAsync(
            tenantId,
            new ChangeInstance(
                id,
                (row, now) =>
                {
                    InstanceSetup.Take(done, row, now);
                    then?.Invoke(row);
                }
            ),
            cancellationToken
        );
}

/// <summary>What became of an admin's wish.</summary>
internal abstract record SessionAnswer
{
    private SessionAnswer() { }

    public sealed record Done(InstanceView Instance, QrCode? Qr) : SessionAnswer;

    public sealed record NoInstance : SessionAnswer;

    /// <summary>Its gateway has none.</summary>
    public sealed record NoSession : SessionAnswer;

    /// <summary>The gateway's words, and one for the page's.</summary>
    public sealed record Failed(string Reason, string Code) : SessionAnswer;
}
