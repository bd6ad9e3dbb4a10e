using System.Text.Json.Nodes;
using FlowChat.Testing.Api;
using FlowChat.Testing.Cloud;
using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Testing.Samples;
using FlowChat.Tests.Cloud;
using Microsoft.Playwright;
using static FlowChat.Tests.EndToEnd.OpenThread;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>The other language, with the words that are longest in it.</summary>
public sealed class EnglishTests(OpenThread thread) : IClassFixture<OpenThread>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A gateway's message, its file, and a word of ours that its bubble has, to read or to hear.</summary>
    private static (JsonObject Message, string? Sample, string Says)[] Kinds =>
        [
            (MessageKinds.Image("Olha só"), Sample.Photo, "Open Olha só"),
            (MessageKinds.Sticker(), Sample.Sticker, "Open Sticker"),
            (MessageKinds.Video(), Sample.Video, "Play"),
            (MessageKinds.VoiceNote(), Sample.Voice, "Play"),
            (MessageKinds.Document("Segue"), Sample.Document, "Download Proposta 2026.pdf"),
            (MessageKinds.Location(), null, "Open on a map"),
            (MessageKinds.LiveLocation(), null, "Open on a map"),
            (MessageKinds.Contacts(), null, "Copy number"),
            (MessageKinds.Poll(), null, "No votes yet"),
            (MessageKinds.ListReply(), null, "Chose"),
            (MessageKinds.Unknown(), null, "Type orderMessage. See it on the phone."),
            (MessageKinds.Image("Sem arquivo"), null, "Unavailable"),
        ];

    [Fact(Timeout = 300_000)]
    public async Task Every_kind_has_its_words_in_it()
    {
        var agent = await thread.ShowAsync(Ana);
        var shown = new List<(string Id, string Says)>();
        foreach (var (message, sample, says) in Kinds)
        {
            var one = thread.MessageOf(Ana, message, sample);
            // Refused at once: one that the gateway doesn't have is asked for again and again.
            if (says == "Unavailable")
                thread.Inbox.Gateway.Media[one.Id] = new("image/jpeg", new byte[2_200_000]);
            await thread.PostAsync(one);
            shown.Add((one.Id, says));
        }
        await agent.SpeakEnglishAsync();
        var list = agent.Page.GetByRole(AriaRole.Region, new() { Name = "Messages with" });

        // Upwards: what is out of sight isn't drawn.
        foreach (var (index, (id, says)) in shown.Index().Reverse())
        {
            var bubble = await thread.BubbleAsync(id);
            while (!await bubble.IsVisibleAsync())
                await list.PressAsync("PageUp");
            await Expect(bubble.GetByText(says).Or(bubble.GetByLabel(says)).First)
                .ToBeVisibleAsync();
            await bubble.ScrollIntoViewIfNeededAsync();
            if (index % 3 == 1)
                await agent.ShowAsync($"english-kinds-{index}");
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task The_numbers_and_their_codes_are_shown_in_it_beside_one_of_the_cloud()
    {
        await using var meta = await FakeCloud.StartAsync();
        await thread.Inbox.Client.PostAsync<Instance>(
            "/api/instances",
            CloudLine.Form(meta, meta.AddNumber()),
            Ct
        );
        var branch = thread.Inbox.Gateway.AddInstance("filial", "close");
        await thread.Inbox.Client.CreateEvolutionInstanceAsync(
            "Filial Sul, atendimento e pós-venda",
            thread.Inbox.Gateway.BaseUrl,
            thread.Inbox.Gateway.ApiKey,
            branch.Name,
            Ct
        );
        var agent = await thread.ShowAsync(Ana);
        await agent.SpeakEnglishAsync();
        await agent.Link("Numbers").ClickAsync();
        await Expect(agent.Page.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(4);
        await agent.ShowAsync("english-numbers");

        await agent.Button("Connect").First.ClickAsync();
        await Expect(agent.Page.GetByRole(AriaRole.Img, new() { Name = "QR code" }))
            .ToBeVisibleAsync();
        await agent.ShowAsync("english-pairing");
        await agent.PressAsync("Escape");
        await agent.Button("Add a number").ClickAsync();
        await agent
            .Page.GetByRole(AriaRole.Radio, new() { Name = "WhatsApp Cloud API" })
            .PressAsync("Space");
        await agent.ShowAsync("english-number-new");
    }
}
