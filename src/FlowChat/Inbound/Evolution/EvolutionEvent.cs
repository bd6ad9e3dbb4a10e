namespace FlowChat.Inbound.Evolution;

/// <summary>The events that <see cref="EvolutionInbox"/> handles.</summary>
internal static class EvolutionEvent
{
    public const string MessagesUpsert = "messages.upsert";
    public const string MessagesUpdate = "messages.update";
    public const string MessagesEdited = "messages.edited";
    public const string MessagesDelete = "messages.delete";
    public const string SendMessage = "send.message";
    public const string SendMessageUpdate = "send.message.update";
    public const string ConnectionUpdate = "connection.update";
    public const string QrCodeUpdated = "qrcode.updated";
    public const string Call = "call";

    /// <summary>As Evolution's settings spell them. It refuses them all when it doesn't know one.</summary>
    public static IReadOnlyList<string> Registered { get; } =
    [
        .. new[]
        {
            MessagesUpsert,
            MessagesUpdate,
            MessagesEdited,
            MessagesDelete,
            SendMessage,
            SendMessageUpdate,
            ConnectionUpdate,
            QrCodeUpdated,
            Call,
        }.Select(name => name.Replace('.', '_').Replace('-', '_').ToUpperInvariant()),
    ];
}
