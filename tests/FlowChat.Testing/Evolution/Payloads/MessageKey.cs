using System.Text.Json.Nodes;

namespace FlowChat.Testing.Evolution.Payloads;

internal static class MessageKey
{
    public static JsonObject Of(TextMessage message)
    {
        if (message.RemoteJid is { } remoteJid)
            return Start(remoteJid, message, participant: message.Contact.PhoneJid);
        return message.Group is { } group ? InGroup(group, message) : Direct(message);
    }

    private static JsonObject Direct(TextMessage message)
    {
        var contact = message.Contact;
        var key = message.Form.Address switch
        {
            AddressForm.Phone => Start(contact.PhoneJid, message),
            AddressForm.PhoneWithEmptyParticipant => Start(
                contact.PhoneJid,
                message,
                participant: ""
            ),
            AddressForm.PhoneWithLidAlt => Start(contact.PhoneJid, message, participant: ""),
            AddressForm.PhoneRewrittenFromLid => Start(contact.PhoneJid, message, participant: ""),
            _ => Start(contact.LidJid, message, participant: ""),
        };
        AddAddresses(key, message, "remoteJidAlt", contact);
        return key;
    }

    private static JsonObject InGroup(Group group, TextMessage message)
    {
        var member = message.FromMe ? message.Number.Owner : message.Contact;
        var byLid =
            message.Form.Address
            is AddressForm.LidWithPhoneAlt
                or AddressForm.LidWithSenderPn
                or AddressForm.LidOnly;
        var key = Start(group.Jid, message, participant: byLid ? member.LidJid : member.PhoneJid);
        AddAddresses(key, message, "participantAlt", member);
        return key;
    }

    private static void AddAddresses(JsonObject key, TextMessage message, string alt, Person person)
    {
        switch (message.Form.Address)
        {
            case AddressForm.PhoneWithLidAlt:
                key[alt] = person.LidJid;
                key["addressingMode"] = "pn";
                break;
            case AddressForm.PhoneRewrittenFromLid or AddressForm.LidWithPhoneAlt:
                key[alt] = person.PhoneJid;
                key["addressingMode"] = "lid";
                break;
            case AddressForm.LidWithSenderPn:
                // The sender's own phone: of what our side typed it is ours, not the contact's.
                key["senderPn"] = (message.FromMe ? message.Number.Owner : person).PhoneJid;
                break;
        }
    }

    private static JsonObject Start(
        string remoteJid,
        TextMessage message,
        string? participant = null
    )
    {
        var key = new JsonObject
        {
            ["remoteJid"] = remoteJid,
            ["fromMe"] = message.FromMe,
            ["id"] = message.Id,
        };
        if (participant is not null)
            key["participant"] = participant;
        return key;
    }
}
