using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Bench.Load;

/// <summary>Where one tenant's webhooks go.</summary>
internal sealed record WebhookRoute(string Path, string Secret, EvolutionNumber Number);

/// <summary>Texts of 100 bytes that go round all tenants and, in each, round its conversations.</summary>
internal sealed class Workload
{
    public const int Tenants = 10;
    public const int ConversationsEach = 200;

    private const string Text =
        "Bom dia! O pedido 48213 ainda nao chegou, podem ver onde ele esta e me dizer o dia da entrega? Obrigada";

    private readonly WebhookRequest[] requests;
    private readonly TimeProvider time;
    private long next;

    public Workload(IReadOnlyList<WebhookRoute> routes, TimeProvider time)
    {
        this.time = time;
        requests =
        [
            .. from conversation in Enumerable.Range(0, ConversationsEach)
            from route in routes
            select new WebhookRequest(
                route.Path,
                route.Secret,
                route.Number,
                Person.Number(conversation),
                Text[..100]
            ),
        ];
    }

    public long Sent => Interlocked.Read(ref next);

    public long Next() => Interlocked.Increment(ref next) - 1;

    public int Write(long n, Span<byte> buffer) =>
        requests[n % requests.Length].Write(buffer, n, time.GetUtcNow().ToUnixTimeSeconds());
}
