using FlowChat.Tests.Cloud;

namespace FlowChat.Tests.Gateways.Conformance;

public sealed class CloudGatewayTests(GatewayFlowChat flowChat)
    : GatewayConformance(flowChat),
        IClassFixture<GatewayFlowChat>
{
    private static int numbers;

    protected override async Task<GatewayLine> ConnectAsync() =>
        new CloudGatewayLine(
            await CloudLine.ConnectAsync(
                FlowChat.Server,
                Ct,
                phoneNumberId: $"{106_540_352_240_000 + Interlocked.Increment(ref numbers)}"
            )
        );
}
