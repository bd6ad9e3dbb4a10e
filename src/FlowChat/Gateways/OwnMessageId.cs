using System.Security.Cryptography;
using System.Text;
using FlowChat.Instances;
using FlowChat.Messages;

namespace FlowChat.Gateways;

/// <summary>
/// The id that a message has in WhatsApp when FlowChat may choose it: a repeat of the send is then the same message, and
/// its echo says whose it is.
/// </summary>
internal static class OwnMessageId
{
    private static readonly Version First = new(2, 4);

    // Voice notes, places and cards go through routes that take none.
    private static readonly HashSet<string> Types = new(StringComparer.Ordinal)
    {
        MessageType.Text,
        MessageType.Image,
        MessageType.Video,
        MessageType.Audio,
        MessageType.Document,
        MessageType.Sticker,
        MessageType.Poll,
    };

    /// <summary>The same whenever the message is sent.</summary>
    public static string Of(Guid messageId) => Made(messageId.ToByteArray());

    /// <summary>Of a message that WhatsApp had under that id and refused: it may drop whatever comes under it again.</summary>
    public static string After(string refused) => Made(Encoding.UTF8.GetBytes(refused));

    /// <summary>Whether a send of that type is given its id.</summary>
    public static bool IsTaken(Instance instance, string type) =>
        instance is { Gateway: "evolution", HeedsIds: not false }
        && IsTakenBy(instance.GatewayVersion)
        && Types.Contains(type);

    /// <summary>
    /// Whether a repeat is the same message. What a release says of itself has proven nothing; and a poll's repeat brings a
    /// secret of its own, with which the gateway couldn't read the votes on the first.
    /// </summary>
    public static bool IsHeeded(Instance instance, string type) =>
        IsTaken(instance, type) && instance.HeedsIds == true && type != MessageType.Poll;

    /// <summary>Null, or what is no version, takes none.</summary>
    public static bool IsTakenBy(string? release) =>
        Version.TryParse(release?.TrimStart('v').Split('-', '+')[0], out var version)
        && version >= First;

    // In the form that WhatsApp's own clients give.
    private static string Made(byte[] seed) =>
        "3EB0" + Convert.ToHexString(SHA256.HashData(seed))[..18];
}

/// <summary>Where a message of ours is with an id of its own: see <see cref="Message.OwnId"/>.</summary>
internal static class OwnIdState
{
    /// <summary>The last call gave it, to a gateway that heeds it.</summary>
    public const string Given = "given";

    /// <summary>A call gave it, and WhatsApp may have the message under another.</summary>
    public const string Kept = "kept";
}

/// <summary>Which release a gateway says it is.</summary>
/// <param name="IsTold">False = it didn't answer, or has none.</param>
/// <param name="Version">Null = it answers without telling.</param>
internal readonly record struct GatewayRelease(bool IsTold, string? Version);
