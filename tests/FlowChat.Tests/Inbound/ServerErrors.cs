using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace FlowChat.Tests.Inbound;

/// <summary>What the web server itself calls an error: there is none that a client can cause.</summary>
internal sealed class ServerErrors : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _errors = new();

    public IEnumerable<string> All => _errors;

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void Dispose() { }

    private sealed class Category(ServerErrors owner, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) =>
            logLevel >= LogLevel.Error
            && name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal);

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (IsEnabled(logLevel))
            {
                owner._errors.Enqueue($"{name}: {formatter(state, exception)} {exception}");
            }
        }
    }
}
