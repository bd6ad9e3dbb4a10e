using FlowChat.Queues.RabbitMq;

namespace FlowChat.Queues.Tests.RabbitMq;

public sealed class SettledTagsTests
{
    private readonly SettledTags settled = new();

    [Fact]
    public void Neighbours_are_one_word_and_those_behind_an_open_one_are_said_alone()
    {
        Assert.Equal("3 with all before, 5", Add(1, 2, 3, 5));
        Assert.Equal("7", Add(7));
        Assert.Equal("4 with all before", Add(4));
        Assert.Equal("6 with all before", Add(6));
        Assert.Equal("9 with all before", Add(9, 8));
    }

    [Fact]
    public void No_tag_is_named_that_was_let_go_of_before()
    {
        Assert.Equal("2, 3", Add(2, 3));
        Assert.Equal("1 with all before", Add(1));
    }

    private string Add(params ulong[] tags)
    {
        var (upTo, alone) = settled.Add(tags);
        string[] together = upTo > 0 ? [$"{upTo} with all before"] : [];
        return string.Join(", ", [.. together, .. alone.Select(tag => $"{tag}")]);
    }
}
