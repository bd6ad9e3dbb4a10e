using FlowChat.Operations.Work;
using FlowChat.Queues;
using FlowChat.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace FlowChat.Tests.Operations.Work;

/// <summary>How many workers each queue has, how often a job is tried, and how many of a number run at once.</summary>
public sealed class QueueTableTests
{
    [Theory]
    [InlineData("send_message", 3, 5, 1)]
    [InlineData("mark_as_read", 2, 5, 1)]
    [InlineData("change_message", 1, 5, 1)]
    [InlineData("process_incoming_media", 2, 5, 3)]
    [InlineData("fetch_group_info", 1, 3, 1)]
    [InlineData("fetch_profile_pic", 1, 3, 1)]
    public void A_queue_has_its_workers_attempts_and_calls_of_a_number(
        string name,
        int consumers,
        int attempts,
        int ofANumber
    )
    {
        var queue = Read()[name];

        Assert.Equal(
            (consumers, attempts, ofANumber),
            (queue.Consumers, queue.MaxAttempts, queue.KeyConcurrency)
        );
        Assert.Equal(TimeSpan.FromMinutes(1), queue.Lease);
    }

    [Fact]
    public void The_settings_change_it()
    {
        var queues = Read(
            ("CHAT_STREAM_SEND_WORKERS", "7"),
            ("CHAT_STREAM_MARK_WORKERS", "4"),
            ("CHAT_STREAM_MAX_RETRIES", "2"),
            ("CHAT_STREAM_RECLAIM_IDLE_MS", "5000")
        );

        Assert.Equal(
            (7, 2),
            (queues["send_message"].Consumers, queues["send_message"].MaxAttempts)
        );
        Assert.Equal(4, queues["mark_as_read"].Consumers);
        Assert.Equal(TimeSpan.FromSeconds(5), queues["send_message"].Lease);
    }

    private static QueueRegistry Read(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(s => s.Name, s => (string?)s.Value))
            .Build();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddQueues(FlowChatSettings.Read(configuration), workers: false);
        return builder.Services.Queues();
    }
}
