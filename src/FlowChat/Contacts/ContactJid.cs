using FlowChat.Gateways.Cloud;

namespace FlowChat.Contacts;

/// <summary>Where a gateway sends to, in SQL: <see cref="Contact.Jid"/>, and <see cref="Contact.JidFor"/>.</summary>
internal static class ContactJid
{
    /// <param name="contact">The column that holds the contact's id.</param>
    public static string Of(string contact) => Of(contact, "");

    /// <param name="contact">The column that holds the contact's id.</param>
    /// <param name="gateway">The column that holds the gateway's name.</param>
    public static string For(string contact, string gateway) =>
        Of(
            contact,
            $"and (kind <> 'lid' or {gateway} is distinct from '{CloudGateway.GatewayName}')"
        );

    private static string Of(string contact, string filter) =>
        $"""
            (select value || case kind when 'phone' then '@s.whatsapp.net' when 'lid' then '@lid' else '' end
             from contact_identities where contact_id = {contact} and kind <> 'line' {filter}
             order by kind = 'phone' desc, kind = 'lid' desc, {ContactPhone.Order} limit 1)
            """;
}
