using System.Text.Json.Nodes;
using FlowChat.Instances;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Tests.EndToEnd;
using Microsoft.Extensions.DependencyInjection;

namespace FlowChat.Tests.Instances;

/// <summary>A number that is connected, and whose webhooks go somewhere else.</summary>
public sealed class SilentNumberTests(SilentNumberTests.EarlierFlowChat flowChat)
    : IClassFixture<SilentNumberTests.EarlierFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task When_only_searches_bring_messages_the_webhook_is_set_again_and_an_alarm_lasts_until_one_comes()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var fill = flowChat.Server.Get<HistoryFill>();
        await fill.RunOnceAsync(Ct);
        number.Fake.Webhook = null;
        number.Fake.Kept.Add(Message(number));

        flowChat.Clock.Ago -= TimeSpan.FromMinutes(11);
        await fill.RunOnceAsync(Ct);

        var raised = await number.WaitForAlarmAsync(InstanceAlarm.Silent, Ct);
        await number.Gateway.Requests.WaitAsync(2, IsSetUp, Ct);
        await number.WaitAsync(live => IsSetAgain(number, live.Data["instance"]), Ct, raised - 1);
        await number.Fake.ReceiveAsync(Person.Number(2), "Oi");
        await number.WaitForAlarmAsync(null, Ct, raised);
    }

    [Fact]
    public async Task A_single_webhook_that_got_lost_makes_no_number_silent()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var fill = flowChat.Server.Get<HistoryFill>();
        await fill.RunOnceAsync(Ct);
        var told = Message(number);
        var lost = Message(number);
        number.Fake.Kept.Add(told);
        number.Fake.Kept.Add(lost);
        await number.Fake.PostAsync(told.ToEnvelope());

        flowChat.Clock.Ago -= TimeSpan.FromMinutes(11);
        await fill.RunOnceAsync(Ct);

        await number.WaitAsync(live => live.Message?.WaId == lost.Id, Ct);
        Assert.Single(number.Gateway.Requests.All, IsSetUp);
    }

    private static TextMessage Message(TestNumber number) =>
        new(number.Fake.Number, Person.Number(Random.Shared.Next(1_000, 9_000_000)), "Olá")
        {
            SentAt = number.Now.AddSeconds(2),
        };

    private static bool IsSetUp(RecordedRequest request) =>
        request.Path.StartsWith("/webhook/set/", StringComparison.Ordinal);

    private static bool IsSetAgain(TestNumber number, JsonNode? instance) =>
        (string?)instance?["id"] == number.Instance.Id.ToString()
        && instance!["webhook_set_at"] is not null;

    /// <summary>A FlowChat that began an hour ago.</summary>
    public sealed class EarlierFlowChat : SendingFlowChat
    {
        public EarlierFlowChat(SharedPostgres postgres)
            : this(postgres, new() { Ago = TimeSpan.FromHours(1) }) { }

        private EarlierFlowChat(SharedPostgres postgres, ShiftedClock clock)
            : base(postgres, services: services => services.AddSingleton<TimeProvider>(clock)) =>
            Clock = clock;

        internal ShiftedClock Clock { get; }
    }
}
