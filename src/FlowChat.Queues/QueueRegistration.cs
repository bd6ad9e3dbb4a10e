using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace FlowChat.Queues;

/// <summary>A queue and what runs its jobs.</summary>
internal sealed record QueueRegistration(
    QueueOptions Options,
    Func<IServiceProvider, JobDelegate> Handler
)
{
    public static QueueRegistration Of<TPayload, THandler>(QueueOptions options)
        where THandler : class, IJobHandler<TPayload> =>
        new(
            options,
            services => Run<TPayload, THandler>(services.GetRequiredService<IServiceScopeFactory>())
        );

    private static JobDelegate Run<TPayload, THandler>(IServiceScopeFactory scopes)
        where THandler : class, IJobHandler<TPayload> =>
        async (json, context, cancellationToken) =>
        {
            if (!TryRead<TPayload>(json, out var payload))
                return JobOutcome.Dead($"The payload is no {typeof(TPayload).Name}.");
            await using var scope = scopes.CreateAsyncScope();
            var handler = scope.ServiceProvider.GetRequiredService<THandler>();
            return await handler.HandleAsync(payload, context, cancellationToken);
        };

    private static bool TryRead<TPayload>(
        ReadOnlyMemory<byte> json,
        [NotNullWhen(true)] out TPayload? payload
    )
    {
        payload = default;
        try
        {
            payload = JsonSerializer.Deserialize<TPayload>(json.Span, JobJson.Options);
            return payload is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
