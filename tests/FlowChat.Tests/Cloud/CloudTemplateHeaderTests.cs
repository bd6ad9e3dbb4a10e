using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FlowChat.Tests.Media;

namespace FlowChat.Tests.Cloud;

/// <summary>Templates whose header is a file or a place.</summary>
public sealed class CloudTemplateHeaderTests(CloudFlowChat flowChat) : IClassFixture<CloudFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("image", "image/png", null)]
    [InlineData("document", "application/pdf", "nota.pdf")]
    public async Task A_file_goes_as_the_header(string kind, string mimeType, string? name)
    {
        await using var line = await ConnectAsync(kind);
        var conversation = await line.StartAsync(Ct);
        var attachment = await line.UploadAsync(
            kind == "image" ? TestFile.Png() : TestFile.Pdf(),
            mimeType,
            kind,
            Ct,
            name ?? "foto.png"
        );

        var message = await line.SendAsync(
            conversation,
            new { Template, AttachmentIds = new[] { attachment } },
            Ct
        );
        await line.WaitAsync(message, "sent", Ct);

        Assert.Equal(
            ("template", "Promoção", attachment),
            (message.Type, message.Text, Assert.Single(message.Attachments).Id)
        );
        var header = HeaderOf(line);
        Assert.Equal(kind, header["type"]!.GetValue<string>());
        var id = header[kind]!["id"]!.GetValue<string>();
        Assert.Equal(mimeType, line.Meta.Files[id].Uploaded!.MimeType);
        Assert.Equal(name, header[kind]!["filename"]?.GetValue<string>());
    }

    [Fact]
    public async Task A_place_goes_as_the_header()
    {
        await using var line = await ConnectAsync("location");
        var conversation = await line.StartAsync(Ct);

        var message = await line.SendAsync(conversation, new { Template, Location = Masp }, Ct);
        await line.WaitAsync(message, "sent", Ct);

        Assert.Equal("MASP", message.Content!["place"]!["name"]!.GetValue<string>());
        var place = JsonNode.Parse(
            """
            {"type":"location","location":
             {"latitude":-23.5613,"longitude":-46.6565,"name":"MASP","address":"Av. Paulista, 1578"} }
            """
        );
        Assert.True(JsonNode.DeepEquals(place, HeaderOf(line)), HeaderOf(line).ToJsonString());
    }

    [Theory]
    [InlineData("image", false, false, "attachment_ids")]
    [InlineData("document", true, false, "attachment_ids")]
    [InlineData("text", true, false, "attachment_ids")]
    [InlineData("text", false, true, "location")]
    [InlineData("location", false, false, "location")]
    [InlineData("location", true, true, "location")]
    public async Task Another_header_than_the_template_s_is_refused_by_its_field(
        string kind,
        bool withImage,
        bool withPlace,
        string field
    )
    {
        await using var line = await ConnectAsync(kind);
        var conversation = await line.StartAsync(Ct);
        var body = new JsonObject
        {
            ["template"] = new JsonObject { ["name"] = "promo", ["language"] = "pt_BR" },
        };
        if (withImage)
            body["attachment_ids"] = new JsonArray(
                await line.UploadAsync(TestFile.Png(), "image/png", "image", Ct)
            );
        if (withPlace)
            body["location"] = new JsonObject { ["latitude"] = 1, ["longitude"] = 2 };

        using var response = await line.TrySendAsync(conversation.Id, body, Ct);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonObject>(Ct);
        Assert.Equal(field, Assert.Single(problem!["errors"]!.AsObject()).Key);
        Assert.Empty(line.Sends);
    }

    private static object Template => new { Name = "promo", Language = "pt_BR" };

    private static object Masp =>
        new
        {
            Latitude = -23.5613,
            Longitude = -46.6565,
            Name = "MASP",
            Address = "Av. Paulista, 1578",
        };

    private static JsonObject HeaderOf(CloudLine line)
    {
        var header = Assert.Single(line.Sends).Body!["template"]!["components"]![0]!;
        Assert.Equal("header", header["type"]!.GetValue<string>());
        return Assert.Single(header["parameters"]!.AsArray())!.AsObject();
    }

    private async Task<CloudLine> ConnectAsync(string kind)
    {
        var line = await flowChat.ConnectCloudAsync(Ct);
        line.Meta.Templates.Add(
            new JsonObject
            {
                ["name"] = "promo",
                ["language"] = "pt_BR",
                ["status"] = "APPROVED",
                ["category"] = "MARKETING",
                ["id"] = "3",
                ["components"] = new JsonArray(
                    new JsonObject
                    {
                        ["type"] = "HEADER",
                        ["format"] = kind.ToUpperInvariant(),
                        ["text"] = kind == "text" ? "Hoje" : null,
                    },
                    new JsonObject { ["type"] = "BODY", ["text"] = "Promoção" }
                ),
            }
        );
        return line;
    }
}
