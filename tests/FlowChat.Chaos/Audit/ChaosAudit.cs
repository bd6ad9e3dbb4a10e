namespace FlowChat.Chaos.Audit;

/// <summary>Compares what clients were told with what FlowChat has and what the contacts' phones got.</summary>
internal sealed class ChaosAudit(
    IReadOnlyCollection<Attempt> attempts,
    IReadOnlyCollection<StoredMessage> stored,
    IReadOnlyCollection<GatewaySend> sends,
    IReadOnlyCollection<string> unexpected
)
{
    private readonly List<string> findings = [];
    private readonly Dictionary<string, Attempt> known = attempts.ToDictionary(a => a.Text);
    private readonly ILookup<string, StoredMessage> rows = stored.ToLookup(row => row.Text);
    private readonly ILookup<string, GatewaySend> sent = sends.ToLookup(send => send.Text);

    public Counters Count()
    {
        var incoming = attempts.Where(attempt => attempt.Way == Way.In).ToList();
        var outgoing = attempts.Where(attempt => attempt.Way == Way.Out).ToList();
        return new Counters
        {
            AttemptedIn = incoming.Count,
            AcknowledgedIn = incoming.Count(attempt => attempt.IsAcknowledged),
            StoredIn = incoming.Count(attempt => rows.Contains(attempt.Text)),
            AttemptedOut = outgoing.Count,
            AcknowledgedOut = outgoing.Count(attempt => attempt.IsAcknowledged),
            Sent = outgoing.Count(attempt => sent.Contains(attempt.Text)),
            Lost = Tally("lost", attempts.Where(IsLost).Select(a => $"{a.Way} {a.Text}")),
            Duplicated = rows.Sum(same => Beyond("duplicated", same.Key, same.Count())),
            SentTwice = sent.Sum(same => Beyond("sent twice", same.Key, same.Count())),
            Unexpected = Tally(
                "unexpected",
                [.. Strangers(), .. WrongRows(), .. WrongSends(), .. unexpected]
            ),
            OutOfOrder = Tally("out of order", [.. Threads(), .. Phones()]),
            Unknown = stored.Count(row => row.Status == "unknown"),
            Findings = findings,
        };
    }

    private bool IsLost(Attempt attempt)
    {
        if (!attempt.IsAcknowledged)
            return false;
        if (!rows.Contains(attempt.Text))
            return true;
        return attempt.Way == Way.Out
            && !sent.Contains(attempt.Text)
            && rows[attempt.Text].All(row => row.Status != "unknown");
    }

    private IEnumerable<string> Strangers() =>
        stored.Where(row => !known.ContainsKey(row.Text)).Select(row => $"row {row.Text}");

    private IEnumerable<string> WrongRows()
    {
        foreach (var row in stored)
        {
            if (!known.TryGetValue(row.Text, out var attempt))
                continue;
            if (attempt.Thread != row.Thread || attempt.Way != row.Way)
                yield return $"row {row.Text} stands in another thread";
            if (attempt.Hash != row.Hash)
                yield return $"row {row.Text} has other bytes: {row.Hash ?? "none"}";
            if (row.Status is "queued" or "sending")
                yield return $"row {row.Text} is still {row.Status}";
            // Who believes it sends the same again.
            if (row.Status == "failed")
                yield return $"row {row.Text} failed";
        }
    }

    private IEnumerable<string> WrongSends()
    {
        foreach (var send in sends)
        {
            if (!known.TryGetValue(send.Text, out var attempt) || attempt.Way != Way.Out)
                yield return $"sent {send.Text}, which nobody wrote";
            else if (attempt.Thread != send.Thread)
                yield return $"sent {send.Text} to somebody else";
            else if (attempt.Hash != send.Hash)
                yield return $"sent {send.Text} with other bytes";
        }
    }

    /// <summary>As the inbox shows them: by WhatsApp's time, then by arrival.</summary>
    private IEnumerable<string> Threads() =>
        stored
            .Where(row => known.ContainsKey(row.Text))
            .GroupBy(row => (row.Thread, row.Way))
            .SelectMany(thread =>
                Inversions(
                    $"thread {thread.Key.Thread} {thread.Key.Way}",
                    thread.OrderBy(row => row.SentAt).ThenBy(row => row.Arrival).Select(r => r.Text)
                )
            );

    private IEnumerable<string> Phones() =>
        sends
            .Where(send => known.ContainsKey(send.Text))
            .GroupBy(send => send.Thread)
            .SelectMany(phone =>
                Inversions($"phone of {phone.Key}", phone.Select(send => send.Text).Distinct())
            );

    private IEnumerable<string> Inversions(string where, IEnumerable<string> texts)
    {
        var before = -1;
        foreach (var text in texts)
        {
            var number = known[text].Number;
            if (number < before)
                yield return $"{where}: {text} after {before}";
            before = number;
        }
    }

    private int Beyond(string what, string text, int count)
    {
        if (count > 1)
            findings.Add($"{what}: {text}, {count} times");
        return count - 1;
    }

    private int Tally(string what, IEnumerable<string> found)
    {
        var all = found.ToList();
        findings.AddRange(all.Select(one => $"{what}: {one}"));
        return all.Count;
    }
}
