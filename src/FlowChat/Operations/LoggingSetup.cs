using Microsoft.Extensions.Logging.Console;

namespace FlowChat.Operations;

internal static class LoggingSetup
{
    /// <summary>FLOWCHAT_LOG_FORMAT=json for machines; otherwise a line a person can read.</summary>
    public static void AddFlowChatLogging(
        this ILoggingBuilder logging,
        IConfiguration configuration
    )
    {
        logging.ClearProviders();
        if (configuration["FLOWCHAT_LOG_FORMAT"] == "json")
        {
            logging.AddJsonConsole(options =>
            {
                options.UseUtcTimestamp = true;
                options.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            });
        }
        else
        {
            logging.AddSimpleConsole(options =>
            {
                options.SingleLine = true;
                options.TimestampFormat = "HH:mm:ss ";
            });
        }
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // It names addresses, and the routes of a webhook's address may hold its secret.
        logging.AddFilter("Microsoft.AspNetCore.Hosting", LogLevel.Warning);
        // Every stranger's request would be two lines.
        logging.AddFilter("FlowChat.Accounts.CallerAuthentication", LogLevel.Warning);
        logging.AddFilter("System.Net.Http", LogLevel.Warning);
    }

    /// <summary>For commands, whose answer is the output: only what is wrong, and beside it.</summary>
    public static void KeepOutputClean(this ILoggingBuilder logging)
    {
        logging.SetMinimumLevel(LogLevel.Warning);
        logging.Services.Configure<ConsoleLoggerOptions>(options =>
            options.LogToStandardErrorThreshold = LogLevel.Trace
        );
    }
}
