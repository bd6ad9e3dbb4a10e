using FlowChat.Instances;
using FlowChat.Testing.Evolution;

namespace FlowChat.Tests.Messages;

/// <summary>Numbers whose gateways have said which release they are.</summary>
internal static class GatewayReleases
{
    /// <summary>One that has shown before that it heeds the ids that it is given.</summary>
    public static async Task<TestNumber> ConnectReleaseAsync(
        this SendingFlowChat flowChat,
        string? version,
        CancellationToken ct
    ) => await flowChat.ProveAsync(await flowChat.ConnectAsync(ct), version, ct);

    /// <summary>The same, which tells nothing of what it sent, and does so with the next sends.</summary>
    public static async Task<TestNumber> ConnectMuteReleaseAsync(
        this SendingFlowChat flowChat,
        string? version,
        CancellationToken ct,
        params Reply[] replies
    ) => await flowChat.ProveAsync(await flowChat.ConnectMuteAsync(ct, replies), version, ct);

    /// <summary>The gateway is another release now. Its connection changes with it, and so it is asked.</summary>
    public static async Task UpgradeAsync(
        this SendingFlowChat flowChat,
        TestNumber number,
        string? version,
        CancellationToken ct
    )
    {
        number.Gateway.Version = version;
        await number.ExecuteAsync(
            "update instances set state_at = now() where id = @Id",
            new { number.Instance.Id }
        );
        await flowChat.Server.Get<ReleaseWatch>().RunOnceAsync(ct);
    }

    private static async Task<TestNumber> ProveAsync(
        this SendingFlowChat flowChat,
        TestNumber number,
        string? version,
        CancellationToken ct
    )
    {
        await flowChat.UpgradeAsync(number, version, ct);
        // As after its first message.
        await number.ExecuteAsync(
            "update instances set heeds_ids = true where id = @Id",
            new { number.Instance.Id }
        );
        return number;
    }
}
