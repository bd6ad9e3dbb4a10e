using System.Text.Json.Nodes;

namespace FlowChat.Testing.Evolution.Payloads;

/// <summary>The message objects of what people send, as Evolution tells them.</summary>
public static class MessageKinds
{
    private static readonly byte[] Heights = [.. Enumerable.Range(0, 64).Select(i => (byte)i)];

    public static JsonObject Image(string? caption = null, LongForm size = LongForm.Number) =>
        Medium(
            "imageMessage",
            "image/jpeg",
            size,
            new()
            {
                ["caption"] = caption,
                ["height"] = 900,
                ["width"] = 1600,
                ["jpegThumbnail"] = EvolutionJson.Base64(Heights),
            }
        );

    public static JsonObject Video(string? caption = null) =>
        Medium(
            "videoMessage",
            "video/mp4",
            LongForm.LowHigh,
            new()
            {
                ["caption"] = caption,
                ["height"] = 720,
                ["width"] = 1280,
                ["seconds"] = 61,
            }
        );

    public static JsonObject VoiceNote(BytesForm waveform = BytesForm.Base64) =>
        Medium(
            "audioMessage",
            "audio/ogg; codecs=opus",
            LongForm.Text,
            new()
            {
                ["ptt"] = true,
                ["seconds"] = 12,
                ["waveform"] = EvolutionJson.InForm(Heights, waveform),
            }
        );

    public static JsonObject Audio() =>
        Medium(
            "audioMessage",
            "audio/mpeg",
            LongForm.Number,
            new() { ["ptt"] = false, ["seconds"] = 200 }
        );

    public static JsonObject Document(string? caption = null) =>
        Medium(
            "documentMessage",
            "application/pdf",
            LongForm.Number,
            new()
            {
                ["fileName"] = "Proposta 2026.pdf",
                ["title"] = "Proposta 2026",
                ["pageCount"] = 3,
                ["caption"] = caption,
            }
        );

    public static JsonObject Sticker(bool isAnimated = false) =>
        Medium(
            "stickerMessage",
            "image/webp",
            LongForm.Number,
            new()
            {
                ["isAnimated"] = isAnimated,
                ["height"] = 512,
                ["width"] = 512,
            }
        );

    public static JsonObject Location() =>
        Of(
            "locationMessage",
            new()
            {
                ["degreesLatitude"] = -23.5613,
                ["degreesLongitude"] = -46.6565,
                ["name"] = "MASP",
                ["address"] = "Av. Paulista, 1578",
            }
        );

    public static JsonObject LiveLocation() =>
        Of(
            "liveLocationMessage",
            new()
            {
                ["degreesLatitude"] = -23.55,
                ["degreesLongitude"] = -46.63,
                ["caption"] = "A caminho",
                ["sequenceNumber"] = "1763000000000001",
            }
        );

    public static JsonObject Contact() =>
        Of("contactMessage", Card("Bruno Carvalho", "5521998765432"));

    public static JsonObject Contacts() =>
        Of(
            "contactsArrayMessage",
            new()
            {
                ["displayName"] = "2 contatos",
                ["contacts"] = new JsonArray(
                    Card("Bruno Carvalho", "5521998765432"),
                    Card("Ana Ribeiro", "5511987654321")
                ),
            }
        );

    public static JsonObject Poll(string version = "V3") =>
        Of(
            "pollCreationMessage" + version,
            new()
            {
                ["name"] = "O que vamos beber?",
                ["options"] = new JsonArray(
                    new JsonObject { ["optionName"] = "Chá" },
                    new JsonObject { ["optionName"] = "Água" }
                ),
                ["selectableOptionsCount"] = 1,
            }
        );

    public static JsonObject Buttons() =>
        Of(
            "buttonsMessage",
            new()
            {
                ["contentText"] = "Confirma o pedido?",
                ["footerText"] = "Loja Aurora",
                ["buttons"] = new JsonArray(
                    new JsonObject
                    {
                        ["buttonId"] = "yes",
                        ["buttonText"] = new JsonObject { ["displayText"] = "Sim" },
                        ["type"] = 1,
                    }
                ),
            }
        );

