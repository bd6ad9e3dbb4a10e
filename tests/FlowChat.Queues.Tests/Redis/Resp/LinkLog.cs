using FlowChat.Queues.Redis.Resp;
using Microsoft.Extensions.Logging;

namespace FlowChat.Queues.Tests.Redis.Resp;

/// <summary>What a client says of its link: a warning when it is away, news when it is back.</summary>
internal sealed class LinkLog : ILogger<RedisClient>
{
    private volatile TaskCompletionSource back = Done();

    /// <summary>Completes at once unless the client is away.</summary>
    public async Task BackAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        await back.Task.WaitAsync(cancellationToken);
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        if (logLevel == LogLevel.Warning)
            back = new(TaskCreationOptions.RunContinuationsAsynchronously);
        else
            back.TrySetResult();
    }

    private static TaskCompletionSource Done()
    {
        var done = new TaskCompletionSource();
        done.SetResult();
        return done;
    }
}
