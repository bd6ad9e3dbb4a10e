using System.Net.Http.Headers;
using System.Net.Http.Json;
using Dapper;
using FlowChat.Storage;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution.Payloads;
using Npgsql;

namespace FlowChat.Tests;

/// <summary>A connected number, whatever its gateway: what an agent does with it, and what the log then tells.</summary>
public abstract class ConnectedNumber(FlowChatServer server, Instance instance)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public Instance Instance { get; } = instance;

    /// <summary>By the gateway's clock, which is FlowChat's.</summary>
    public DateTimeOffset Now => server.Get<TimeProvider>().GetUtcNow();

    public Task<Conversation> StartAsync(CancellationToken cancellationToken, int person = 1) =>
        server.Client.PostAsync<Conversation>(
            "/api/conversations",
            new { InstanceId = Instance.Id, Person.Number(person).Phone },
            cancellationToken
        );

    public Task<Message> SendAsync(
        Conversation conversation,
        string text,
        CancellationToken cancellationToken
    ) =>
        server.Client.SendAsync(
            conversation.Id,
            Guid.CreateVersion7().ToString(),
            text,
            cancellationToken
        );

    /// <returns>The id by which a message has the file.</returns>
    public async Task<Guid> UploadAsync(
        byte[] bytes,
        string mimeType,
        string kind,
        CancellationToken cancellationToken,
        string name = "arquivo"
    )
    {
        using var file = new ByteArrayContent(bytes);
        file.Headers.ContentType = MediaTypeHeaderValue.Parse(mimeType);
        using var form = new MultipartFormDataContent
        {
            { new StringContent(kind), "kind" },
            { file, "file", name },
        };
        using var response = await server.Client.Http.PostAsync(
            "/api/attachments",
            form,
            cancellationToken
        );
        response.EnsureSuccessStatusCode();
        return (
            await response.Content.ReadFromJsonAsync<Attachment>(
                FlowChatClient.Json,
                cancellationToken
            )
        )!.Id;
    }

    /// <summary>The message as it was when it came to this state, now or before.</summary>
    public async Task<Message> WaitAsync(
        Message message,
        string status,
        CancellationToken cancellationToken
    ) =>
        (
            await WaitAsync(
                live => live.Message is { } now && now.Id == message.Id && now.Status == status,
                cancellationToken
            )
        ).Message!;

    /// <summary>The first event of the log that matches.</summary>
    public async Task<LiveEvent> WaitAsync(
        Func<LiveEvent, bool> matches,
        CancellationToken cancellationToken,
        long after = 0
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        var seen = new List<string>();
        try
        {
            await foreach (var live in server.Client.LiveAsync(after, limit.Token))
            {
                seen.Add(
                    $"{live.Type} {live.Message?.Text} {live.Message?.Status} {live.Instance?.State} "
                        + string.Concat(
                            live.Message?.Attachments.Select(a => $"{a.State} {a.Reason}") ?? []
                        )
                );
                if (matches(live))
                {
                    return live;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested) { }
        throw new TimeoutException("No such event came. Seen:\n" + string.Join('\n', seen));
    }

    /// <summary>The number as the inbox shows it, once the gateway's word has come through.</summary>
    public Task<LiveEvent> WaitForStateAsync(
        string state,
        CancellationToken cancellationToken,
        long after = 0
    ) =>
        WaitAsync(
            live =>
                live.Instance is { } instance
                && instance.Id == Instance.Id
                && instance.State == state,
            cancellationToken,
            after
        );

    /// <summary>Once the number has that alarm, or none.</summary>
    /// <returns>The seq of the event that tells it.</returns>
    public async Task<long> WaitForAlarmAsync(
        string? code,
        CancellationToken cancellationToken,
        long after = 0
    ) =>
        (
            await WaitAsync(
                live =>
                    live.Data["instance"] is { } instance
                    && (string?)instance["id"] == Instance.Id.ToString()
                    && (string?)instance["alarm"]?["code"] == code,
                cancellationToken,
                after
            )
        ).Seq;

    public async Task<long> LastSeqAsync(CancellationToken cancellationToken) =>
        (await server.Client.EventsAsync(long.MaxValue, cancellationToken)).LastSeq;

    public async Task<Message> ReadAsync(Message message, CancellationToken cancellationToken) =>
        (await ThreadAsync(message.ConversationId, cancellationToken)).Single(now =>
            now.Id == message.Id
        );

    public async Task<IReadOnlyList<Message>> ThreadAsync(
        Guid conversationId,
        CancellationToken cancellationToken
    ) => (await server.Client.MessagesAsync(conversationId, cancellationToken)).Items;

    /// <summary>The states that the log tells of a message, in order.</summary>
    public async Task<IReadOnlyList<string>> StatesAsync(
        Message message,
        CancellationToken cancellationToken
    ) =>
        [
            .. (await server.Client.EventsAsync(0, cancellationToken, limit: 1_000))
                .Items.Where(live => live.Message?.Id == message.Id)
                .Select(live => live.Message!.Status),
        ];

    internal async Task ExecuteAsync(string sql, object? arguments = null)
    {
        await using var connection = await OpenDatabaseAsync();
        await connection.ExecuteAsync(sql, arguments);
    }

    internal ValueTask<NpgsqlConnection> OpenDatabaseAsync() =>
        server.Get<Database>().Migrator.OpenConnectionAsync(TestContext.Current.CancellationToken);
}
