namespace FlowChat.Contacts;

/// <summary>Which of a contact's numbers is theirs today, in SQL: the order of <see cref="Contact.Identities"/>.</summary>
internal static class ContactPhone
{
    /// <summary>The one they wrote from last, then the one known first.</summary>
    public const string Order = "last_heard_at desc nulls last, created_at, value";
}
