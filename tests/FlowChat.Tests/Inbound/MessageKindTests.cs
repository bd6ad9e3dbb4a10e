using System.Text.Json.Nodes;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution.Payloads;
using Group = FlowChat.Testing.Evolution.Payloads.Group;

namespace FlowChat.Tests.Inbound;

/// <summary>Each kind of message is stored as what it is, whatever form the gateway gives it.</summary>
public sealed class MessageKindTests(InboundFlowChat flowChat) : IClassFixture<InboundFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, string?, string> Kinds =>
        new()
        {
            { "image", "Olha só", MessageKinds.Image("Olha só").ToJsonString() },
            { "video", null, MessageKinds.Video().ToJsonString() },
            { "voice", null, MessageKinds.VoiceNote().ToJsonString() },
            { "audio", null, MessageKinds.Audio().ToJsonString() },
            { "document", "Segue", MessageKinds.Document("Segue").ToJsonString() },
            { "sticker", null, MessageKinds.Sticker(isAnimated: true).ToJsonString() },
            { "sticker", null, MessageKinds.Sticker().ToJsonString() },
            { "location", null, MessageKinds.Location().ToJsonString() },
            { "live_location", "A caminho", MessageKinds.LiveLocation().ToJsonString() },
            { "contacts", null, MessageKinds.Contact().ToJsonString() },
            { "contacts", null, MessageKinds.Contacts().ToJsonString() },
            { "poll", "O que vamos beber?", MessageKinds.Poll("").ToJsonString() },
            { "poll", "O que vamos beber?", MessageKinds.Poll("V2").ToJsonString() },
            { "poll", "O que vamos beber?", MessageKinds.Poll().ToJsonString() },
            { "interactive", "Confirma o pedido?", MessageKinds.Buttons().ToJsonString() },
            { "choice", "Sim", MessageKinds.ButtonReply().ToJsonString() },
            { "choice", "Entrega amanhã", MessageKinds.ListReply().ToJsonString() },
            { "interactive", "Quando entregamos?", InteractiveKinds.List().ToJsonString() },
            { "interactive", "Seu pedido chegou", InteractiveKinds.Template().ToJsonString() },
            { "interactive", "Confirma o pedido?", InteractiveKinds.Native().ToJsonString() },
            { "choice", "Obrigado", InteractiveKinds.TemplateReply().ToJsonString() },
            { "choice", "Sim", InteractiveKinds.NativeReply().ToJsonString() },
            { "choice", "Sent", InteractiveKinds.FlowReply("{}").ToJsonString() },
            {
                "interactive",
                "Confirma o pedido?",
                InteractiveKinds.TemplateOfNative().ToJsonString()
            },
            { "unsupported", null, InteractiveKinds.BareTemplate().ToJsonString() },
            { "unsupported", "Novidades", InteractiveKinds.Carousel().ToJsonString() },
            { "unsupported", null, MessageKinds.Unknown().ToJsonString() },
        };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_kind_is_stored_as_what_it_is(string type, string? text, string message)
    {
        var wrapped = new JsonObject
        {
            ["messageContextInfo"] = new JsonObject(),
            ["viewOnceMessageV2"] = new JsonObject { ["message"] = JsonNode.Parse(message) },
        };
        foreach (var form in (JsonObject[])[JsonNode.Parse(message)!.AsObject(), wrapped])
        {
            var stored = await ReceiveAsync(form);
            Assert.Equal((type, text), (stored.Type, stored.Text));
        }
    }

    [Theory]
    [InlineData(BytesForm.Base64)]
    [InlineData(BytesForm.Indexed)]
    [InlineData(BytesForm.NodeBuffer)]
    public async Task A_voice_note_keeps_its_waveform(BytesForm form)
    {
        var stored = await ReceiveAsync(MessageKinds.VoiceNote(form));

        var note = Assert.Single(stored.Attachments);
        Assert.Equal(("voice", 12, 123_456), (note.Kind, note.DurationSeconds, note.SizeBytes));
        Assert.Equal(Enumerable.Range(0, 64), note.Waveform);
    }

    [Theory]
    [InlineData(LongForm.Number)]
    [InlineData(LongForm.Text)]
    [InlineData(LongForm.LowHigh)]
    public async Task A_medium_tells_its_size_before_it_is_here(LongForm form)
    {
        var stored = await ReceiveAsync(MessageKinds.Image(size: form));

        var image = Assert.Single(stored.Attachments);
        Assert.Equal(
            ("image/jpeg", 1600, 900, 123_456L),
            (image.MimeType, image.Width, image.Height, image.SizeBytes)
        );
    }

    [Fact]
    public async Task A_document_keeps_its_name()
    {
        var stored = await ReceiveAsync(MessageKinds.Document());
        Assert.Equal("Proposta 2026.pdf", Assert.Single(stored.Attachments).FileName);
    }

    public static TheoryData<string, string, string> Headers =>
        new()
        {
            { "image", "imageMessage", MessageKinds.Buttons().ToJsonString() },
            { "document", "documentMessage", InteractiveKinds.Template().ToJsonString() },
            { "video", "videoMessage", InteractiveKinds.Native().ToJsonString() },
        };

    [Theory]
    [MemberData(nameof(Headers))]
    public async Task A_question_has_the_medium_in_its_header(
        string kind,
        string field,
        string message
    )
    {
        var medium = field switch
        {
            "imageMessage" => MessageKinds.Image(),
            "videoMessage" => MessageKinds.Video(),
            _ => MessageKinds.Document(),
        };

        var stored = await ReceiveAsync(
            InteractiveKinds.WithHeader(JsonNode.Parse(message)!.AsObject(), medium)
        );

        Assert.Equal("interactive", stored.Type);
        Assert.NotEmpty(stored.Content!["options"]!.AsArray());
        Assert.Equal(kind, Assert.Single(stored.Attachments).Kind);
    }

    [Fact]
    public async Task What_was_filled_in_a_flow_is_kept_with_the_choice()
    {
        var stored = await ReceiveAsync(
            InteractiveKinds.FlowReply(
                """{"flow_token":"t-1","nome":"Rita","wa_flow_response_params":{"title":"Pedido"}}"""
            )
        );

        Assert.Equal(
            """[{"name":"nome","value":"Rita"}]""",
            stored.Content!["answers"]!.ToJsonString()
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cards_and_templates_without_their_words_are_kept_whole(bool cards)
    {
        var message = cards ? InteractiveKinds.Carousel() : InteractiveKinds.BareTemplate();

        var stored = await ReceiveAsync(message);

        var raw = await flowChat.Server.Client.GetAsync<JsonObject>(
            $"/api/messages/{stored.Id}/raw",
            Ct
        );
        Assert.True(JsonNode.DeepEquals(message, raw["message"]));
    }

    [Fact]
    public async Task A_card_has_the_number_that_WhatsApp_knows()
    {
        var stored = await ReceiveAsync(MessageKinds.Contacts());

        var cards = stored.Content!["contacts"]!.AsArray();
        Assert.Equal(
            ["Bruno Carvalho", "Ana Ribeiro"],
            cards.Select(card => (string)card!["name"]!)
        );
        Assert.Equal("+5521998765432", (string)cards[0]!["phones"]![0]!);
        Assert.Equal("Loja Aurora", (string)cards[0]!["organization"]!);
    }

    [Theory]
    [InlineData("TEL;type=CELL;waid=5511987654321:(11) 98765-4321", "+5511987654321")]
    [InlineData("TEL;type=CELL:+55 (11) 98765-4321", "+5511987654321")]
    [InlineData("TEL;VALUE=uri:tel:+55-11-98765-4321", "+5511987654321")]
    [InlineData("TEL;type=CELL:(11) 98765-4321", "(11) 98765-4321")]
    [InlineData("TEL;type=CELL:11987654321", "11987654321")]
    public async Task A_number_on_a_card_gets_no_country_that_nobody_told(string line, string phone)
    {
        var card = MessageKinds.Contact();
        card["contactMessage"]!["vcard"] = $"BEGIN:VCARD\nFN:Bruno\n{line}\nTEL:-\nEND:VCARD";

        var stored = await ReceiveAsync(card);

        var phones = stored.Content!["contacts"]![0]!["phones"]!.AsArray();
        Assert.Equal(phone, (string?)Assert.Single(phones));
    }

    [Fact]
    public async Task A_place_has_coordinates_name_and_address()
    {
        var stored = await ReceiveAsync(MessageKinds.Location());
        Assert.Equal(
            """{"latitude":-23.5613,"longitude":-46.6565,"name":"MASP","address":"Av. Paulista, 1578"}""",
            Sorted(stored.Content!, "latitude", "longitude", "name", "address")
        );
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(3_000_000)]
    public async Task An_unknown_kind_is_named_and_kept_whole_whatever_its_size(int size)
    {
        var order = MessageKinds.Unknown();
        order["orderMessage"]!["thumbnail"] = new string('x', size);

        var stored = await ReceiveAsync(order);

        Assert.Equal("""{"kind":"orderMessage"}""", stored.Content!.ToJsonString());
        var path = $"/api/messages/{stored.Id}/raw";
        var raw = await flowChat.Server.Client.GetAsync<JsonObject>(path, Ct);
        Assert.True(JsonNode.DeepEquals(order, raw["message"]));
    }

    [Fact]
    public async Task An_answer_names_what_it_answers()
    {
        var (line, person) = (await flowChat.ConnectAsync(Ct), flowChat.NewPerson());
        var question = line.From(person, "Aberto hoje?");
        await line.PostAsync(question, Ct);
        await line.PostAsync(
            line.From(person, "Alô?") with
            {
                ContextInfo = MessageKinds.Quoting(question.Id, person, "Aberto hoje?"),
            },
            Ct
        );
        await line.PostAsync(
            line.From(person, "E isto?") with
            {
                ContextInfo = MessageKinds.Quoting("3EB0UNKNOWN", line.Number.Owner, "De antes"),
            },
            Ct
        );

        var thread = await line.ThreadAsync(Ct);
        var known = thread.Single(m => m.Text == "Alô?").ReplyTo!;
        Assert.Equal((thread[0].Id, "Aberto hoje?"), (known.MessageId, known.Text));
        Assert.Equal(("contact", person.Name), (known.Sender?.Kind, known.Sender?.Name));
        var unknown = thread.Single(m => m.Text == "E isto?").ReplyTo!;
        Assert.Equal(
            (null, "De antes", "text", "phone"),
            (unknown.MessageId, unknown.Text, unknown.Type, unknown.Sender?.Kind)
        );
    }

    [Theory]
    [InlineData(AddressForm.PhoneRewrittenFromLid, null)]
    [InlineData(AddressForm.PhoneWithLidAlt, "phone")]
    public async Task A_quote_under_the_other_kind_of_address_is_mine_only_where_that_shows(
        AddressForm address,
        string? ofMine
    )
    {
        var (line, person) = (await flowChat.ConnectAsync(Ct), flowChat.NewPerson());
        await QuoteAsync("theirs", person);
        await QuoteAsync("mine", line.Number.Owner);
        Assert.Equal(
            [ofMine is null ? null : "contact", ofMine],
            (await line.ThreadAsync(Ct)).Select(m => m.ReplyTo!.Sender?.Kind)
        );

        // Once the contact is known under both, so is who wrote what is quoted.
        await line.PostAsync(
            line.From(person, "Oi", new() { Address = AddressForm.LidWithPhoneAlt }),
            Ct
        );
        await QuoteAsync("theirs again", person);
        await QuoteAsync("mine again", line.Number.Owner);

        var thread = await line.ThreadAsync(Ct);
        Assert.Equal("contact", KindOf("theirs again"));
        Assert.Equal("phone", KindOf("mine again"));

        string? KindOf(string text) => thread.Single(m => m.Text == text).ReplyTo!.Sender?.Kind;

        Task QuoteAsync(string text, Person author) =>
            line.PostAsync(
                line.From(person, text, new() { Address = address }) with
                {
                    ContextInfo = MessageKinds.Quoting(
                        WhatsAppId.New(),
                        author,
                        "De antes",
                        byLid: true
                    ),
                },
                Ct
            );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_quote_of_mine_that_is_not_here_is_mine_in_a_group_too(bool byLid)
    {
        var (line, person) = (await flowChat.ConnectAsync(Ct), flowChat.NewPerson());
        var now = TimeProvider.System.GetUtcNow();
        await line.PostAsync(line.Number.ConnectionUpdate("open", 200, now), Ct);
        await line.PostAsync(
            line.Number.GroupsUpsert(
                Group.Suppliers.Metadata(
                    "Fornecedores",
                    now,
                    (person, "admin"),
                    (line.Number.Owner, null)
                ),
                now
            ),
            Ct
        );
        await QuoteAsync("mine", line.Number.Owner);
        await QuoteAsync("theirs", person);

        Assert.Equal(
            ["phone", "contact"],
            (await line.ThreadAsync(Ct)).Select(m => m.ReplyTo!.Sender?.Kind)
        );

        Task QuoteAsync(string text, Person author) =>
            line.PostAsync(
                line.From(person, text) with
                {
                    Group = Group.Suppliers,
                    ContextInfo = MessageKinds.Quoting(WhatsAppId.New(), author, "De antes", byLid),
                },
                Ct
            );
    }

    [Fact]
    public async Task A_mention_has_the_name_of_whom_we_know()
    {
        var (line, person) = (await flowChat.ConnectAsync(Ct), flowChat.NewPerson());
        var stranger = flowChat.NewPerson();
        await line.PostAsync(
            line.From(person, $"@{person.Phone} @{stranger.Phone}") with
            {
                ContextInfo = MessageKinds.Mentioning(person, stranger),
            },
            Ct
        );

        var mentions = Assert.Single(await line.ThreadAsync(Ct)).Mentions;
        Assert.Equal([person.PhoneJid, stranger.PhoneJid], mentions.Select(m => m.Jid));
        Assert.Null(mentions[1].ContactId);
    }

    [Fact]
    public async Task A_quote_keeps_whom_its_text_names()
    {
        var (line, person) = (await flowChat.ConnectAsync(Ct), flowChat.NewPerson());
        var question = line.From(person, $"@{person.Phone}, pode ser?") with
        {
            ContextInfo = MessageKinds.Mentioning(person),
        };
        await line.PostAsync(question, Ct);
        await line.PostAsync(
            line.From(person, "Pode") with
            {
                ContextInfo = MessageKinds.Quoting(question.Id, person, "@…, pode ser?"),
            },
            Ct
        );

        var quote = (await line.ThreadAsync(Ct)).Single(m => m.Text == "Pode").ReplyTo!;
        var mention = Assert.Single(quote.Mentions);
        Assert.Equal((person.PhoneJid, person.Name), (mention.Jid, mention.Name));
    }

    [Fact]
    public async Task An_advertisement_is_named_as_the_source()
    {
        var (line, person) = (await flowChat.ConnectAsync(Ct), flowChat.NewPerson());
        await line.PostAsync(
            line.From(person, "Quero saber mais") with
            {
                ContextInfo = MessageKinds.FromAd(),
            },
            Ct
        );

        var ad = Assert.Single(await line.ThreadAsync(Ct)).Content!["ad"]!;
        Assert.Equal(
            ("Promoção de novembro", "https://fb.me/3xAmple"),
            ((string)ad["title"]!, (string)ad["source_url"]!)
        );
    }

    private async Task<Message> ReceiveAsync(JsonObject message)
    {
        var line = await flowChat.ConnectAsync(Ct);
        var sent = line.From(flowChat.NewPerson(), "") with { Message = message };
        Assert.Equal(new(1, 0, 0, 0), await line.PostAsync(sent, Ct));
        Assert.Equal(new(0, 1, 0, 0), await line.PostAsync(sent, Ct));
        return Assert.Single(await line.ThreadAsync(Ct));
    }

    private static string Sorted(JsonObject content, params string[] names) =>
        new JsonObject(
            names.Select(name => KeyValuePair.Create(name, content[name]?.DeepClone()))
        ).ToJsonString();
}
