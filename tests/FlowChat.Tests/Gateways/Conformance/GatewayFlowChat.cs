namespace FlowChat.Tests.Gateways.Conformance;

/// <summary>FlowChat with gateways that soon count as silent.</summary>
public sealed class GatewayFlowChat(SharedPostgres postgres)
    : SendingFlowChat(
        postgres,
        new Dictionary<string, string?> { ["FLOWCHAT_GATEWAY_SECONDS"] = "2" }
    );
