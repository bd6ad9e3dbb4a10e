using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Gateways.Conformance;

/// <summary>A connected number of some gateway, in words that every gateway has: what people do, what reaches them, and what goes wrong.</summary>
public abstract class GatewayLine(ConnectedNumber number) : IAsyncDisposable
{
    public ConnectedNumber Number => number;

    /// <summary>What people's phones show, in the order in which it got there.</summary>
    public abstract IReadOnlyList<Arrived> Arrived { get; }

    /// <summary>Calls that should have sent something, whatever became of them.</summary>
    public abstract IReadOnlyList<RecordedRequest> Calls { get; }

    /// <summary>The WhatsApp id of what a call's message answers.</summary>
    public abstract string? QuoteOf(RecordedRequest call);

    /// <summary>Statuses that follow each send by themselves, in the order in which they come.</summary>
    public abstract void ReportEach(params IReadOnlyList<string> statuses);

    /// <summary>What happens to the next call that sends.</summary>
    public abstract void Next(Reply reply);

    /// <summary>Until <see cref="ClearScript"/>: also to calls that ask for the number's state.</summary>
    public abstract void RefuseKey();

    public abstract void ClearScript();

    /// <summary>What the gateway takes for its own.</summary>
    public abstract string Key { get; }

    /// <summary>An answer that says: not now.</summary>
    public abstract Answer Busy { get; }

    /// <summary>An answer that says: never, with the code by which the page tells it.</summary>
    public abstract (Answer Answer, string Code) Final { get; }

    /// <summary>Nobody tells by itself what became of a send.</summary>
    public abstract void KeepSilent();

    /// <summary>WhatsApp tells of what arrived although its sender had no answer.</summary>
    public abstract Task ConfirmAsync(CancellationToken ct);

    public abstract Task StopAsync();

    public abstract Task ListenAsync();

    /// <returns>The message's WhatsApp id.</returns>
    public abstract Task<string> SayAsync(Person person, Said said, CancellationToken ct);

    /// <summary>The same webhook once more.</summary>
    public abstract Task RepeatAsync(CancellationToken ct);

    /// <summary>Written to a person on another device of the number.</summary>
    public abstract Task TypeAsync(Person to, string waId, string text, CancellationToken ct);

    /// <param name="person">Who reacts, or takes it back with a null.</param>
    /// <param name="to">Whose message that is.</param>
    /// <param name="emoji">Null = none any more.</param>
    /// <param name="at">When.</param>
    /// <param name="ct">The test's.</param>
    public abstract Task ReactAsync(
        Person person,
        Message to,
        string? emoji,
        DateTimeOffset at,
        CancellationToken ct
    );

    public abstract Task EditAsync(Person person, Message own, string text, CancellationToken ct);

    public abstract Task RevokeAsync(Person person, Message own, CancellationToken ct);

    /// <param name="waId">Of a message of the number's.</param>
    /// <param name="person">Who got it.</param>
    /// <param name="status">sent, delivered, read, played or failed.</param>
    /// <param name="ct">The test's.</param>
    public abstract Task ReportAsync(
        string waId,
        Person person,
        string status,
        CancellationToken ct
    );

    /// <summary>Once its writer sees that it was read.</summary>
    public abstract Task WaitUntilReadAsync(string waId, CancellationToken ct);

    /// <summary>Once the other side sees that somebody types.</summary>
    public abstract Task WaitUntilTypingAsync(CancellationToken ct);

    /// <summary>The first emojis that the number put under a message; empty = taken back.</summary>
    public abstract Task<IReadOnlyList<string>> WaitForReactionsAsync(
        int count,
        CancellationToken ct
    );

    /// <summary>The message as it is in the inbox.</summary>
    public async Task<Message> HearAsync(Person person, Said said, CancellationToken ct)
    {
        var waId = await SayAsync(person, said, ct);
        return (await number.WaitAsync(live => live.Message?.WaId == waId, ct)).Message!;
    }

    public Task<Message> HearAsync(Person person, string text, CancellationToken ct) =>
        HearAsync(person, new Said.Words(text), ct);

    public abstract ValueTask DisposeAsync();
}

/// <summary>What somebody says.</summary>
public abstract record Said
{
    private Said() { }

    public sealed record Words(string Text) : Said
    {
        /// <summary>The WhatsApp id of what it answers.</summary>
        public string? Answers { get; init; }

        /// <summary>Whether the number wrote that.</summary>
        public bool AnswersOurs { get; init; }

        /// <summary>Through many chats.</summary>
        public bool IsForwarded { get; init; }
    }

    public sealed record File(string Kind, byte[] Bytes, string MimeType, string? Caption) : Said;

    public sealed record Place : Said;

    public sealed record Card : Said;

    public sealed record Button : Said;

    /// <summary>Something of tomorrow.</summary>
    public sealed record Unheard : Said;
}

/// <summary>A message on a person's phone.</summary>
/// <param name="WaId">WhatsApp's id.</param>
/// <param name="Type">In FlowChat's words.</param>
/// <param name="Text">The text or caption.</param>
/// <param name="Sha256">Of its file.</param>
public sealed record Arrived(string WaId, string Type, string? Text, string? Sha256);
