using FlowChat.Testing.Cloud;

namespace FlowChat.Tests.Cloud;

/// <summary>One FlowChat with workers for all tests of a class; each test connects numbers of its own.</summary>
public sealed class CloudFlowChat(SharedPostgres postgres) : SendingFlowChat(postgres)
{
    private int _numbers;

    public Task<CloudLine> ConnectCloudAsync(CancellationToken ct, FakeCloud? meta = null) =>
        CloudLine.ConnectAsync(
            Server,
            ct,
            meta,
            $"{106_540_352_242_000 + Interlocked.Increment(ref _numbers)}"
        );
}
