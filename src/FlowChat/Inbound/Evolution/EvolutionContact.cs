using System.Text.Json;
using FlowChat.Contacts;
using FlowChat.Pictures;

namespace FlowChat.Inbound.Evolution;

/// <summary>Reads one element of contacts.update. It comes beside each message, and is asked for its picture alone.</summary>
internal static class EvolutionContact
{
    /// <summary>Null = it tells of none. That means nothing: also a gateway that wasn't answered says so.</summary>
    public static PictureNews? Read(Guid instanceId, JsonElement item) =>
        PictureSource.Of(item.Text("profilePicUrl")) is { } source
        && WhatsAppAddress.TryParse(item.Text("remoteJid") ?? item.Text("id"), out var address)
        && (address.IsGroup || address.IsPerson)
            ? new(instanceId, address, source)
            : null;
}
