using System.Text.Json.Nodes;

namespace FlowChat.Testing.Evolution;

/// <summary>What Evolution tells of people: their pictures, and who has which number.</summary>
internal static class PeopleEndpoints
{
    public static void MapPeople(this IEndpointRouteBuilder routes, FakeEvolution fake)
    {
        routes.MapPost(
            "/chat/fetchProfilePictureUrl/{name}",
            fake.Route(request => Task.FromResult(Picture(fake, request)))
        );
        routes.MapPost(
            "/chat/whatsappNumbers/{name}",
            fake.Route(request => Task.FromResult(Numbers(fake, request)))
        );
        routes.MapPost(
            "/chat/fetchProfile/{name}",
            fake.Route(request => Task.FromResult(Profile(fake, request)))
        );
        fake.Pictures.Map(routes);
    }

    // Without a number, the instance's own.
    private static Answer Profile(FakeEvolution fake, RecordedRequest request)
    {
        var number = request.Number ?? fake.FindInstance(request.Instance)!.Number.Owner.Phone;
        var exists = fake.Numbers.GetValueOrDefault(number, number) is not null;
        return new(
            200,
            new JsonObject
            {
                ["wuid"] = WhatsAppJid.Of(number),
                ["name"] = null,
                ["numberExists"] = exists,
                ["picture"] = fake.Pictures.UrlOf(WhatsAppJid.Of(number))?.ToString(),
                ["status"] = null,
                ["isBusiness"] = false,
                ["email"] = null,
                ["description"] = null,
                ["website"] = null,
            }
        );
    }

    // Null also when WhatsApp didn't answer.
    private static Answer Picture(FakeEvolution fake, RecordedRequest request) =>
        request.Number is not { Length: > 0 } number
            ? Answer.Error(
                400,
                new JsonArray(new JsonArray("instance requires property \"number\""))
            )
            : new(
                200,
                new JsonObject
                {
                    ["wuid"] = WhatsAppJid.Of(number),
                    ["profilePictureUrl"] = fake.Pictures.UrlOf(WhatsAppJid.Of(number))?.ToString(),
                }
            );

    private static Answer Numbers(FakeEvolution fake, RecordedRequest request)
    {
        if (request.Body?["numbers"] is not JsonArray numbers)
            return Answer.Error(
                400,
                new JsonArray(new JsonArray("instance requires property \"numbers\""))
            );
        return fake.FindInstance(request.Instance)!.State is not "open"
            ? Answer.ConnectionClosed
            : new(
                200,
                new JsonArray([
                    .. numbers.Select(number => (JsonNode)Found(fake, number!.GetValue<string>())),
                ])
            );
    }

    private static JsonObject Found(FakeEvolution fake, string number)
    {
        var jid = fake.Numbers.GetValueOrDefault(number, $"{number}@s.whatsapp.net");
        return new JsonObject
        {
            ["jid"] = jid ?? WhatsAppJid.Of(number),
            ["exists"] = jid is not null,
            ["number"] = number,
            // The word, where WhatsApp knows the number by a LID.
            ["lid"] = "lid",
        };
    }
}
