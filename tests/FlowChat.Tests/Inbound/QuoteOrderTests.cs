using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution.Payloads;
using Group = FlowChat.Testing.Evolution.Payloads.Group;

namespace FlowChat.Tests.Inbound;

/// <summary>A quote leads to what it quotes, whichever of the two comes first.</summary>
public sealed class QuoteOrderTests(InboundFlowChat flowChat) : IClassFixture<InboundFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task All_orders_of_a_message_and_two_answers_end_alike(bool inGroup, bool fromMe)
    {
        var person = flowChat.NewPerson();
        string? expected = null;
        for (var order = 0; order < 6; order++)
        {
            var line = await flowChat.ConnectAsync(Ct);
            var said = line.From(person, "Aberto hoje?") with { FromMe = fromMe };
            var author = fromMe ? line.Number.Owner : person;
            TextMessage Answer(string text, int second, string to, Person of) =>
                line.From(person, text) with
                {
                    SentAt = said.SentAt.AddSeconds(second),
                    ContextInfo = MessageKinds.Quoting(to, of, "…"),
                };
            var first = Answer("Alô?", 1, said.Id, author);
            TextMessage[] all = [said, first, Answer("Oi?", 2, first.Id, person)];
            var shuffled = all.ToList().Permutations().ElementAt(order);
            foreach (var message in shuffled)
            {
                var posted = inGroup ? message with { Group = Group.Suppliers } : message;
                await line.PostAsync(posted, Ct);
            }

            var thread = await line.ThreadAsync(Ct);
            Assert.Equal(thread[0].Id, thread[1].ReplyTo!.MessageId);
            Assert.Equal(thread[1].Id, thread[2].ReplyTo!.MessageId);
            var actual = string.Join('\n', thread.Select(m => Describe(m.ReplyTo)));
            Assert.Equal(expected ??= actual, actual);
        }
    }

    [Fact]
    public async Task Its_late_link_is_told_live_once()
    {
        var (line, person) = (await flowChat.ConnectAsync(Ct), flowChat.NewPerson());
        var question = line.From(person, "Aberto hoje?");
        var answer = line.From(person, "Alô?") with
        {
            SentAt = question.SentAt.AddSeconds(1),
            ContextInfo = MessageKinds.Quoting(question.Id, person, "Aberto hoje?"),
        };
        await line.PostAsync(answer, Ct);
        var waiting = Assert.Single(await line.ThreadAsync(Ct));
        Assert.Null(waiting.ReplyTo!.MessageId);
        var seq = (await flowChat.Server.Client.EventsAsync(long.MaxValue, Ct)).LastSeq;

        await line.PostAsync(question, Ct);
        await line.PostAsync(question, Ct);

        var told = (await flowChat.Server.Client.EventsAsync(seq, Ct)).Items.Where(live =>
            live.Message?.Id == waiting.Id
        );
        var linked = Assert.Single(told).Message!;
        Assert.NotNull(linked.ReplyTo!.MessageId);
        Assert.Equal(waiting.Version + 1, linked.Version);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_under_one_address_to_a_message_under_the_other_is_linked_when_they_are_one(
        bool answerFirst
    )
    {
        var (line, person) = (await flowChat.ConnectAsync(Ct), flowChat.NewPerson());
        var question = line.From(person, "Aberto hoje?");
        var answer = line.From(person, "Alô?", new() { Address = AddressForm.LidOnly }) with
        {
            SentAt = question.SentAt.AddSeconds(1),
            ContextInfo = MessageKinds.Quoting(question.Id, person, "Aberto hoje?"),
        };
        await line.PostAsync(answerFirst ? answer : question, Ct);
        await line.PostAsync(answerFirst ? question : answer, Ct);
        Assert.Equal(2, (await line.ConversationsAsync(Ct)).Count);

        var both = new MessageForm { Address = AddressForm.PhoneWithLidAlt };
        await line.PostAsync(line.From(person, "Oi", both), Ct);

        var thread = await line.ThreadAsync(Ct);
        var asked = thread.Single(m => m.Text == "Aberto hoje?");
        var quote = thread.Single(m => m.Text == "Alô?").ReplyTo!;
        Assert.Equal((asked.Id, "Aberto hoje?"), (quote.MessageId, quote.Text));
        Assert.Equal((asked.Sender!.Id, "contact"), (quote.Sender!.Id, quote.Sender.Kind));
    }

    [Fact]
    public async Task A_quote_of_another_thread_stays_without_a_link()
    {
        var line = await flowChat.ConnectAsync(Ct);
        var (ana, bia) = (flowChat.NewPerson(), flowChat.NewPerson());
        var question = line.From(ana, "Aberto hoje?");
        var answer = line.From(bia, "Alô?") with
        {
            ContextInfo = MessageKinds.Quoting(question.Id, ana, "Aberto hoje?"),
        };
        await line.PostAsync(answer, Ct);
        await line.PostAsync(question, Ct);

        var theirs = (await line.ConversationsAsync(Ct)).Single(c => c.Contact!.Name == bia.Name);
        Assert.Null(Assert.Single(await line.ThreadAsync(theirs, Ct)).ReplyTo!.MessageId);
    }

    private static string Describe(Quote? quote) =>
        $"{quote?.Type} {quote?.Text} {quote?.Sender?.Kind} {quote?.Sender?.Name}";
}
