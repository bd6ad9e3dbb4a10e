using System.Text.Json.Nodes;
using FlowChat.Testing.Evolution.Payloads;
using Group = FlowChat.Testing.Evolution.Payloads.Group;

namespace FlowChat.Tests.Inbound;

/// <summary>Where a story happens: its people are others for each telling, under the same names.</summary>
internal sealed record Scene(WebhookLine Line, IReadOnlyList<Person> People, Group? Group)
{
    public TextMessage Message(Line said) =>
        new(Line.Number, People[said.Who], said.Text)
        {
            Id = said.Id,
            FromMe = said.FromMe,
            SentAt = said.At,
            Group = Group,
            Form = new() { Address = said.Address },
        };
}

/// <summary>One message of a story.</summary>
internal sealed record Line(
    string Id,
    int Who,
    bool FromMe,
    string Text,
    AddressForm Address,
    DateTimeOffset At
);

/// <summary>What happens in a chat, in order: people known by their number or their LID alone write, answer, vote, react, edit, call, come and go.</summary>
internal sealed class Story(Random random, int people, bool inGroup, DateTimeOffset start)
{
    private static readonly AddressForm[] Addresses =
    [
        AddressForm.Phone,
        AddressForm.LidOnly,
        AddressForm.PhoneWithLidAlt,
        AddressForm.LidWithPhoneAlt,
    ];

    private static readonly string[] Actions = ["add", "remove", "promote", "demote"];

    private readonly List<Func<Scene, byte[]>> _webhooks = [];
    private readonly List<Line> _texts = [];
    private int _second;

    /// <summary>As it is at last; null = its gateway can't say who is in it, and never does.</summary>
    public StoryGroup? Group { get; } =
        inGroup && random.Next(3) > 0 ? new(start.AddDays(-9)) : null;

