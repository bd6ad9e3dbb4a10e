namespace FlowChat.Messages.Content;

/// <summary>Of a text whose sender asked for more than its words.</summary>
/// <param name="LinkPreview">The page that it names first is shown with it: WhatsApp, or the gateway, fetches that page.</param>
internal sealed record LinkContent(bool LinkPreview);
