using FlowChat.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace FlowChat.Tests.Storage;

public sealed class StorageStartTests(SharedPostgres postgres)
{
    [Fact]
    public async Task A_database_that_is_not_there_ends_the_start_with_a_sentence()
    {
        var missing = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync())
        {
            Database = "nowhere",
        };

        var refused = await Assert.ThrowsAsync<DatabaseRefusedException>(() =>
            FlowChatServer.StartAsync(missing.ConnectionString)
        );

        Assert.StartsWith(
            "The database can't be opened (the server of DATABASE_URL): ",
            refused.Message
        );
        Assert.Contains("nowhere", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_away_is_named_at_once_and_every_half_minute()
    {
        var log = new RecordedLog();

        await Assert.ThrowsAsync<DatabaseRefusedException>(() =>
            FlowChatServer.StartAsync(
                "Host=127.0.0.1;Port=1;Database=a;Username=a",
                services: services =>
                    services
                        .AddSingleton<TimeProvider>(new HastyClock())
                        .AddSingleton<ILogger<StorageStart>>(log)
            )
        );

        Assert.Equal(2, log.Lines.Count);
        Assert.All(
            log.Lines,
            line =>
                Assert.StartsWith(
                    "Waiting for the database, the server of DATABASE_URL: ",
                    line,
                    StringComparison.Ordinal
                )
        );
    }

    [Fact]
    public async Task A_server_that_goes_away_in_the_middle_is_waited_for()
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var node = await FlowChatServer.StartAsync(database, workers: false);
        var tries = 0;

        await node.Get<StorageStart>()
            .RunAsync(
                () =>
                {
                    if (tries++ == 0)
                        EndAllSessions(database);
                },
                TestContext.Current.CancellationToken
            );

        Assert.Equal(2, tries);
    }

    private static void EndAllSessions(string database)
    {
        using var connection = new NpgsqlConnection(database);
        connection.Open();
        using var command = new NpgsqlCommand(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
            connection
        );
        command.ExecuteNonQuery();
    }

    /// <summary>Every wait is over at once, and has taken its time.</summary>
    private sealed class HastyClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public override ITimer CreateTimer(
            TimerCallback callback,
            object? state,
            TimeSpan dueTime,
            TimeSpan period
        )
        {
            _now += dueTime.Ticks;
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }

    private sealed class RecordedLog : ILogger<StorageStart>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Lines.Add(formatter(state, exception));
    }
}
