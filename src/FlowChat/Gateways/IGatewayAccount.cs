using FlowChat.Instances;

namespace FlowChat.Gateways;

/// <summary>What an admin would else do by hand at a gateway that holds WhatsApp sessions. What goes wrong there is an answer.</summary>
internal interface IGatewayAccount
{
    /// <summary>The gateway's name in an instance's row.</summary>
    string Name { get; }

    /// <summary>From now on the gateway calls us, and nobody else, with what we handle, and nothing else.</summary>
    Task<AccountAnswer> SetWebhookAsync(
        Instance instance,
        GatewayWebhook webhook,
        CancellationToken cancellationToken
    );

    /// <summary>Makes the instance there, with our webhook from its first event on.</summary>
    Task<AccountAnswer> CreateAsync(
        Instance instance,
        GatewayWebhook webhook,
        CancellationToken cancellationToken
    );

    /// <summary>Begins a session, or shows the pairing code of the one that begins.</summary>
    /// <param name="instance">The number.</param>
    /// <param name="phone">Its digits, for a code that is typed on that phone instead of scanned.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    Task<AccountAnswer> ConnectAsync(
        Instance instance,
        string? phone,
        CancellationToken cancellationToken
    );

    /// <summary>Ends the session; the phone forgets this device.</summary>
    Task<AccountAnswer> LogOutAsync(Instance instance, CancellationToken cancellationToken);

    /// <summary>Removes the instance there.</summary>
    Task<AccountAnswer> DeleteAsync(Instance instance, CancellationToken cancellationToken);
}

internal sealed record GatewayWebhook(string Url, string Secret);

/// <summary>What a gateway says of its account.</summary>
internal abstract record AccountAnswer
{
    private AccountAnswer() { }

    /// <param name="State">Of the number, where it is told.</param>
    /// <param name="Qr">To pair with, where there is one.</param>
    public sealed record Done(string? State = null, QrCode? Qr = null) : AccountAnswer;

    /// <summary>The gateway doesn't know the instance.</summary>
    public sealed record Missing : AccountAnswer;

    /// <summary>Nothing is known to be done.</summary>
    /// <param name="Reason">The gateway's words.</param>
    /// <param name="Code">One of <see cref="Messages.SendError"/> or <see cref="Accounts.ProblemCode"/>.</param>
    public sealed record Failed(string Reason, string Code) : AccountAnswer;
}
