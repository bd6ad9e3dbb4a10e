using Microsoft.Extensions.Logging;
using Npgsql;

namespace FlowChat.Queues.Postgres;

/// <summary>The signal's line to other processes: one connection that listens, one NOTIFY at a time.</summary>
internal sealed partial class QueueWire(
    NpgsqlDataSource dataSource,
    QueueSignal signal,
    TimeProvider time,
    ILogger logger
)
{
    private const string Channel = "flowchat_queues";
    private const string Everything = "*";

    // PostgreSQL takes less than 8,000 bytes.
    private const int MaxPayload = 7000;

    // A busy process names its queues at most this often; the first word after silence goes out at once.
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(5);

    // NOTIFY writes to the log of changes; waiting for the disk would protect nothing, a lost wake-up is polled for.
    private const string NotifySql =
        "select set_config('synchronous_commit', 'off', true), pg_notify($1, $2)";

    // Who ends doesn't wait for a server that is away.
    private static readonly TimeSpan LastWord = TimeSpan.FromSeconds(2);

    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(
            ForeverAsync(ListenAsync, cancellationToken),
            ForeverAsync(SendAsync, cancellationToken)
        );

    /// <summary>Tells what is unsent, when the process ends: a command never ran the line.</summary>
    public async Task EndAsync()
    {
        if (signal.TakeUnsent() is not { Length: > 0 } queues)
            return;
        using var limit = new CancellationTokenSource(LastWord, time);
        try
        {
            await NotifyAsync(queues, limit.Token);
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
        {
            Log.Interrupted(logger, e);
        }
    }

    private async Task ListenAsync(Action connected, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        connection.Notification += (_, word) =>
        {
            if (word.Payload is Everything)
                signal.PulseAll();
            foreach (var queue in word.Payload.Split(','))
                signal.Pulse(queue);
        };
        await using (var listen = new NpgsqlCommand($"listen {Channel}", connection))
            await listen.ExecuteNonQueryAsync(cancellationToken);
        connected();
        // What was said while nobody listened is not said again.
        signal.PulseAll();
        while (true)
            await connection.WaitAsync(cancellationToken);
    }

    private async Task SendAsync(Action connected, CancellationToken cancellationToken)
    {
        while (true)
        {
            await NotifyAsync(await signal.TakeUnsentAsync(cancellationToken), cancellationToken);
            connected();
            await Task.Delay(Breath, time, cancellationToken);
        }
    }

    private async Task NotifyAsync(string[] queues, CancellationToken cancellationToken)
    {
        var names = string.Join(',', queues);
        await using var command = dataSource.CreateCommand(NotifySql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Channel });
        command.Parameters.Add(
            new NpgsqlParameter<string>
            {
                TypedValue = names.Length < MaxPayload ? names : Everything,
            }
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task ForeverAsync(
        Func<Action, CancellationToken, Task> body,
        CancellationToken cancellationToken
    )
    {
        var patience = new Patience(time, Random.Shared);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await body(patience.Reset, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                if (patience.IsFirst)
                    Log.Interrupted(logger, e);
                await patience.WaitAsync(cancellationToken);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "The queues' wake-ups are interrupted; workers poll meanwhile"
        )]
        public static partial void Interrupted(ILogger logger, Exception exception);
    }
}
