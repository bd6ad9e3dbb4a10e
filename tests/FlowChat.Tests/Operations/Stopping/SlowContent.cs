using System.Net;

namespace FlowChat.Tests.Operations.Stopping;

/// <summary>A JSON body whose second half comes after a signal.</summary>
internal sealed class SlowContent : HttpContent
{
    private readonly byte[] _body;
    private readonly Task _signal;
    private readonly TaskCompletionSource _half = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    public SlowContent(byte[] body, Task signal)
    {
        (_body, _signal) = (body, signal);
        Headers.ContentType = new("application/json");
    }

    /// <summary>The first half is on its way.</summary>
    public Task Half => _half.Task;

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        var half = _body.Length / 2;
        await stream.WriteAsync(_body.AsMemory(0, half));
        await stream.FlushAsync();
        _half.TrySetResult();
        await _signal;
        await stream.WriteAsync(_body.AsMemory(half));
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }
}
