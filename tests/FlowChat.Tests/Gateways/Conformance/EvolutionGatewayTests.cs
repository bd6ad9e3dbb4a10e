namespace FlowChat.Tests.Gateways.Conformance;

public sealed class EvolutionGatewayTests(GatewayFlowChat flowChat)
    : GatewayConformance(flowChat),
        IClassFixture<GatewayFlowChat>
{
    protected override async Task<GatewayLine> ConnectAsync() =>
        new EvolutionGatewayLine(await FlowChat.ConnectAsync(Ct));
}
