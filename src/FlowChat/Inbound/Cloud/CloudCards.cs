using System.Text.Json;
using FlowChat.Messages.Content;

namespace FlowChat.Inbound.Cloud;

/// <summary>Reads cards of contacts.</summary>
internal static class CloudCards
{
    private const int Most = 257;

    public static ContactsContent Read(JsonElement item) =>
        new([.. item.List("contacts").Take(Most).Select(ReadOne)]);

    private static ContactCard ReadOne(JsonElement card)
    {
        List<string> phones =
        [
            .. card.List("phones")
                .Select(phone => CardPhone.Of(phone.Text("wa_id"), phone.Text("phone")))
                .OfType<string>()
                .Distinct(StringComparer.Ordinal),
        ];
        var name = card.Child("name");
        return new(
            ShortText.Cut(name?.Text("formatted_name") ?? name?.Text("first_name"))
                ?? phones.FirstOrDefault()
                ?? "",
            phones
        )
        {
            Organization = ShortText.Cut(card.Child("org")?.Text("company")),
            Email = card.List("emails")
                .Select(email => email.Text("email"))
                .FirstOrDefault(email => email is not null),
        };
    }
}
