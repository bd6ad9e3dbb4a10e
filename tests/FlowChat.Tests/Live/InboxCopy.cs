using System.Text;
using System.Text.Json;

namespace FlowChat.Tests.Live;

/// <summary>An inbox as a browser holds it: all lists once, and from then on the events, of which the newer version wins.</summary>
internal sealed class InboxCopy
{
    private readonly Dictionary<Guid, JsonElement> _conversations = [];
    private readonly Dictionary<Guid, JsonElement> _messages = [];
    private readonly Dictionary<Guid, JsonElement> _instances = [];
    private readonly Dictionary<Guid, JsonElement> _users = [];
    private readonly HashSet<Guid> _rewritten = [];

    /// <summary>The types of event that <see cref="Apply"/> understands.</summary>
    public static IReadOnlyList<string> KnownTypes { get; } =
    [
        "message.created",
        "message.updated",
        "conversation.updated",
        "conversation.joined",
        "contact.updated",
        "instance.updated",
        "user.updated",
    ];

    /// <summary>The place in the log from which on events are needed.</summary>
    public long Seq { get; private set; } = long.MaxValue;

    /// <summary>Whether nothing was written while the lists were read.</summary>
    public bool IsOneMoment { get; private set; } = true;

    public static async Task<InboxCopy> LoadAsync(
        HttpClient http,
        CancellationToken cancellationToken
    )
    {
        var copy = new InboxCopy();
        await copy.LoadAsync(http, "/api/users", copy._users, TeamsView, cancellationToken);
        await copy.LoadAsync(http, "/api/instances", copy._instances, All, cancellationToken);
        await copy.LoadAsync(
            http,
            "/api/conversations",
            copy._conversations,
            All,
            cancellationToken
        );
        Assert.Equal(copy._conversations.Keys, Order(copy._conversations).Select(Id));
        foreach (var id in copy._conversations.Keys)
        {
            await copy.LoadThreadAsync(http, id, cancellationToken);
        }
        return copy;
    }

    /// <summary>Loads the threads that were joined or rewritten since. False = there were none.</summary>
    public async Task<bool> ReloadAsync(HttpClient http, CancellationToken cancellationToken)
    {
        var threads = _rewritten.Intersect(_conversations.Keys).ToList();
        _rewritten.Clear();
        var seq = Seq;
        foreach (var id in threads)
        {
            await LoadThreadAsync(http, id, cancellationToken);
        }
        // Events that the threads hold already come again: they change nothing.
        Seq = seq;
        return threads.Count > 0;
    }

    public void Apply(long seq, string type, JsonElement data)
    {
        Assert.Equal(Seq + 1, seq);
        Seq = seq;
        switch (type)
        {
            case "message.created" or "message.updated":
                Put(_messages, data.GetProperty("message"));
                Put(_conversations, data.GetProperty("conversation"));
                break;
            case "conversation.updated":
                Put(_conversations, data.GetProperty("conversation"));
                break;
            case "conversation.joined":
                Join(data.GetProperty("joined_id"), data.GetProperty("conversation"));
                break;
            case "contact.updated":
                // Their conversations, all that it shows of them, have events of their own.
                break;
            case "instance.updated":
                Put(_instances, data.GetProperty("instance"));
                break;
            case "user.updated":
                Put(_users, data.GetProperty("user"));
                break;
            default:
                Assert.Fail($"The inbox doesn't know the event {type}.");
                break;
        }
    }

    /// <summary>All that the inbox shows, in its order, in the server's own bytes.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        var present = _instances.Values.Where(instance =>
            instance.GetProperty("deleted_at").ValueKind == JsonValueKind.Null
        );
        Write("users", _users.Values.OrderBy(user => Id(user).ToString(), StringComparer.Ordinal));
        Write(
            "instances",
            present.OrderBy(Time("created_at")).ThenBy(Text("id"), StringComparer.Ordinal)
        );
        Write("conversations", Order(_conversations));
        Write(
            "messages",
            _messages
                .Values.OrderBy(Text("conversation_id"), StringComparer.Ordinal)
                .ThenBy(Time("sent_at"))
                .ThenBy(message => message.GetProperty("arrival").GetInt64())
        );
        return text.ToString();

        void Write(string list, IEnumerable<JsonElement> items)
        {
            text.AppendLine(list);
            foreach (var item in items)
            {
                text.AppendLine(item.GetRawText());
            }
        }
    }

    private void Join(JsonElement joined, JsonElement conversation)
    {
        var threads = new HashSet<Guid> { Id(conversation) };
        if (joined.ValueKind != JsonValueKind.Null)
        {
            threads.Add(joined.GetGuid());
            _conversations.Remove(joined.GetGuid());
        }
        foreach (var (id, message) in _messages)
        {
            if (threads.Contains(message.GetProperty("conversation_id").GetGuid()))
            {
                _messages.Remove(id);
            }
        }
        Put(_conversations, conversation);
        _rewritten.Add(Id(conversation));
    }

    private async Task LoadThreadAsync(
        HttpClient http,
        Guid id,
        CancellationToken cancellationToken
    )
    {
        var thread = new Dictionary<Guid, JsonElement>();
        var path = $"/api/conversations/{id}/messages";
        await LoadAsync(http, path, thread, All, cancellationToken);
        foreach (var message in thread.Values)
        {
            Put(_messages, message);
        }
    }

    private async Task LoadAsync(
        HttpClient http,
        string path,
        Dictionary<Guid, JsonElement> items,
        Func<JsonElement, JsonElement> view,
        CancellationToken cancellationToken
    )
    {
        string? cursor = null;
        do
        {
            var name = path.EndsWith("/messages", StringComparison.Ordinal) ? "before" : "cursor";
            var query = cursor is null ? "?limit=200" : $"?limit=200&{name}={cursor}";
            var page = JsonElement.Parse(
                await http.GetStringAsync(path + query, cancellationToken)
            );
            foreach (var item in page.GetProperty("items").EnumerateArray())
            {
                items.Add(Id(item), view(item));
            }
            var seq = page.GetProperty("seq").GetInt64();
            IsOneMoment &= Seq == long.MaxValue || Seq == seq;
            Seq = Math.Min(Seq, seq);
            cursor = page.GetProperty("next_cursor").GetString();
        } while (cursor is not null);
    }

    private static void Put(Dictionary<Guid, JsonElement> items, JsonElement item)
    {
        if (!items.TryGetValue(Id(item), out var held) || Version(item) > Version(held))
        {
            items[Id(item)] = item.Clone();
        }
    }

    private static IEnumerable<JsonElement> Order(Dictionary<Guid, JsonElement> conversations) =>
        conversations
            .Values.OrderByDescending(Time("last_activity_at"))
            .ThenByDescending(Text("id"), StringComparer.Ordinal);

    private static JsonElement All(JsonElement item) => item;

    /// <summary>Events tell the team who somebody is; addresses are in the admin's list alone.</summary>
    private static JsonElement TeamsView(JsonElement user)
    {
        string[] fields = ["id", "name", "role", "disabled_at", "version"];
        var view = fields.Select(name => $"\"{name}\":{user.GetProperty(name).GetRawText()}");
        return JsonElement.Parse($"{{{string.Join(',', view)}}}");
    }

    private static Guid Id(JsonElement item) => item.GetProperty("id").GetGuid();

    private static long Version(JsonElement item) => item.GetProperty("version").GetInt64();

    private static Func<JsonElement, DateTimeOffset> Time(string name) =>
        item => item.GetProperty(name).GetDateTimeOffset();

    private static Func<JsonElement, string> Text(string name) =>
        item => item.GetProperty(name).GetString()!;
}
