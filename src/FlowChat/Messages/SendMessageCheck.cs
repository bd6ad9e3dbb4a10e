using FlowChat.Accounts;
using FlowChat.Messages.Content;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FlowChat.Messages;

/// <summary>What WhatsApp takes, before anything is stored.</summary>
internal static class SendMessageCheck
{
    private const int MostIdCharacters = 128,
        MostCaptionCharacters = 1_024,
        MostContacts = 20,
        MostMentions = 100;

    // WhatsApp takes two more, and any number of digits: Evolution doesn't.
    private const int MostOptions = 10,
        FewestCardDigits = 10;

    public static ValidationProblem? Find(SendMessageRequest request) =>
        FindIdFault(request)
        ?? FindShapeFault(request)
        ?? FindTextFault(request)
        ?? FindPartFault(request);

    private static ValidationProblem? FindIdFault(SendMessageRequest request) =>
        string.IsNullOrWhiteSpace(request.ClientMessageId)
        || request.ClientMessageId.Length > MostIdCharacters
            ? Problems.Field(
                "client_message_id",
                $"Give an id of your own, up to {MostIdCharacters} characters, such as a UUID."
            )
            : null;

    // One message is one thing.
    private static ValidationProblem? FindShapeFault(SendMessageRequest request)
    {
        var given = new List<string>();
        if (request.AttachmentIds is { Count: > 0 })
        {
            given.Add("attachment_ids");
        }
        if (request.Location is not null)
        {
            given.Add("location");
        }
        if (request.Contacts is { Count: > 0 })
        {
            given.Add("contacts");
        }
        if (request.Poll is not null)
        {
            given.Add("poll");
        }
        if (request.Template is not null)
        {
            given.Add("template");
        }
        // A template's header may be a file or a place.
        if (given is [("attachment_ids" or "location"), "template"])
        {
            given.RemoveAt(0);
        }
        if (given.Count > 1)
        {
            return Problems.Field(given[1], $"A message has either this or {given[0]}.");
        }
        if (request.AttachmentIds is { Count: > 1 })
        {
            return Problems.Field(
                "attachment_ids",
                "WhatsApp takes one file in a message: send one message for each."
            );
        }
        return
            request.Type is { } type
            && type != NewMessage.Of(request).Type
            && given is not ["attachment_ids"]
            ? Problems.Field(
                "type",
                $"The type follows from what the message has: leave it out, or give {NewMessage.Of(request).Type}."
            )
            : null;
    }

    private static ValidationProblem? FindTextFault(SendMessageRequest request)
    {
        var isCaption = request.AttachmentIds is { Count: 1 };
        var isOther =
            request.Location is not null
            || request.Poll is not null
            || request.Template is not null
            || request.Contacts is { Count: > 0 };
        if (isOther && !string.IsNullOrEmpty(request.Text))
        {
            return Problems.Field("text", "Send the text as a message of its own.");
        }
        if (!isOther && !isCaption && string.IsNullOrWhiteSpace(request.Text))
        {
            return Problems.Field("text", "Give the text to send.");
        }
        var most = isCaption ? MostCaptionCharacters : MessageType.MostCharacters;
        return request.Text?.Length > most
            ? Problems.Field(
                "text",
                $"WhatsApp takes at most {most} characters: this text has {request.Text.Length}."
            )
            : null;
    }

    private static ValidationProblem? FindPartFault(SendMessageRequest request) =>
        FindPreviewFault(request) is { } fault ? fault
        : request.Location is { } place ? FindFault(place)
        : request.Poll is { } poll ? FindFault(poll)
        : request.Contacts is { Count: > 0 } cards ? FindFault(cards)
        : request.Mentions is { Count: > MostMentions }
            ? Problems.Field("mentions", $"At most {MostMentions} people can be mentioned.")
        : request.Mentions?.Any(mention => !mention.Any(char.IsAsciiDigit)) == true
            ? Problems.Field("mentions", "Give numbers with their country code, or JIDs.")
        : null;

    private static ValidationProblem? FindPreviewFault(SendMessageRequest request) =>
        request.LinkPreview is not true ? null
        : NewMessage.Of(request).Type != MessageType.Text
            ? Problems.Field("link_preview", "Only a text can show the page of its link.")
        : !HasLink(request.Text!)
            ? Problems.Field(
                "link_preview",
                "The text has no link to show: write its address with https://."
            )
        : null;

    private static bool HasLink(string text) =>
        text.Contains("https://", StringComparison.OrdinalIgnoreCase)
        || text.Contains("http://", StringComparison.OrdinalIgnoreCase);

    private static ValidationProblem? FindFault(LocationContent place) =>
        double.Abs(place.Latitude) > 90
            ? Problems.Field("location.latitude", "Give degrees from -90 to 90.")
        : double.Abs(place.Longitude) > 180
            ? Problems.Field("location.longitude", "Give degrees from -180 to 180.")
        : null;

    private static ValidationProblem? FindFault(PollRequest poll)
    {
        var options = poll.Options ?? [];
        return string.IsNullOrWhiteSpace(poll.Question)
                ? Problems.Field("poll.question", "Give the question.")
            : options.Count is < 2 or > MostOptions
                ? Problems.Field("poll.options", $"Give 2 to {MostOptions} answers to choose from.")
            : options.Any(string.IsNullOrWhiteSpace)
            || options.Distinct(StringComparer.Ordinal).Count() < options.Count
                ? Problems.Field("poll.options", "Give each answer once, and none that is empty.")
            : poll.SelectableCount is < 0 || poll.SelectableCount > options.Count
                ? Problems.Field(
                    "poll.selectable_count",
                    "Give how many answers one may choose; 0 for any number."
                )
            : null;
    }

    private static ValidationProblem? FindFault(IReadOnlyList<ContactCard> cards) =>
        cards.Count > MostContacts
            ? Problems.Field("contacts", $"At most {MostContacts} can be sent at once.")
        : cards.Any(card => string.IsNullOrWhiteSpace(card.Name))
            ? Problems.Field("contacts.name", "Give each contact a name.")
        : cards.Any(card =>
            card.Phones is not { Count: > 0 }
            || card.Phones.Any(phone => phone.Count(char.IsAsciiDigit) < FewestCardDigits)
        )
            ? Problems.Field(
                "contacts.phones",
                "Give each contact a number with its country code, such as +55 11 98765-4321."
            )
        : null;
}
