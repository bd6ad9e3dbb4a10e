namespace FlowChat.Messages.Content;

/// <summary>Where a conversation came from: in the content of a message of any type that answers an advertisement.</summary>
public sealed record AdSource(string? Title, string? Body, string? SourceUrl, string? SourceId);
