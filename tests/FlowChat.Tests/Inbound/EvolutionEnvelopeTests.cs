using FlowChat.Inbound.Evolution;

namespace FlowChat.Tests.Inbound;

public sealed class EvolutionEnvelopeTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 30, TimeSpan.Zero);

    [Theory]
    // In São Paulo, Kathmandu and Greenwich, some minutes ago.
    [InlineData("2026-11-21T08:58:00.000Z", "11:58:00")]
    [InlineData("2026-11-21T17:40:10.500Z", "11:55:10")]
    [InlineData("2026-11-21T12:00:29.000Z", "12:00:29")]
    // A clock that goes before ours, and what is no time.
    [InlineData("2026-11-21T12:00:40.000Z", "12:00:30")]
    [InlineData("2026-11-19T12:00:30.000Z", "12:00:30")]
    [InlineData("yesterday", "12:00:30")]
    [InlineData(null, "12:00:30")]
    public void The_local_time_of_some_place_is_a_time(string? told, string happened) =>
        Assert.Equal(
            TimeSpan.Parse(happened, System.Globalization.CultureInfo.InvariantCulture),
            new EvolutionEnvelope("call", null, told, default).HappenedAt(Now).TimeOfDay
        );
}
