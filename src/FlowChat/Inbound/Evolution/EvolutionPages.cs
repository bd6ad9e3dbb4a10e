using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using FlowChat.Gateways.Evolution;
using FlowChat.Instances;
using FlowChat.Settings;

namespace FlowChat.Inbound.Evolution;

/// <summary>
/// The messages in a gateway's database, a page at a time. It numbers its pages from the newest message on, and some
/// releases don't look at the range: here the oldest page that is asked for comes first.
/// </summary>
internal sealed class EvolutionPages(
    EvolutionCalls calls,
    FlowChatSettings settings,
    TimeProvider clock
)
{
    /// <param name="instance">Whose messages.</param>
    /// <param name="since">What is older is left out.</param>
    /// <param name="size">How many messages a page has.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>Messages, the oldest first; the last one is a refusal where the gateway doesn't tell the rest.</returns>
    public async IAsyncEnumerable<EvolutionPage> ReadAsync(
        Instance instance,
        DateTimeOffset since,
        int size,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var asked = new Search(instance, since, size);
        var page = await FindFirstAsync(asked, cancellationToken);
        var (number, total) = (page.Number, page.Total);
        while (true)
        {
            yield return page;
            if (page.Refusal is not null || number <= 1)
            {
                yield break;
            }
            page = await ReadAsync(asked, number - 1, cancellationToken);
            // What was written meanwhile has moved the rest down: the next messages are on the same page again, or behind it.
            var moved = Math.Max(0, page.Total - total);
            number = moved == 0 ? number - 1 : number - 1 + (moved + size - 1) / size;
            total += moved;
            if (moved > 0 && page.Refusal is null)
            {
                page = await ReadAsync(asked, number, cancellationToken);
            }
        }
    }

    /// <summary>The page on which the time begins. With the range looked at it is the last one.</summary>
    private async Task<EvolutionPage> FindFirstAsync(
        Search asked,
        CancellationToken cancellationToken
    )
    {
        var first = await ReadAsync(asked, 1, cancellationToken);
        var (found, low, high) = (first, 1, first.Pages);
        for (var middle = high; low < high; middle = (low + high + 1) / 2)
        {
            var page = await ReadAsync(asked, middle, cancellationToken);
            if (page.Refusal is not null)
            {
                return page;
            }
            if (page.IsEmpty)
            {
                high = middle - 1;
            }
            else
            {
                (found, low) = (page, middle);
            }
        }
        return found;
    }

    private async Task<EvolutionPage> ReadAsync(
        Search asked,
        int number,
        CancellationToken cancellationToken
    )
    {
        var reply = await calls.CallAsync(
            EvolutionRequest.Post(asked.Instance, "chat/findMessages", Question(asked, number)),
            settings.GatewayTimeout,
            cancellationToken
        );
        if (!reply.IsDone || reply.Json?.Child("messages") is not { } messages)
        {
            return new(number, 0, 0, []) { Refusal = reply };
        }
        var since = asked.Since.ToUnixTimeSeconds();
        var records = messages
            .List("records")
            .Where(record => record.Long("messageTimestamp") >= since)
            .Reverse();
        return new(
            number,
            (int)(messages.Long("pages") ?? 1),
            (int)(messages.Long("total") ?? 0),
            [.. records]
        );
    }

    private object Question(Search asked, int page) =>
        new
        {
            Where = new
            {
                MessageTimestamp = new
                {
                    Gte = Text(asked.Since),
                    Lte = Text(clock.GetUtcNow().AddDays(1)),
                },
            },
            Page = page,
            // Evolution's word for the size of a page.
            Offset = asked.Size,
        };

    private static string Text(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private readonly record struct Search(Instance Instance, DateTimeOffset Since, int Size);
}

/// <param name="Number">One is the newest.</param>
/// <param name="Pages">How many there are.</param>
/// <param name="Total">How many messages there are.</param>
/// <param name="Records">Those of the time that was asked for, the oldest first.</param>
internal sealed record EvolutionPage(
    int Number,
    int Pages,
    int Total,
    IReadOnlyList<JsonElement> Records
)
{
    /// <summary>Why there are none.</summary>
    public EvolutionReply? Refusal { get; init; }

    public bool IsEmpty => Records.Count == 0;
}
