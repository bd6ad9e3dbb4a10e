using FlowChat.Operations.Work;
using FlowChat.Queues;

namespace FlowChat.Tests.Operations.Work;

/// <summary>What another producer left is shown, whatever it is.</summary>
public sealed class DeadLetterViewTests
{
    [Theory]
    [InlineData(new byte[] { 0x7b, 0x7d }, "{}")]
    [InlineData(new byte[] { 0x6e, 0x6f }, "\"no\"")]
    [InlineData(new byte[] { 0xff, 0x00 }, "{\"base64\":\"/wA=\"}")]
    public void A_payload_is_shown_whatever_it_is(byte[] payload, string shown)
    {
        var dead = new DeadJob
        {
            Job = new Job { Queue = "send_message", Payload = payload },
            Error = "Boom",
            EnqueuedAt = DateTimeOffset.UnixEpoch,
            DeadAt = DateTimeOffset.UnixEpoch,
        };

        Assert.Equal(shown, DeadLetter.Of(dead).Payload.GetRawText());
    }
}
