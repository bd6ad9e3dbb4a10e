using FlowChat.Queues.Ledger;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowChat.Queues.Tests.Ledger;

public sealed class BrokerCircuitTests
{
    private const int Rounds = 500_000;

    private readonly BrokerCircuit circuit = new("work", TimeProvider.System, NullLogger.Instance);
    private readonly TimeoutException away = new();

    [Fact]
    public void Its_signals_say_what_it_is_when_one_opens_what_another_closes()
    {
        for (var round = 0; round < Rounds; round++)
        {
            circuit.Close();
            Parallel.Invoke(
                () => circuit.Open(away),
                () =>
                {
                    SpinWait.SpinUntil(() => circuit.IsOpen);
                    circuit.Close();
                }
            );
            Assert.False(circuit.IsOpen);
            Assert.True(circuit.Closed.IsCompleted, $"It is closed in round {round}, and says no.");
        }
    }
}
