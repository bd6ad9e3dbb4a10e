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

    /// <summary>A gateway's message, and its file.</summary>
    private static (JsonObject Message, string? Sample)[] Kinds =>
        [
            (MessageKinds.Image("Olha só"), Sample.Photo),
            (MessageKinds.Sticker(), Sample.Sticker),
            (MessageKinds.Video(), Sample.Video),
            (MessageKinds.VoiceNote(), Sample.Voice),
            (MessageKinds.Document("Segue"), Sample.Document),
            (MessageKinds.Location(), null),
            (MessageKinds.LiveLocation(), null),
            (MessageKinds.Contacts(), null),
            (MessageKinds.Poll(), null),
            (MessageKinds.Buttons(), null),
            (MessageKinds.ListReply(), null),
            (MessageKinds.Unknown(), null),
            (MessageKinds.Image("Sem arquivo"), null),
        ];

    [Fact(Timeout = 300_000)]
    public async Task Every_kind_is_shown_in_it()
    {
        var agent = await thread.ShowAsync(Ana);
        var ids = new List<string>();
        foreach (var (message, sample) in Kinds)
        {
            var one = thread.MessageOf(Ana, message, sample);
            await thread.PostAsync(one);
            ids.Add(one.Id);
        }
        await agent.SpeakEnglishAsync();

        foreach (var (index, id) in ids.Index().Where(one => one.Index % 3 == 1))
        {
            var bubble = await thread.BubbleAsync(id);
            while (!await bubble.IsVisibleAsync())
                await agent
                    .Page.GetByRole(AriaRole.Region, new() { Name = "Messages with" })
                    .PressAsync("PageUp");
            await bubble.ScrollIntoViewIfNeededAsync();
            await agent.ShowAsync($"english-kinds-{index}");
        }
        await agent.ForgetLanguageAsync();
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
        await agent.ForgetLanguageAsync();
    }
}
