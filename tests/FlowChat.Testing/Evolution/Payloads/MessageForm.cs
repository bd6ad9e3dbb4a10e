namespace FlowChat.Testing.Evolution.Payloads;

/// <summary>Where the text of a message sits.</summary>
public enum TextForm
{
    Conversation,
    ExtendedText,
    FlattenedExtendedText,
    Ephemeral,
    ViewOnce,
    ViewOnceV2,
    ContextInfoFirst,
    SenderKeyBeside,
}

/// <summary>Which addresses of a person the key of a message carries.</summary>
public enum AddressForm
{
    Phone,
    PhoneWithEmptyParticipant,
    PhoneWithLidAlt,
    PhoneRewrittenFromLid,
    LidWithPhoneAlt,
    LidWithSenderPn,
    LidOnly,
}

/// <summary>How a 64-bit number is written.</summary>
public enum LongForm
{
    Number,
    Text,
    LowHigh,
}

public enum DataForm
{
    Item,
    Array,
}

public enum EventSpelling
{
    Dotted,
    Capitals,
    Dashes,
}

/// <summary>The form of one webhook; its defaults are what Evolution 2.3.7 sends most.</summary>
public sealed record MessageForm
{
    public TextForm Text { get; init; } = TextForm.ContextInfoFirst;

    public AddressForm Address { get; init; } = AddressForm.Phone;

    public LongForm Timestamp { get; init; } = LongForm.Number;

    public DataForm Data { get; init; } = DataForm.Item;

    public EventSpelling Event { get; init; } = EventSpelling.Dotted;

    /// <summary>Every combination.</summary>
    public static IEnumerable<MessageForm> All =>
        from text in Enum.GetValues<TextForm>()
        from address in Enum.GetValues<AddressForm>()
        from timestamp in Enum.GetValues<LongForm>()
        from data in Enum.GetValues<DataForm>()
        from spelling in Enum.GetValues<EventSpelling>()
        select new MessageForm
        {
            Text = text,
            Address = address,
            Timestamp = timestamp,
            Data = data,
            Event = spelling,
        };
}
