namespace FlowChat.Testing.Evolution;

/// <summary>What happens to the next requests. Unless a condition is given, a line is about sends only.</summary>
public sealed class ReplyScript
{
    private readonly Lock _lock = new();
    private readonly List<Line> _lines = [];

    /// <summary>One request each, in this order.</summary>
    public void Next(params ReadOnlySpan<Reply> replies)
    {
        foreach (var reply in replies)
            Add(new Line(request => request.IsSend, reply, Once: true));
    }

    public void Next(Func<RecordedRequest, bool> when, Reply reply) =>
        Add(new Line(when, reply, Once: true));

    /// <summary>Until <see cref="Clear"/>.</summary>
    public void Always(Reply reply) => Always(request => request.IsSend, reply);

    public void Always(Func<RecordedRequest, bool> when, Reply reply) =>
        Add(new Line(when, reply, Once: false));

    public void Clear()
    {
        lock (_lock)
            _lines.Clear();
    }

    internal Reply Take(RecordedRequest request)
    {
        lock (_lock)
        {
            var index = _lines.FindIndex(line => line.When(request));
            if (index < 0)
                return Reply.Normal;
            var line = _lines[index];
            if (line.Once)
                _lines.RemoveAt(index);
            return line.Reply;
        }
    }

    private void Add(Line line)
    {
        lock (_lock)
            _lines.Add(line);
    }

    private sealed record Line(Func<RecordedRequest, bool> When, Reply Reply, bool Once);
}
