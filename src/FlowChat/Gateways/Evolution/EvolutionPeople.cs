using System.Text.Json;
using FlowChat.Contacts;
using FlowChat.Inbound;
using FlowChat.Instances;
using FlowChat.Pictures;
using FlowChat.Settings;

namespace FlowChat.Gateways.Evolution;

/// <summary>People as Evolution's session sees them.</summary>
internal sealed class EvolutionPeople(EvolutionCalls calls, FlowChatSettings settings)
    : IGatewayPeople
{
    // Somebody waits for it before a form.
    private static readonly TimeSpan NumberTime = TimeSpan.FromSeconds(5);

    public string Name => "evolution";

    public async Task<PictureAnswer> FindPictureAsync(
        Instance instance,
        string jid,
        CancellationToken cancellationToken
    )
    {
        var reply = await AskAsync(
            instance,
            "chat/fetchProfilePictureUrl",
            new { Number = jid },
            settings.GatewayTimeout,
            cancellationToken
        );
        return reply is { IsDone: true, Json: { } json } ? ReadPicture(json, "profilePictureUrl")
            : reply.IsNotConnected ? new PictureAnswer.NotConnected(reply.Reason)
            : new PictureAnswer.Failed(reply.Reason);
    }

    public async Task<NumberAnswer> FindNumberAsync(
        Instance instance,
        string digits,
        CancellationToken cancellationToken
    )
    {
        var reply = await AskAsync(
            instance,
            "chat/whatsappNumbers",
            new { Numbers = new[] { digits } },
            NumberTime,
            cancellationToken
        );
        return
            reply is { IsDone: true, Json: { ValueKind: JsonValueKind.Array } list }
            && list.EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } found
            ? ReadNumber(found)
            : new NumberAnswer.Failed(reply.Reason);
    }

    /// <summary>Null is said of nobody's picture and of one that is hidden, and of a question that WhatsApp didn't answer.</summary>
    public static PictureAnswer ReadPicture(JsonElement json, string field) =>
        json.Text(field) is not { } url ? new PictureAnswer.None()
        : PictureSource.Of(url) is null ? new PictureAnswer.Failed("The picture's address is none.")
        : new PictureAnswer.Found(new Uri(url));

    // Its "lid" is the word itself, not an address.
    private static NumberAnswer ReadNumber(JsonElement found) =>
        !found.Flag("exists") ? new NumberAnswer.Nobody()
        : WhatsAppAddress.TryParse(found.Text("jid"), out var address)
        && address.IsPerson
        && address.User.All(char.IsAsciiDigit)
            ? new NumberAnswer.Found([address.Identity])
        : new NumberAnswer.Failed("The number's address is none.");

    private Task<EvolutionReply> AskAsync(
        Instance instance,
        string operation,
        object body,
        TimeSpan within,
        CancellationToken cancellationToken
    ) =>
        calls.CallAsync(
            EvolutionRequest.Post(instance, operation, body),
            within,
            cancellationToken
        );
}
