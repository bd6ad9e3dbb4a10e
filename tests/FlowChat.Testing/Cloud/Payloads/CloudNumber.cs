using System.Globalization;
using System.Text.Json.Nodes;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Testing.Cloud.Payloads;

/// <summary>A number of a WhatsApp Business account, as its webhooks name it.</summary>
public sealed record CloudNumber(string PhoneNumberId, string AccountId)
{
    /// <summary>With the signs that people write.</summary>
    public string DisplayPhone { get; init; } = "+55 11 4002-8922";

    public string Digits => string.Concat(DisplayPhone.Where(char.IsAsciiDigit));

    /// <summary>One element of entry[].changes.</summary>
    public JsonObject Change(
        IEnumerable<JsonObject>? messages = null,
        IEnumerable<JsonObject>? statuses = null,
        IEnumerable<JsonObject>? echoes = null,
        IEnumerable<JsonObject>? contacts = null,
        IEnumerable<JsonObject>? errors = null
    )
    {
        var value = new JsonObject
        {
            ["messaging_product"] = "whatsapp",
            ["metadata"] = new JsonObject
            {
                ["display_phone_number"] = Digits,
                ["phone_number_id"] = PhoneNumberId,
            },
        };
        Add("contacts", contacts);
        Add("messages", messages);
        Add("message_echoes", echoes);
        Add("statuses", statuses);
        Add("errors", errors);
        return new JsonObject
        {
            ["value"] = value,
            ["field"] = echoes is null ? "messages" : "smb_message_echoes",
        };

        void Add(string name, IEnumerable<JsonObject>? items)
        {
            if (items is not null)
                value[name] = new JsonArray([.. items.Select(item => item.DeepClone())]);
        }
    }

    /// <summary>A whole body with one message of a person.</summary>
    public JsonObject Message(Person person, JsonObject message, PersonForm form = default) =>
        Body(
            Change(
                [CloudMessages.From(person, message, form)],
                contacts: [CloudMessages.Contact(person, form)]
            )
        );

    public JsonObject Status(JsonObject status) => Body(Change(statuses: [status]));

    /// <summary>Each change in an entry of its own.</summary>
    public JsonObject Body(params IEnumerable<JsonObject> changes) =>
        new()
        {
            ["object"] = "whatsapp_business_account",
            ["entry"] = new JsonArray([
                .. changes.Select(change => new JsonObject
                {
                    ["id"] = AccountId,
                    ["changes"] = new JsonArray(change),
                }),
            ]),
        };

    internal static string Seconds(DateTimeOffset at) =>
        at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}
