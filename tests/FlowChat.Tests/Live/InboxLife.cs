using System.Net.Http.Json;
using System.Text.Json;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Tests.Media;
using Group = FlowChat.Testing.Evolution.Payloads.Group;

namespace FlowChat.Tests.Live;

/// <summary>A team's day at random: contacts write, agents answer, gateways fail, admins change things.</summary>
internal sealed class InboxLife : IAsyncDisposable
{
    private static readonly AddressForm[] Addresses = Enum.GetValues<AddressForm>();
    private static readonly string[] Statuses =
    [
        WhatsAppStatus.ServerAck,
        WhatsAppStatus.DeliveryAck,
        WhatsAppStatus.Read,
        WhatsAppStatus.Played,
        WhatsAppStatus.Error,
    ];

    private readonly SendingFlowChat _flowChat;
    private readonly Random _random;
    private readonly TestNumber[] _numbers;
    private readonly (string Name, int Weight, Func<CancellationToken, Task> Do)[] _operations;
    private Stack<(string Name, int Weight, Func<CancellationToken, Task> Do)> _deck = new();
    private Instance _sandbox;
    private int _count;

    private InboxLife(
        SendingFlowChat flowChat,
        Random random,
        TestNumber[] numbers,
        Instance sandbox
    )
    {
        (_flowChat, _random, _numbers, _sandbox) = (flowChat, random, numbers, sandbox);
        _operations =
        [
            ("a contact writes", 8, ReceiveAsync),
            ("several write at once", 4, ReceiveManyAsync),
            ("two contacts turn out to be one", 3, MeetAsync),
            ("an agent answers", 8, SendAsync),
            ("another program or a phone sends", 3, SendElsewhereAsync),
            ("somebody has another picture", 3, ChangePictureAsync),
            ("a receipt", 6, ReportAsync),
            ("resend or dismiss", 3, SettleAsync),
            ("read", 3, ReadAsync),
            ("open, snooze or resolve", 3, ChangeConversationAsync),
            ("start a conversation", 2, StartConversationAsync),
            ("the connection changes", 2, ChangeConnectionAsync),
            ("a pairing code", 1, PairAsync),
            ("rename an instance", 1, RenameInstanceAsync),
            ("the sandbox phone", 2, UseSandboxAsync),
            ("another sandbox", 1, ReplaceSandboxAsync),
            ("a colleague comes", 1, AddUserAsync),
            ("a colleague changes", 2, ChangeUserAsync),
        ];
    }

    public HttpClient Http => Client.Http;

    private FlowChatClient Client => _flowChat.Server.Client;

    public static async Task<InboxLife> StartAsync(
        SendingFlowChat flowChat,
        Random random,
        CancellationToken ct
    ) =>
        new(
            flowChat,
            random,
            [await flowChat.ConnectAsync(ct), await flowChat.ConnectAsync(ct)],
            await NewSandboxAsync(flowChat, ct)
        );

