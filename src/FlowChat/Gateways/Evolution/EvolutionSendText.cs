namespace FlowChat.Gateways.Evolution;

/// <summary>The body of sendText. Without linkPreview:false the gateway fetches links that it finds in the text.</summary>
internal sealed record EvolutionSendText(string Number, string Text, bool LinkPreview);
