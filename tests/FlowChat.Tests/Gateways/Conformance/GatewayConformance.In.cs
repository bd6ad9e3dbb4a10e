using FlowChat.Testing.Api;

namespace FlowChat.Tests.Gateways.Conformance;

public abstract partial class GatewayConformance
{
    [Fact]
    public async Task A_text_is_in_the_thread_of_its_writer_once_however_often_it_comes()
    {
        await using var line = await ConnectAsync();

        var heard = await line.HearAsync(Ana, "Bom dia", Ct);
        await line.RepeatAsync(Ct);

        Assert.Equal(
            ("in", "text", "Bom dia", "received"),
            (heard.Direction, heard.Type, heard.Text, heard.Status)
        );
        Assert.Equal(("contact", Ana.Name), (heard.Sender!.Kind, heard.Sender.Name));
        var conversation = await ConversationAsync(heard.ConversationId);
        Assert.Equal(("+" + Ana.Phone, 1), (conversation.Contact!.Phone, conversation.UnreadCount));
        Assert.Single(await line.Number.ThreadAsync(heard.ConversationId, Ct));
    }

    [Fact]
    public async Task Places_cards_and_choices_say_what_they_hold()
    {
        await using var line = await ConnectAsync();

        var place = await line.HearAsync(Ana, new Said.Place(), Ct);
        var card = await line.HearAsync(Ana, new Said.Card(), Ct);
        var choice = await line.HearAsync(Ana, new Said.Button(), Ct);

        Assert.Equal(
            ("location", "MASP", -23.5613),
            (
                place.Type,
                place.Content!["name"]!.GetValue<string>(),
                place.Content["latitude"]!.GetValue<double>()
            )
        );
        Assert.Equal(
            ("contacts", "Bruno Carvalho"),
            (card.Type, card.Content!["contacts"]![0]!["name"]!.GetValue<string>())
        );
        Assert.Equal(
            ("choice", "Sim", "yes"),
            (choice.Type, choice.Text, choice.Content!["id"]!.GetValue<string>())
        );
    }

    [Fact]
    public async Task What_nobody_knows_is_named_and_kept()
    {
        await using var line = await ConnectAsync();

        var heard = await line.HearAsync(Ana, new Said.Unheard(), Ct);

        Assert.Equal("unsupported", heard.Type);
        Assert.NotEmpty(heard.Content!["kind"]!.GetValue<string>());
        using var raw = await Http.GetAsync($"/api/messages/{heard.Id}/raw", Ct);
        Assert.True(raw.IsSuccessStatusCode, $"{raw.StatusCode}");
    }

    [Theory]
    [InlineData("image", "image/png", "Veja")]
    [InlineData("document", "application/pdf", "Veja")]
    [InlineData("voice", "audio/ogg; codecs=opus", null)]
    public async Task A_file_is_shown_at_once_and_served_when_its_bytes_are_here(
        string kind,
        string mimeType,
        string? caption
    )
    {
        await using var line = await ConnectAsync();
        var bytes = FileOf(kind);

        var heard = await line.HearAsync(Ana, new Said.File(kind, bytes, mimeType, caption), Ct);
        var ready = await WaitAsync(line, heard, now => now.Attachments[0].State == "ready");

        Assert.Equal(
            (kind, caption, "pending"),
            (heard.Type, heard.Text, heard.Attachments[0].State)
        );
        Assert.Equal(
            bytes,
            await Http.GetByteArrayAsync($"/api/attachments/{ready.Attachments[0].Id}/content", Ct)
        );
    }

    [Fact]
    public async Task Answers_name_ours_theirs_and_what_is_not_here()
    {
        await using var line = await ConnectAsync();
        var theirs = await line.HearAsync(Ana, "Aberto?", Ct);
        var ours = await SentAsync(line, await ConversationAsync(theirs.ConversationId), "Sim");

        var toTheirs = await AnswerAsync(theirs.WaId!, isOurs: false);
        var toOurs = await AnswerAsync(ours.WaId!, isOurs: true);
        var toNothing = await AnswerAsync("BEFORE", isOurs: true);

        Assert.Equal(
            (theirs.Id, "contact"),
            (toTheirs.ReplyTo!.MessageId, toTheirs.ReplyTo.Sender!.Kind)
        );
        Assert.Equal((ours.Id, "user"), (toOurs.ReplyTo!.MessageId, toOurs.ReplyTo.Sender!.Kind));
        Assert.Equal(
            (null, "phone"),
            (toNothing.ReplyTo!.MessageId, toNothing.ReplyTo.Sender!.Kind)
        );

        Task<Message> AnswerAsync(string waId, bool isOurs) =>
            line.HearAsync(Ana, new Said.Words("Ah") { Answers = waId, AnswersOurs = isOurs }, Ct);
    }

    [Fact]
    public async Task What_was_forwarded_says_so()
    {
        await using var line = await ConnectAsync();

        var forwarded = await line.HearAsync(
            Ana,
            new Said.Words("Veja") { IsForwarded = true },
            Ct
        );
        var written = await line.HearAsync(Ana, "Viu?", Ct);

        Assert.Equal("often", forwarded.Content!["forwarded"]!.GetValue<string>());
        Assert.Null(forwarded.ReplyTo);
        Assert.Null(written.Content);
    }

    [Fact]
    public async Task Reactions_come_change_and_go_and_an_older_one_says_nothing()
    {
        await using var line = await ConnectAsync();
        var heard = await line.HearAsync(Ana, "Oi", Ct);

        foreach (var (emoji, second) in new[] { ("👍", 1), ("❤️", 2), (null, 3), ("👍", 1) })
        {
            await line.ReactAsync(Ana, heard, emoji, line.Number.Now.AddSeconds(second), Ct);
            if (second < 3)
                await WaitAsync(
                    line,
                    heard,
                    now => now.Reactions.Any(reaction => reaction.Emoji == emoji)
                );
        }

        var now = Assert.Single(await line.Number.ThreadAsync(heard.ConversationId, Ct));
        Assert.Empty(now.Reactions);
    }

    [Fact]
    public async Task What_a_person_edits_and_takes_back_shows()
    {
        await using var line = await ConnectAsync();
        var heard = await line.HearAsync(Ana, "Chego as 10", Ct);

        await line.EditAsync(Ana, heard, "Chego às 10", Ct);
        var edited = await WaitAsync(line, heard, now => now.EditedAt is not null);
        await line.RevokeAsync(Ana, heard, Ct);
        var revoked = await WaitAsync(line, heard, now => now.DeletedAt is not null);

        Assert.Equal(
            ("Chego às 10", "Chego as 10"),
            (edited.Text, Assert.Single(edited.Edits).Text)
        );
        Assert.Null(revoked.Text);
    }

    [Fact]
    public async Task What_is_written_on_another_device_stands_in_the_same_thread()
    {
        await using var line = await ConnectAsync();
        var heard = await line.HearAsync(Ana, "Oi", Ct);

        await line.TypeAsync(Ana, "TYPED", "Olá", Ct);
        var typed = (
            await line.Number.WaitAsync(live => live.Message?.WaId == "TYPED", Ct)
        ).Message!;

        Assert.Equal(("out", "phone"), (typed.Direction, typed.Sender!.Kind));
        Assert.Equal(heard.ConversationId, typed.ConversationId);
        Assert.Equal(0, (await ConversationAsync(heard.ConversationId)).UnreadCount);
    }
}
