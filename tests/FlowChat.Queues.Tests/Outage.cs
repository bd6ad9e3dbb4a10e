using System.Globalization;

namespace FlowChat.Queues.Tests;

/// <summary>How long a server stays away in the tests of an outage.</summary>
internal static class Outage
{
    private const string Setting = "FLOWCHAT_TEST_OUTAGE_SECONDS";

    /// <summary>2 s, or what the run's environment says.</summary>
    public static TimeSpan Length { get; } =
        TimeSpan.FromSeconds(
            double.Parse(
                Environment.GetEnvironmentVariable(Setting) ?? "2",
                CultureInfo.InvariantCulture
            )
        );
}
