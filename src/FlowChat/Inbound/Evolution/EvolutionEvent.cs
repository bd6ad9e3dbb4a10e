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
    public const string PresenceUpdate = "presence.update";
    public const string ContactsUpdate = "contacts.update";
    public const string GroupsUpsert = "groups.upsert";

    /// <summary>2.3 has it in its settings and never sends it; what it sends has the other name.</summary>
    public const string GroupUpdate = "group.update";
    public const string GroupsUpdate = "groups.update";

    /// <summary>group-participants.update, as <see cref="EvolutionEnvelope.Normalize"/> spells it.</summary>
    public const string GroupParticipantsUpdate = "group.participants.update";

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
            PresenceUpdate,
            ContactsUpdate,
            GroupsUpsert,
            GroupUpdate,
            GroupParticipantsUpdate,
        }.Select(name => name.Replace('.', '_').ToUpperInvariant()),
    ];
}
