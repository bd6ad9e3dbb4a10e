using System.CommandLine;
using System.Text.Json;
using FlowChat.Json;
using FlowChat.Operations.Work;
using FlowChat.Queues;
using FlowChat.Queues.Ledger;
using FlowChat.Settings;

namespace FlowChat.Commands;

/// <summary><c>flowchat dead-letters copy</c>.</summary>
internal static class DeadLetterCopyCommand
{
    public static Command Build(Func<CancellationToken, Task<IServiceProvider>> services)
    {
        var json = new Option<bool>("--json") { Description = "The answer as one JSON object." };
        var command = new Command(
            "copy",
            "Make the stream of dead letters in Redis anew: the newest, up to CHAT_STREAM_DLQ_MAXLEN."
        )
        {
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var provider = await services(cancellationToken);
                var streams = parsed.InvocationConfiguration;
                if (await CopyAsync(provider, cancellationToken) is not { } count)
                {
                    await streams.Error.WriteLineAsync(
                        "There is no copy: no Redis carries the jobs. Set CHAT_STREAM_REDIS_URL."
                    );
                    return 1;
                }
                var brokers = provider.GetRequiredService<FlowChatSettings>().Brokers;
                var copy = new Copy(brokers.Prefix + brokers.DeadLetterName, count);
                await streams.Output.WriteLineAsync(
                    parsed.GetValue(json)
                        ? JsonSerializer.Serialize(copy, FlowChatJson.Options)
                        : $"{copy.Stream} has {DeadLetters.Counted(count)}."
                );
                return 0;
            }
        );
        return command;
    }

    private static async Task<int?> CopyAsync(
        IServiceProvider services,
        CancellationToken cancellationToken
    ) =>
        services.GetRequiredService<IQueueBackend>() is LedgerQueueBackend ledger
            ? await ledger.CopyDeadLettersAsync(
                services.GetRequiredService<QueueRegistry>().All,
                cancellationToken
            )
            : null;

    private sealed record Copy(string Stream, int Count);
}
