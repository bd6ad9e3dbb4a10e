using System.Text.Json.Nodes;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;
using Group = FlowChat.Testing.Evolution.Payloads.Group;

namespace FlowChat.Tests.Groups;

/// <summary>Groups of their own for each test, and what the inbox tells of them.</summary>
internal static class GroupTalk
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public static bool IsFetch(RecordedRequest request) =>
        request.Path.StartsWith("/group/findGroupInfos", StringComparison.Ordinal);

    public static Group NewGroup() =>
        Group.Suppliers with
        {
            Jid = $"1203630{Random.Shared.NextInt64(10_000_000_000):D11}@g.us",
        };

    public static Person NewPerson() => Person.Number(Random.Shared.Next(1_000, 9_000_000));

    public static Task<WebhookDelivery> SpeakAsync(TestNumber number, Group group, Person person) =>
        number.Fake.PostAsync(
            new TextMessage(number.Fake.Number, person, "Bom dia")
            {
                Group = group,
                SentAt = Now,
            }.ToEnvelope()
        );

    public static Task<LiveEvent> WaitForNameAsync(TestNumber number, Group group, string name) =>
        number.WaitAsync(
            live =>
                live.Conversation?.Group is { } shown
                && shown.Jid == group.Jid
                && shown.Name == name,
            Ct
        );

    public static async Task<Message> WaitForLineAsync(TestNumber number, Group group) =>
        (
            await number.WaitAsync(
                live =>
                    live.Conversation?.Group?.Jid == group.Jid && live.Message?.Type == "system",
                Ct
            )
        ).Message!;

    public static async Task<Guid> ConversationOfAsync(
        this SendingFlowChat flowChat,
        TestNumber number,
        Group group
    ) =>
        (await flowChat.Server.Client.ConversationsAsync(Ct, $"?instance_id={number.Instance.Id}"))
            .Items.Single(conversation => conversation.Group?.Jid == group.Jid)
            .Id;

    public static async Task<IReadOnlyList<JsonNode>> ListGroupsAsync(
        this SendingFlowChat flowChat,
        int limit = 200
    )
    {
        var groups = new List<JsonNode>();
        for (string? next = null; ; )
        {
            var query = $"?limit={limit}" + (next is null ? "" : $"&cursor={next}");
            var page = await flowChat.Server.Client.GetAsync<JsonObject>("/api/groups" + query, Ct);
            groups.AddRange(page["items"]!.AsArray()!);
            if ((next = (string?)page["next_cursor"]) is null)
            {
                return groups;
            }
        }
    }

    public static Task<JsonObject> ReadGroupAsync(this SendingFlowChat flowChat, Guid id) =>
        flowChat.Server.Client.GetAsync<JsonObject>($"/api/groups/{id}", Ct);

    public static IReadOnlyList<(string? Phone, bool Admin)> Members(JsonObject group) =>
        [
            .. group["participants"]!
                .AsArray()
                .Select(member => ((string?)member!["contact"]!["phone"], (bool)member["admin"]!)),
        ];
}
