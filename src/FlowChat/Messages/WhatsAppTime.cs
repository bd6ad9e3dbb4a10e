namespace FlowChat.Messages;

/// <summary>WhatsApp's times are whole seconds: with a fraction, an answer could sort before what it answers.</summary>
internal static class WhatsAppTime
{
    public static DateTimeOffset Of(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
}
