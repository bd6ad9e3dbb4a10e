namespace FlowChat.Messages.Content;

/// <summary>Of <see cref="MessageType.Location"/> and <see cref="MessageType.LiveLocation"/>.</summary>
public sealed record LocationContent(
    double Latitude,
    double Longitude,
    string? Name,
    string? Address
);
