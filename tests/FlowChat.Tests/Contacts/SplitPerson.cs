using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution.Payloads;
using Group = FlowChat.Testing.Evolution.Payloads.Group;

namespace FlowChat.Tests.Contacts;

/// <summary>Somebody who writes to a number now from the phone's address, now from the LID, until one webhook names both.</summary>
internal sealed class SplitPerson(FlowChatServer server, TestNumber number)
{
    private static int _people = 5_000;

    private readonly DateTimeOffset _start = number.Now.AddMinutes(-10);

    public Person Person { get; } = Person.Number(Interlocked.Increment(ref _people));

    public TextMessage Message(
        string text,
        AddressForm address,
        int second = 0,
        bool typed = false,
        Group? group = null
    ) =>
        new(number.Fake.Number, Person, text)
        {
            Form = new() { Address = address },
            FromMe = typed,
            Group = group,
            SentAt = _start.AddSeconds(second),
        };

    public async Task WriteAsync(
        string text,
        AddressForm address,
        int second = 0,
        bool typed = false,
        Group? group = null
    ) => await number.Fake.PostAsync(Message(text, address, second, typed, group).ToEnvelope());

    /// <summary>Writes under both addresses at once.</summary>
    public Task MeetAsync(string text, int second = 0, bool typed = false) =>
        WriteAsync(text, AddressForm.LidWithPhoneAlt, second, typed);

    /// <summary>Those with the number, direct before groups, older before newer.</summary>
    public async Task<IReadOnlyList<Conversation>> ConversationsAsync(CancellationToken ct) =>
        [
            .. (
                await server.Client.ConversationsAsync(ct, $"?instance_id={number.Instance.Id}")
            ).Items.OrderBy(conversation => (conversation.Kind, conversation.Id)),
        ];

    public async Task<Conversation> ConversationAsync(CancellationToken ct) =>
        Assert.Single(await ConversationsAsync(ct));

    public async Task<string[]> TextsAsync(Guid conversationId, CancellationToken ct) =>
        [.. (await number.ThreadAsync(conversationId, ct)).Select(message => message.Text!)];
}