    public static JsonObject ButtonReply() =>
        Of(
            "buttonsResponseMessage",
            new() { ["selectedButtonId"] = "yes", ["selectedDisplayText"] = "Sim" }
        );

    public static JsonObject ListReply() =>
        Of(
            "listResponseMessage",
            new()
            {
                ["title"] = "Entrega amanhã",
                ["description"] = "Até as 12 h",
                ["singleSelectReply"] = new JsonObject { ["selectedRowId"] = "tomorrow" },
            }
        );

    public static JsonObject Unknown() => Of("orderMessage", new() { ["orderId"] = "814" });

    public static JsonObject Reaction(JsonObject key, string emoji, DateTimeOffset at) =>
        Of(
            "reactionMessage",
            new()
            {
                ["key"] = key.DeepClone(),
                ["text"] = emoji,
                ["senderTimestampMs"] = EvolutionJson.Number(
                    at.ToUnixTimeMilliseconds(),
                    LongForm.LowHigh
                ),
            }
        );

    /// <summary>Whose emoji the gateway can't read.</summary>
    public static JsonObject HiddenReaction(JsonObject key) =>
        Of(
            "encReactionMessage",
            new()
            {
                ["targetMessageKey"] = key.DeepClone(),
                ["encPayload"] = EvolutionJson.IndexedBytes(Heights),
                ["encIv"] = EvolutionJson.IndexedBytes(Heights.AsSpan(0, 12)),
            }
        );

    public static JsonObject Vote(JsonObject pollKey, DateTimeOffset at) =>
        Of(
            "pollUpdateMessage",
            new()
            {
                ["pollCreationMessageKey"] = pollKey.DeepClone(),
                ["vote"] = new JsonObject { ["encPayload"] = EvolutionJson.IndexedBytes(Heights) },
                ["senderTimestampMs"] = EvolutionJson.Number(
                    at.ToUnixTimeMilliseconds(),
                    LongForm.Text
                ),
            }
        );

    /// <summary>The data of messages.edited.</summary>
    public static JsonObject Edit(JsonObject key, string text, DateTimeOffset at, bool byNumber) =>
        new()
        {
            ["key"] = key.DeepClone(),
            ["type"] = byNumber ? 14 : "MESSAGE_EDIT",
            ["editedMessage"] = new JsonObject { ["conversation"] = text },
            ["timestampMs"] = EvolutionJson.Number(at.ToUnixTimeMilliseconds(), LongForm.LowHigh),
        };

    public static JsonObject Revoke(JsonObject key, bool byNumber) =>
        new() { ["key"] = key.DeepClone(), ["type"] = byNumber ? 0 : "REVOKE" };

    /// <summary>What stands around a message that answers another one, in data.contextInfo.</summary>
    public static JsonObject Quoting(string waId, Person author, string text, bool byLid = false) =>
        new()
        {
            ["stanzaId"] = waId,
            ["participant"] = byLid ? author.LidJid : author.PhoneJid,
            ["quotedMessage"] = new JsonObject { ["conversation"] = text },
        };

    public static JsonObject Mentioning(params ReadOnlySpan<Person> people)
    {
        var jids = new JsonArray();
        foreach (var person in people)
            jids.Add(person.PhoneJid);
        return new() { ["mentionedJid"] = jids };
    }

    public static JsonObject FromAd() =>
        new()
        {
            ["externalAdReply"] = new JsonObject
            {
                ["title"] = "Promoção de novembro",
                ["body"] = "Fale com a loja",
                ["sourceUrl"] = "https://fb.me/3xAmple",
                ["sourceId"] = "120210000000000000",
                ["sourceType"] = "ad",
            },
        };

    /// <summary>Through as many chats as WhatsApp counts.</summary>
    public static JsonObject Forwarded() =>
        new() { ["forwardingScore"] = 127, ["isForwarded"] = true };

