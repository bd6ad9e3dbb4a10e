namespace FlowChat.Testing.Evolution;

/// <summary>The webhooks that follow a send: its echo, then its receipts.</summary>
public sealed record EchoPlan
{
    /// <summary>send.message, or messages.upsert of a gateway that tells its own sends like a phone's; or both.</summary>
    public IReadOnlyList<string> Events { get; init; } = ["send.message"];

    /// <summary>None, one, or a doubled one.</summary>
    public int Copies { get; init; } = 1;

    /// <summary>Also what is done to messages is told, in the same way.</summary>
    public bool TellsChanges { get; init; }

    /// <summary>How far the gateway's clock, by which it dates changes, is ahead of FlowChat's.</summary>
    public TimeSpan ClockAhead { get; init; }

    /// <summary>Posted one after the other behind the echo.</summary>
    public IReadOnlyList<string> Receipts { get; init; } = [];

    /// <summary>The echo arrives before the caller has its answer; otherwise they race, as in Evolution.</summary>
    public bool BeforeAnswer { get; init; }

    /// <summary>Awaited before the echo, so that it can come late.</summary>
    public Task Signal { get; init; } = Task.CompletedTask;
}
