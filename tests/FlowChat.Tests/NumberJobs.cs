using Dapper;
using FlowChat.Storage;
using FlowChat.Testing.Api;
using Npgsql;

namespace FlowChat.Tests;

/// <summary>The rows of a number's jobs.</summary>
internal static class NumberJobs
{
    private const string Columns = """
        select state, attempt, due_at - now() as wait, reason, lease_token as token, lease_until - now() as lease from jobs
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Of a message; null when there is none.</summary>
    public static async Task<JobRow?> JobAsync(this ConnectedNumber number, Message message)
    {
        await using var connection = await number.OpenDatabaseAsync();
        return await connection.QuerySingleOrDefaultAsync<JobRow>(
            $"{Columns} where id = @Id",
            new { message.Id }
        );
    }

    /// <summary>Those in a queue.</summary>
    public static async Task<IReadOnlyList<JobRow>> JobsAsync(
        this ConnectedNumber number,
        string queue
    )
    {
        await using var connection = await number.OpenDatabaseAsync();
        return await JobsAsync(connection, number.Instance, queue);
    }

    /// <summary>A message's job, or that there is none, once it is so.</summary>
    public static async Task<JobRow?> WaitForJobAsync(
        this ConnectedNumber number,
        Message message,
        Func<JobRow?, bool> isSo,
        CancellationToken ct
    )
    {
        JobRow? job = null;
        await UntilAsync(async () => isSo(job = await number.JobAsync(message)), ct);
        return job;
    }

    /// <summary>The only job in a queue, once it is so.</summary>
    public static async Task<JobRow> WaitForJobAsync(
        this ConnectedNumber number,
        string queue,
        Func<JobRow, bool> isSo,
        CancellationToken ct
    )
    {
        JobRow? found = null;
        await UntilAsync(
            async () =>
            {
                found = await number.JobsAsync(queue) is [var job] && isSo(job) ? job : null;
                return found is not null;
            },
            ct
        );
        return found!;
    }

    /// <summary>Once all in a queue are settled.</summary>
    public static Task WaitForNoJobsAsync(
        this ConnectedNumber number,
        string queue,
        CancellationToken ct
    ) => UntilAsync(async () => (await number.JobsAsync(queue)).Count == 0, ct);

    /// <summary>The same of a number that isn't connected like the others.</summary>
    public static Task WaitForNoJobsAsync(
        FlowChatServer server,
        Instance instance,
        string queue,
        CancellationToken ct
    ) =>
        UntilAsync(
            async () =>
            {
                await using var connection = await server
                    .Get<Database>()
                    .Migrator.OpenConnectionAsync(ct);
                return (await JobsAsync(connection, instance, queue)).Count == 0;
            },
            ct
        );

    /// <summary>As if a minute had passed since the outcome of a send became unknown.</summary>
    public static async Task EndHoldAsync(this ConnectedNumber number, Message message)
    {
        await number.ExecuteAsync(
            "update messages set unknown_at = unknown_at - interval '60 s' where id = @Id",
            new { message.Id }
        );
        await number.EndWaitAsync(message);
    }

    /// <summary>A message's job is due.</summary>
    public static Task EndWaitAsync(this ConnectedNumber number, Message message) =>
        number.ExecuteAsync("update jobs set due_at = now() where id = @Id", new { message.Id });

    private static async Task<IReadOnlyList<JobRow>> JobsAsync(
        NpgsqlConnection connection,
        Instance instance,
        string queue
    ) =>
        [
            .. await connection.QueryAsync<JobRow>(
                $"{Columns} where queue = @queue and limit_key = @key",
                new { queue, key = instance.Id.ToString() }
            ),
        ];

    private static async Task UntilAsync(Func<Task<bool>> isSo, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await isSo())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}

internal sealed record JobRow(
    string State,
    int Attempt,
    TimeSpan Wait,
    string? Reason,
    Guid? Token,
    TimeSpan? Lease
);
