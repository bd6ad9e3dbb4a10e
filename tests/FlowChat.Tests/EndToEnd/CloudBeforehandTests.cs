using FlowChat.Testing.Cloud;
using FlowChat.Testing.Cloud.Payloads;
using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Testing.Samples;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>What a number of Meta's Cloud API can't do is read before it is tried, in both languages.</summary>
public sealed class CloudBeforehandTests(Inbox inbox) : IClassFixture<Inbox>
{
    private static readonly Person Ana = new("5511987654321", "1000", "Ana Souza");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 180_000)]
    public async Task Each_kind_says_whether_it_goes_and_each_change_whether_it_can_be_made()
    {
        await using var meta = await FakeCloud.StartAsync();
        var number = await inbox.AddAsync(meta, "106540352242925");
        await meta.HearAsync(number, Ana, CloudMessages.Text("Vocês abrem hoje?"));
        await using var agent = await inbox.SignInAsync();
        await agent.OpenAsync(Ana.Name);
        await agent.WriteAsync("Abrimos sim");
        await agent.SeesAsync("Abrimos sim", "sent");

        await SeesMenuAsync(
            agent,
            "Anexar",
            "cloud-attach",
            ("Foto ou vídeo", "JPEG, PNG até 2,1 MB · MP4, 3GPP até 2,1 MB", true),
            ("Documento", "PDF, TXT, DOC, DOCX, XLS, XLSX, PPT, PPTX até 2,1 MB", true),
            ("Figurinha", null, true),
            ("Localização", null, true),
            ("Contato", null, true),
            ("Enquete", "A WhatsApp Cloud API não oferece isso.", false),
            ("Modelo", null, true)
        );
        await AgentWindow.OpenMenuAsync(agent.Bubble("Abrimos sim"));
        await SeesEntriesAsync(
            agent,
            ("Responder", null, true),
            ("Editar", "A WhatsApp Cloud API não oferece isso.", false),
            ("Apagar para todos", "A WhatsApp Cloud API não oferece isso.", false)
        );
        await agent.ShowAsync("cloud-message-menu");
        await agent.PressAsync("Escape");

        await agent.SpeakEnglishAsync();
        await SeesMenuAsync(
            agent,
            "Attach",
            "english-cloud-attach",
            ("Photo or video", "JPEG, PNG up to 2.1 MB · MP4, 3GPP up to 2.1 MB", true),
            ("Document", "PDF, TXT, DOC, DOCX, XLS, XLSX, PPT, PPTX up to 2.1 MB", true),
            ("Sticker", null, true),
            ("Location", null, true),
            ("Contact", null, true),
            ("Poll", "The WhatsApp Cloud API doesn’t offer this.", false),
            ("Template", null, true)
        );
        await agent.ForgetLanguageAsync();
    }

    [Fact(Timeout = 180_000)]
    public async Task A_file_that_meta_does_not_take_is_refused_before_it_is_sent()
    {
        await using var meta = await FakeCloud.StartAsync();
        var number = await inbox.AddAsync(meta, "106540352242926");
        var lia = new Person("5511987650002", "1002", "Lia Fontes");
        await meta.HearAsync(number, lia, CloudMessages.Text("Manda a lista?"));
        await using var agent = await inbox.SignInAsync();
        await agent.OpenAsync(lia.Name);

        await GiveAsync(agent, "seen", "dança.gif", "image/gif");
        await Expect(agent.Page.GetByRole(AriaRole.Alert))
            .ToHaveTextAsync("Este número não aceita arquivos GIF.");
        await agent.ShowAsync("cloud-file-refused");
        await GiveAsync(agent, "document", "lista.zip", "application/zip");
        await Expect(agent.Page.GetByRole(AriaRole.Alert))
            .ToHaveTextAsync("Este número não aceita arquivos ZIP.");
        await Expect(agent.Page.GetByLabel("Legenda de")).ToHaveCountAsync(0);

        await GiveAsync(agent, "document", "lista.pdf", "application/pdf", Sample.Document);
        await agent.Page.GetByLabel("Legenda de lista.pdf").Last.FillAsync("Segue a lista");
        await agent.Page.Keyboard.PressAsync("Enter");

        await agent.SeesAsync("Segue a lista", "sent");
        var file = Assert.Single(meta.Requests.All, request => request.File is not null).File!;
        Assert.Equal("application/pdf", file.MimeType);
        agent.AssertQuiet();
    }

    private static async Task SeesMenuAsync(
        AgentWindow agent,
        string opener,
        string picture,
        params (string Name, string? More, bool Goes)[] entries
    )
    {
        await agent.Button(opener).ClickAsync();
        await Expect(agent.Page.GetByRole(AriaRole.Menuitem)).ToHaveCountAsync(entries.Length);
        await SeesEntriesAsync(agent, entries);
        await agent.ShowAsync(picture);
        await agent.PressAsync("Escape");
    }

    private static async Task SeesEntriesAsync(
        AgentWindow agent,
        params (string Name, string? More, bool Goes)[] entries
    )
    {
        foreach (var (name, more, goes) in entries)
        {
            var entry = agent.Page.GetByRole(AriaRole.Menuitem, new() { Name = name });
            await Expect(entry).ToHaveTextAsync(name + more);
            if (goes)
                await Expect(entry).Not.ToHaveAttributeAsync("aria-disabled", "true");
            else
                await Expect(entry).ToHaveAttributeAsync("aria-disabled", "true");
        }
    }

    private static Task GiveAsync(
        AgentWindow agent,
        string picker,
        string name,
        string mimeType,
        string? sample = null
    ) =>
        agent
            .Page.Locator($"input[data-picks={picker}]")
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = name,
                    MimeType = mimeType,
                    Buffer = sample is null ? "GIF89a"u8.ToArray() : Sample.Read(sample),
                }
            );
}
