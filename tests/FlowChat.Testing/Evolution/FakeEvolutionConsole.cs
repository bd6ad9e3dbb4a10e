using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Testing.Evolution;

/// <summary>The fake by hand: prints what it is asked and delivers, and turns typed lines into incoming messages.</summary>
internal sealed class FakeEvolutionConsole(
    FakeEvolution fake,
    FakeInstance instance,
    TextReader input,
    TextWriter output
)
{
    public async Task RunAsync(CancellationToken ct)
    {
        await output.WriteLineAsync(
            $"Evolution is faked on {fake.BaseUrl} (instance {instance.Name}, apikey {fake.ApiKey})"
        );
        try
        {
            await await Task.WhenAny(
                PrintRequestsAsync(ct),
                PrintDeliveriesAsync(ct),
                ReceiveTypedAsync(ct)
            );
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Ctrl+C is how it ends.
        }
    }

    private async Task PrintRequestsAsync(CancellationToken ct)
    {
        await foreach (var request in fake.Requests.ReadAllAsync(ct))
        {
            var body = request.Body is null ? "" : EvolutionJson.Text(request.Body);
            await output.WriteLineAsync(
                $"{request.At:HH:mm:ss.fff} {request.Method} {request.Path} {body}"
            );
        }
    }

    private async Task PrintDeliveriesAsync(CancellationToken ct)
    {
        await foreach (var delivery in fake.Webhooks.Deliveries.ReadAllAsync(ct))
        {
            var status = delivery.Status?.ToString("D") ?? "no answer";
            await output.WriteLineAsync(
                $"  webhook {delivery.Event}: {status} at attempt {delivery.Attempts}"
            );
        }
    }

    private async Task ReceiveTypedAsync(CancellationToken ct)
    {
        while (await input.ReadLineAsync(ct) is { } line)
        {
            var words = line.Split(
                ' ',
                2,
                StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
            );
            if (words.Length < 2)
                await output.WriteLineAsync("Type a phone number, a space and the message.");
            else if (instance.Webhook is null)
                await output.WriteLineAsync(
                    "No webhook is set: give --webhook, or let FlowChat set one."
                );
            else
                await instance.ReceiveAsync(
                    new Person(words[0], "1" + words[0], words[0]),
                    words[1]
                );
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
    }
}