    /// <summary>How often each thing happened: none may silently be left out of all stories.</summary>
    public Dictionary<string, int> Told { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<Func<Scene, byte[]>> Write()
    {
        // Often it is what the number hears of the group first.
        if (Group is not null && random.Next(2) == 0)
        {
            TellGroup(At());
        }
        // What is answered may come much later than its answer.
        var later = Enumerable.Range(0, 3).Select(_ => Next("said later")).ToList();
        for (var n = random.Next(6, 12); n > 0; n--)
        {
            WriteOne(later[random.Next(later.Count)]);
        }
        foreach (var line in later)
        {
            Say(line with { At = At() });
        }
        // Each names both addresses once, wherever that comes.
        for (var who = 0; who < people; who++)
        {
            Say(Next("both", AddressForm.PhoneWithLidAlt) with { Who = who, FromMe = false });
        }
        return _webhooks;
    }

    private void WriteOne(Line later)
    {
        var line = Next($"at {_second}");
        switch (
            random.Next(
                Group is not null ? 10
                : inGroup ? 8
                : 7
            )
        )
        {
            case 0:
                Answer(line, random.Next(2) == 0 || _texts.Count == 0 ? later : Any());
                break;
            case 1:
                Poll(line);
                break;
            case 2:
                Call(line);
                break;
            case 3 when _texts.Count > 0:
                Change(Any());
                break;
            case 5:
                Pin(line);
                break;
            case 6:
                Ignore(line);
                break;
            case 7:
            case 8:
                Move(line);
                break;
            case 9:
                // Not all is told as it happens.
                Group!.Take(Actions[random.Next(4)], line.Who);
                TellGroup(line.At);
                break;
            default:
                Say(line);
                break;
        }
    }

    private void Say(Line line)
    {
        _texts.Add(line);
        Tell("text", line, scene => scene.Message(line));
        if (random.Next(3) == 0)
        {
            Change(line);
        }
    }

    private void Answer(Line line, Line to) =>
        Tell(
            "quote",
            line,
            scene =>
                scene.Message(line) with
                {
                    ContextInfo = MessageKinds.Quoting(
                        to.Id,
                        to.FromMe ? scene.Line.Number.Owner : scene.People[to.Who],
                        to.Text
                    ),
                }
        );

    private void Poll(Line line)
    {
        Tell("poll", line, scene => scene.Message(line) with { Message = MessageKinds.Poll() });
        for (var n = random.Next(1, 4); n > 0; n--)
        {
            var vote = Next("") with { FromMe = false };
            var option = random.Next(2) == 0 ? "Chá" : "Água";
            Add(
                "vote",
                scene =>
                    (
                        scene.Message(vote) with
                        {
                            Message = MessageKinds.Vote(scene.Message(line).Key, vote.At),
                            PollUpdates =
                            [
                                new JsonObject
                                {
                                    ["name"] = option,
                                    ["voters"] = new JsonArray(
                                        vote.Address is AddressForm.Phone
                                            ? scene.People[vote.Who].PhoneJid
                                            : scene.People[vote.Who].LidJid
                                    ),
                                },
                            ],
                        }
                    ).ToBytes()
            );
        }
    }

    private void Call(Line line)
    {
        string[] states = ["offer", random.Next(2) == 0 ? "accept" : "timeout"];
        foreach (var state in states)
        {
            Add(
                "call",
                scene =>
                    EvolutionJson.Bytes(
                        scene.Line.Number.Call(
                            scene.People[line.Who],
                            line.Id,
                            state,
                            line.At,
                            group: scene.Group
                        )
                    )
            );
        }
    }

    private void Pin(Line line) =>
        Tell(
            "quiet",
            line,
            scene =>
            {
                var message = scene.Message(line);
                return message with
                {
                    Message =
                        line.Who == 0
                            ? QuietKinds.Keep(message.Key, line.At)
                            : QuietKinds.Pin(message.Key, line.At),
                };
            }
        );

    /// <summary>What comes beside messages, and changes nothing.</summary>
    private void Ignore(Line line)
    {
        var kind = random.Next(5);
        Add(
            "beside",
            scene =>
            {
                var (number, person) = (scene.Line.Number, scene.People[line.Who]);
                return EvolutionJson.Bytes(
                    kind switch
                    {
                        0 => number.ContactsUpsert(line.At, person),
                        1 => number.ContactsUpdate(line.At, person),
                        2 => number.ChatsUpsert(line.At, person, isShort: line.FromMe),
                        3 => number.ChatsUpdate(line.At, person),
                        _ => number.PresenceUpdate(
                            scene.Group?.Jid ?? person.PhoneJid,
                            person.PhoneJid,
                            "composing",
                            line.At
                        ),
                    }
                );
            }
        );
    }

    /// <summary>Somebody comes or goes.</summary>
    private void Move(Line line)
    {
        // Who does it to themselves, under the other address, is known for one person later.
        var (action, author) = (Actions[random.Next(4)], random.Next(people));
        var form = random.Next(3);
        Group?.Take(action, line.Who);
        Add(
            "system line",
            scene =>
                EvolutionJson.Bytes(
                    scene.Line.Number.ParticipantsUpdate(
                        scene.Group!,
                        action,
                        scene.People[author],
                        scene.People[line.Who],
                        line.At,
                        asObject: form == 1,
                        data: form == 2 ? [] : null
                    )
                )
        );
    }

    private void TellGroup(DateTimeOffset at)
    {
        var metadata = Group!.Metadata();
        Add(
            "group",
            scene => EvolutionJson.Bytes(scene.Line.Number.GroupsUpsert(metadata(scene), at))
        );
    }

    private void Change(Line line)
    {
        var by = Next("");
        var kind =
            random.Next(8) == 0 ? "revoke"
            : random.Next(2) == 0 ? "edit"
            : "reaction";
        Add(
            kind,
            scene =>
            {
                var key = scene.Message(line).Key;
                return kind switch
                {
                    "reaction" => (
                        scene.Message(by) with
                        {
                            Message = MessageKinds.Reaction(key, "👍", by.At),
                        }
                    ).ToBytes(),
                    "edit" => Protocol(scene, MessageKinds.Edit(key, $"edit {by.Id}", by.At, true)),
                    _ => Protocol(scene, MessageKinds.Revoke(key, byNumber: false)),
                };

                byte[] Protocol(Scene at, JsonObject said) =>
                    EvolutionJson.Bytes(at.Line.Number.Envelope("messages.edited", said, by.At));
            }
        );
    }

    /// <summary>A third of the messages can't be read at first, and come again.</summary>
    private void Tell(string kind, Line line, Func<Scene, TextMessage> message)
    {
        if (random.Next(3) == 0)
        {
            Add(
                "hidden",
                scene => (message(scene) with { Stub = 2, ContextInfo = null }).ToBytes()
            );
        }
        Add(kind, scene => message(scene).ToBytes());
    }

    private void Add(string kind, Func<Scene, byte[]> webhook)
    {
        _webhooks.Add(webhook);
        Told[kind] = Told.GetValueOrDefault(kind) + 1;
    }

    private Line Any() => _texts[random.Next(_texts.Count)];

    private Line Next(string text, AddressForm? address = null) =>
        new(
            WhatsAppId.New(),
            random.Next(people),
            FromMe: random.Next(4) == 0,
            text,
            address ?? Addresses[random.Next(Addresses.Length)],
            At()
        );

    private DateTimeOffset At() => start.AddSeconds(_second++);
}
