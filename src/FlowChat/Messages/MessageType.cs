namespace FlowChat.Messages;

/// <summary>What a message is. Its content has the form that its type says: see <see cref="Content"/>.</summary>
internal static class MessageType
{
    public const string Text = "text";
    public const string Image = "image";
    public const string Video = "video";
    public const string Audio = "audio";

    /// <summary>Recorded for this message.</summary>
    public const string Voice = "voice";
    public const string Document = "document";
    public const string Sticker = "sticker";
    public const string Location = "location";
    public const string LiveLocation = "live_location";
    public const string Contacts = "contacts";
    public const string Poll = "poll";

    /// <summary>A business asks, with buttons or a list.</summary>
    public const string Interactive = "interactive";

    /// <summary>Somebody chose a button or a row.</summary>
    public const string Choice = "choice";
    public const string Call = "call";

    /// <summary>A text that the gateway has approved, sent with its blanks filled in.</summary>
    public const string Template = "template";

    /// <summary>A group's own line: who joined, who left.</summary>
    public const string System = "system";
    public const string Unsupported = "unsupported";

    /// <summary>WhatsApp's limit of a text.</summary>
    public const int MostCharacters = 65_536;
}
