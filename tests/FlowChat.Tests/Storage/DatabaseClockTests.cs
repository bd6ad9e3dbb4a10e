using FlowChat.Operations;
using FlowChat.Storage;

namespace FlowChat.Tests.Storage;

/// <summary>All processes tell PostgreSQL's time of day, whatever is done to their own clocks.</summary>
public sealed class DatabaseClockTests(SharedPostgres postgres) : IDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("flowchat-test-").FullName;
    private readonly SetClock _machine = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_thread_stands_as_it_was_written_by_nodes_whose_clocks_are_hours_apart()
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var ahead = await StartAsync(database, Hour);
        await using var behind = await StartAsync(database, -Hour);
        await using var number = await TestNumber.ConnectAsync(ahead, Ct);
        var conversation = await number.StartAsync(Ct);
        string[] written = ["1", "2", "3", "4"];

        foreach (var (text, node) in written.Zip([ahead, behind, ahead, behind]))
            await node.Client.SendAsync(conversation.Id, $"{Guid.CreateVersion7()}", text, Ct);

        var thread = await behind.Client.MessagesAsync(conversation.Id, ct: Ct);
        Assert.Equal(written, thread.Items.Select(message => message.Text));
    }

    [Fact]
    public void A_machines_clock_that_jumps_changes_nothing()
    {
        var clock = new DatabaseClock(_machine);
        clock.Follow(Noon, TimeSpan.Zero);

        _machine.Now += Hour;
        _machine.Passed += TimeSpan.FromSeconds(1);

        Assert.Equal(Noon + TimeSpan.FromSeconds(1), clock.GetUtcNow());
    }

    [Theory]
    [InlineData(3_600_000, 2, 3_600_001)]
    [InlineData(-3_600_000, 2, -3_599_999)]
    [InlineData(4, 0, 0)]
    [InlineData(-900, 2_000, 0)]
    public void A_database_whose_clock_is_set_is_followed_and_a_slow_answer_is_not(
        int differs,
        int took,
        int followed
    )
    {
        var clock = new DatabaseClock(_machine);
        clock.Follow(Noon, TimeSpan.Zero);

        clock.Follow(Noon + TimeSpan.FromMilliseconds(differs), TimeSpan.FromMilliseconds(took));

        Assert.Equal(Noon + TimeSpan.FromMilliseconds(followed), clock.GetUtcNow());
    }

    [Fact]
    public void The_quicker_answer_counts()
    {
        var clock = new DatabaseClock(_machine);
        clock.Follow(Noon, TimeSpan.FromMilliseconds(200));

        clock.Follow(Noon + TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(2));

        Assert.Equal(Noon + TimeSpan.FromMilliseconds(11), clock.GetUtcNow());
    }

    private Task<FlowChatServer> StartAsync(string database, TimeSpan off)
    {
        var file = Path.Combine(_folder, $"{off.TotalSeconds}");
        File.WriteAllText(file, $"{off.TotalSeconds}");
        return FlowChatServer.StartAsync(
            database,
            new Dictionary<string, string?> { [OffsetClock.Setting] = file }
        );
    }

    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = Noon;

        public TimeSpan Passed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Passed.Ticks;
    }
}
