namespace FlowChat.Testing.Evolution;

/// <summary>What happens to the next requests. Unless a condition is given, a line is about sends only.</summary>
public sealed class ReplyScript
{
    private readonly Lock gate = new();
    private readonly List<Line> lines = [];

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
        lock (gate)
            lines.Clear();
    }

    internal Reply Take(RecordedRequest request)
    {
        lock (gate)
        {
            var index = lines.FindIndex(line => line.When(request));
            if (index < 0)
                return Reply.Normal;
            var line = lines[index];
            if (line.Once)
                lines.RemoveAt(index);
            return line.Reply;
        }
    }

    private void Add(Line line)
    {
        lock (gate)
            lines.Add(line);
    }

    private sealed record Line(Func<RecordedRequest, bool> When, Reply Reply, bool Once);
}
