namespace FlowChat.Contacts;

/// <summary>Where a gateway sends to, in SQL: <see cref="Contact.Jid"/>.</summary>
internal static class ContactJid
{
    /// <param name="contact">The column that holds the contact's id.</param>
    public static string Of(string contact) =>
        $"""
            (select value || case kind when 'phone' then '@s.whatsapp.net' when 'lid' then '@lid' else '' end
             from contact_identities where contact_id = {contact} and kind <> 'line'
             order by kind = 'phone' desc, kind = 'lid' desc, {ContactPhone.Order} limit 1)
            """;
}