    /// <summary>A medium of these bytes: WhatsApp tells their hash and length.</summary>
    public static JsonObject Hashed(
        this JsonObject message,
        byte[] sha256,
        long length,
        BytesForm form = BytesForm.Base64
    )
    {
        var fields = message.First().Value!;
        fields["fileSha256"] = EvolutionJson.InForm(sha256, form);
        fields["fileLength"] = EvolutionJson.Number(length, LongForm.Text);
        return message;
    }

    /// <summary>What a file that was sent looks like in its echo.</summary>
    public static JsonObject Sent(SentFile file, string caption)
    {
        var message = file.Kind switch
        {
            "image" => Image(caption),
            "video" => Video(caption),
            "sticker" => Sticker(),
            "audio" => file.IsVoice ? VoiceNote() : Audio(),
            _ => Document(caption),
        };
        var fields = message.First().Value!;
        fields["mimetype"] = file.MimeType ?? fields["mimetype"]!.DeepClone();
        if (file.Kind == "document")
        {
            fields["fileName"] = file.Name;
            fields["title"] = file.Name;
        }
        return message.Hashed(Convert.FromHexString(file.Sha256), file.Size);
    }

    public static JsonObject SentLocation(JsonObject body) =>
        Of(
            "locationMessage",
            new()
            {
                ["degreesLatitude"] = body["latitude"]!.DeepClone(),
                ["degreesLongitude"] = body["longitude"]!.DeepClone(),
                ["name"] = body["name"]!.DeepClone(),
                ["address"] = body["address"]!.DeepClone(),
            }
        );

    public static JsonObject SentContacts(JsonObject body)
    {
        var cards = body["contact"]!
            .AsArray()
            .Select(contact =>
                Card(
                    contact!["fullName"]!.GetValue<string>(),
                    string.Concat(
                        contact["phoneNumber"]!.GetValue<string>().Where(char.IsAsciiDigit)
                    )
                )
            )
            .ToArray();
        return cards is [var one]
            ? Of("contactMessage", one)
            : Of(
                "contactsArrayMessage",
                new()
                {
                    ["displayName"] = $"{cards.Length} contatos",
                    ["contacts"] = new JsonArray([.. cards]),
                }
            );
    }

    public static JsonObject SentPoll(JsonObject body) =>
        Of(
            "pollCreationMessageV3",
            new()
            {
                ["name"] = body["name"]!.DeepClone(),
                ["options"] = new JsonArray([
                    .. body["values"]!
                        .AsArray()
                        .Select(value =>
                            (JsonNode)new JsonObject { ["optionName"] = value!.DeepClone() }
                        ),
                ]),
                ["selectableOptionsCount"] = body["selectableCount"]!.DeepClone(),
            }
        );

    private static JsonObject Of(string kind, JsonObject fields) => new() { [kind] = fields };

    private static JsonObject Card(string name, string phone) =>
        new()
        {
            ["displayName"] = name,
            ["vcard"] = $"""
                BEGIN:VCARD
                VERSION:3.0
                N:;{name};;;
                FN:{name}
                ORG:Loja Aurora;
                item1.TEL;waid={phone}:+{phone[..2]} {phone[2..4]} {phone[4..]}
                item1.X-ABLabel:Celular
                END:VCARD
                """,
        };

    private static JsonObject Medium(string kind, string mimeType, LongForm size, JsonObject fields)
    {
        fields["url"] = "https://mmg.whatsapp.net/v/t62.7118-24/enc";
        fields["mimetype"] = mimeType;
        fields["fileLength"] = EvolutionJson.Number(123_456, size);
        fields["mediaKey"] = EvolutionJson.IndexedBytes(Heights.AsSpan(0, 32));
        fields["directPath"] = "/v/t62.7118-24/enc";
        return Of(kind, fields);
    }
}

/// <summary>How bytes are written.</summary>
public enum BytesForm
{
    Base64,
    Indexed,
    NodeBuffer,
}
