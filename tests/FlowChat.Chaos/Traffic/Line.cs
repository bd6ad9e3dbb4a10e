using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Chaos.Traffic;

/// <summary>A tenant's number, and the people who write to it.</summary>
internal sealed record Line(
    FlowChatClient Client,
    Instance Instance,
    FakeInstance Fake,
    IReadOnlyList<Talk> Talks
);

/// <summary>The conversation of a number with one person.</summary>
internal sealed record Talk(Guid Id, Person Person);