    /// <returns>What was done.</returns>
    public async Task<string> DoSomethingAsync(CancellationToken ct)
    {
        // Dealt like cards, so that each comes within one deck.
        if (_deck.Count == 0)
        {
            var cards = _operations
                .SelectMany(operation => Enumerable.Repeat(operation, operation.Weight))
                .ToArray();
            _random.Shuffle(cards);
            _deck = new(cards);
        }
        var (name, _, work) = _deck.Pop();
        await work(ct);
        return name;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var number in _numbers)
        {
            await number.DisposeAsync();
        }
    }

    private Task ReceiveAsync(CancellationToken ct) => PostAsync(Any(_numbers));

    private Task ReceiveManyAsync(CancellationToken ct) =>
        Task.WhenAll(Enumerable.Range(0, 6).Select(_ => PostAsync(Any(_numbers))));

    private async Task PostAsync(TestNumber number)
    {
        var person = Person.Number(_random.Next(6));
        await number.Fake.PostAsync(
            new TextMessage(
                number.Fake.Number,
                person with
                {
                    Name = Any([person.Name, "", person.Name + " Silva", person.Phone]),
                },
                Any(["Oi", "Olá \"tudo\" <bem>? 👋", "çãé\n\u2028"])
            )
            {
                Group = _random.Next(5) == 0 ? Group.Suppliers : null,
                Form = new MessageForm { Address = Any(Addresses) },
                SentAt = Now(number),
            }.ToEnvelope()
        );
    }

    private async Task ChangePictureAsync(CancellationToken ct)
    {
        var (number, person) = (Any(_numbers), Person.Number(_random.Next(6)));
        var pictures = number.Gateway.Pictures;
        foreach (var jid in (string[])[person.PhoneJid, person.LidJid])
        {
            pictures.Set(jid, TestFile.Jpeg(seed: _random.Next()));
        }
        await number.Fake.PostAsync(
            number.Fake.Number.PictureUpdate(
                person.PhoneJid,
                pictures.UrlOf(person.PhoneJid),
                Now(number)
            )
        );
    }

    /// <summary>Somebody new writes from both addresses, then under both at once; sometimes in the group too.</summary>
    private async Task MeetAsync(CancellationToken ct)
    {
        var number = Any(_numbers);
        var person = Person.Number(1_000 + _count++);
        foreach (
            var address in (AddressForm[])
                [AddressForm.Phone, AddressForm.LidOnly, AddressForm.LidWithPhoneAlt]
        )
        {
            foreach (var group in Any<Group?[]>([null], [Group.Suppliers, null]))
            {
                await number.Fake.PostAsync(
                    new TextMessage(number.Fake.Number, person, $"{address}")
                    {
                        Group = group,
                        Form = new MessageForm { Address = address },
                        SentAt = Now(number),
                    }.ToEnvelope()
                );
            }
        }
    }

    private async Task SendAsync(CancellationToken ct)
    {
        if (await AnyConversationAsync(ct, IsConnected) is not { } conversation)
        {
            return;
        }
        foreach (var number in _numbers)
        {
            number.Gateway.Script.Clear();
            number.Gateway.Script.Next(
                Any([
                    Reply.Normal,
                    Reply.Normal,
                    Reply.Lost,
                    Reply.Refused(Answer.NotOnWhatsApp("1")),
                ])
            );
            number.Gateway.Echo = new EchoPlan
            {
                Copies = _random.Next(3),
                BeforeAnswer = _random.Next(2) == 0,
                Receipts = [.. Statuses.Where(_ => _random.Next(3) == 0)],
            };
        }
        await Client.SendAsync(conversation.Id, $"answer-{_count++}", "Pode deixar", ct);
    }

    private async Task SendElsewhereAsync(CancellationToken ct)
    {
        var number = Any(_numbers);
        await number.Fake.PostAsync(
            new TextMessage(number.Fake.Number, Person.Number(_random.Next(6)), "Pode deixar")
            {
                FromMe = true,
                Event = Any(["send.message", "messages.upsert"]),
                Form = new MessageForm { Address = Any(Addresses) },
                SentAt = Now(number),
            }.ToEnvelope()
        );
    }

    private async Task ReportAsync(CancellationToken ct)
    {
        var known = (await AnyThreadAsync(ct)).Where(message => message.WaId is not null).ToList();
        var id = known.Count > 0 ? Any([.. known]).WaId! : WhatsAppId.New();
        await Task.WhenAll(
            _numbers.Select(number =>
                number.Fake.PostAsync(
                    new StatusUpdate(number.Fake.Number, id, Any(Statuses)).ToEnvelope()
                )
            )
        );
    }

    private async Task SettleAsync(CancellationToken ct)
    {
        foreach (var message in await AnyThreadAsync(ct))
        {
            if (message.Status is "unknown" or "failed")
            {
                // Workers and echoes move it too: a 409 is as good.
                using var answer = await Http.PostAsync(
                    $"/api/messages/{message.Id}/{Any(["resend", "dismiss"])}",
                    null,
                    ct
                );
            }
        }
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        if (await AnyConversationAsync(ct) is { } conversation)
        {
            using var answer = await Http.PostAsync(
                $"/api/conversations/{conversation.Id}/read",
                null,
                ct
            );
            answer.EnsureSuccessStatusCode();
        }
    }

    private async Task ChangeConversationAsync(CancellationToken ct)
    {
        if (await AnyConversationAsync(ct) is { } conversation)
        {
            await PatchAsync(
                $"/api/conversations/{conversation.Id}",
                new { status = Any(["open", "snoozed", "resolved"]) },
                ct
            );
        }
    }

    private async Task StartConversationAsync(CancellationToken ct) =>
        await Any(_numbers).StartAsync(ct, person: _random.Next(9));

    private Task ChangeConnectionAsync(CancellationToken ct) =>
        Any(_numbers)
            .Fake.ChangeStateAsync(
                Any(["open", "open", "connecting", "close"]),
                _random.Next(400, 600)
            );

    private async Task PairAsync(CancellationToken ct)
    {
        var number = Any(_numbers);
        await number.Fake.PostAsync(
            number.Fake.Number.QrCodeUpdated(new() { ["code"] = "2@fake" }, Now(number))
        );
    }

    private Task RenameInstanceAsync(CancellationToken ct) =>
        PatchAsync(
            $"/api/instances/{Any(_numbers).Instance.Id}",
            new { name = $"Loja {_count++}" },
            ct
        );

    private async Task UseSandboxAsync(CancellationToken ct)
    {
        var phone = $"55119{_random.Next(3):00000000}";
        await Client.PostAsync<JsonElement>(
            $"/api/sandbox/{_sandbox.Id}/messages",
            new { Phone = phone, Text = "Oi" },
            ct
        );
        using var answer = await Http.PostAsJsonAsync(
            $"/api/sandbox/{_sandbox.Id}/receipts",
            new { phone, status = "read" },
            ct
        );
        answer.EnsureSuccessStatusCode();
    }

    private async Task ReplaceSandboxAsync(CancellationToken ct)
    {
        using var answer = await Http.DeleteAsync($"/api/instances/{_sandbox.Id}", ct);
        answer.EnsureSuccessStatusCode();
        _sandbox = await NewSandboxAsync(_flowChat, ct);
    }

    private async Task AddUserAsync(CancellationToken ct) =>
        await Client.CreateUserAsync(
            $"agent-{_count++}@example.com",
            "Marina \"Má\" Souza",
            "agent",
            "correct horse battery",
            ct
        );

    private async Task ChangeUserAsync(CancellationToken ct)
    {
        var users = (await Client.GetAsync<Page<JsonElement>>("/api/users", ct))
            .Items.Where(user => user.GetProperty("role").GetString() != "owner")
            .ToArray();
        if (users.Length > 0)
        {
            await PatchAsync(
                $"/api/users/{Any(users).GetProperty("id")}",
                Any<object>([
                    new { name = $"Marina {_count++}" },
                    new { role = Any(["viewer", "agent", "admin"]) },
                    new { disabled = _random.Next(2) == 0 },
                ]),
                ct
            );
        }
    }

    private async Task PatchAsync(string path, object body, CancellationToken ct)
    {
        using var answer = await Http.PatchAsJsonAsync(path, body, ct);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(ct));
    }

    private async Task<Conversation?> AnyConversationAsync(
        CancellationToken ct,
        Func<Conversation, bool>? suits = null
    )
    {
        var page = await Client.ConversationsAsync(ct);
        Conversation[] suiting = [.. page.Items.Where(suits ?? (_ => true))];
        return suiting.Length == 0 ? null : Any(suiting);
    }

    // Through a removed number nothing can be sent.
    private bool IsConnected(Conversation conversation) =>
        conversation.InstanceId == _sandbox.Id
        || _numbers.Any(number => number.Instance.Id == conversation.InstanceId);

    private async Task<IReadOnlyList<Message>> AnyThreadAsync(CancellationToken ct) =>
        await AnyConversationAsync(ct) is { } conversation
            ? (await Client.MessagesAsync(conversation.Id, ct)).Items
            : [];

    private static Task<Instance> NewSandboxAsync(SendingFlowChat flowChat, CancellationToken ct) =>
        flowChat.Server.Client.PostAsync<Instance>(
            "/api/instances",
            new { Name = "Sandbox", Gateway = "sandbox" },
            ct
        );

    /// <summary>Within a few seconds, so that messages of one second and late ones come too.</summary>
    private DateTimeOffset Now(TestNumber number) => number.Now.AddSeconds(-_random.Next(3));

    private T Any<T>(params T[] choices) => choices[_random.Next(choices.Length)];
}
