namespace FlowChat.Contacts;

/// <summary>One message named addresses of two contacts: they are one person, and are joined before it is written.</summary>
internal sealed class ContactsApartException(Contact one, Contact other)
    : Exception($"The contacts {one.Id} and {other.Id} are one person.")
{
    public Guid One { get; } = one.Id;

    public Guid Other { get; } = other.Id;

    /// <summary>
    /// False = one of them is made in this very batch. Its changes are committed one by one, and the contact with the first of them
    /// that names it; one change that makes it and contradicts itself can't be stored.
    /// </summary>
    public bool AreCommitted { get; } = !one.IsNew && !other.IsNew;
}

/// <summary>Another node joined a contact of the batch with another one after its keys were resolved.</summary>
internal sealed class ContactGoneException()
    : Exception("A contact of the batch was joined with another one meanwhile.");
