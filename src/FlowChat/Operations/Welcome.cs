using FlowChat.Operations.Metrics;
using FlowChat.Queues;
using FlowChat.Settings;

namespace FlowChat.Operations;

/// <summary>What a start prints for the person at the terminal.</summary>
internal static class Welcome
{
    public static void Print(
        TextWriter output,
        ICollection<string> addresses,
        FirstOwner owner,
        FlowChatSettings settings
    )
    {
        output.WriteLine($"FlowChat is ready on {addresses.First()}");
        output.WriteLine($"  Sign in as {owner.Email}");
        output.WriteLine(
            owner switch
            {
                { GeneratedPassword: { } password } =>
                    $"  Password   {password}   (shown only now)",
                { IsNew: true } => "  Password   the one in FLOWCHAT_ADMIN_PASSWORD",
                _ => $"  A new password: ./dev flowchat admin reset-password --email {owner.Email}",
            }
        );
        output.WriteLine(
            $"  Data       {(settings.DatabaseConnection is null ? settings.DataFolder : "the server in DATABASE_URL")}"
        );
        output.Flush();
    }

    /// <summary>Whichever command meets a fresh database first makes its owner, and no later one knows the password.</summary>
    public static void PrintNewOwner(TextWriter output, FirstOwner owner)
    {
        if (owner.GeneratedPassword is { } password)
        {
            output.WriteLine($"  Sign in as {owner.Email}");
            output.WriteLine($"  Password   {password}   (shown only now)");
        }
    }

    public static void PrintWorkers(TextWriter output, IServiceProvider services, FirstOwner owner)
    {
        var workers = services
            .GetRequiredService<RunningWorkers>()
            .All.GroupBy(worker => worker.Value, worker => worker.Key, StringComparer.Ordinal)
            .OrderBy(queue => queue.Key, StringComparer.Ordinal)
            .Select(queue => $"{queue.Key} ({queue.Count()})");
        PrintNewOwner(output, owner);
        if (services.GetRequiredService<ScrapeServer>().Address is { } metrics)
        {
            output.WriteLine($"  Metrics    {metrics}/metrics");
        }
        output.WriteLine($"FlowChat's workers are ready: {string.Join(", ", workers)}");
        output.Flush();
    }
}
