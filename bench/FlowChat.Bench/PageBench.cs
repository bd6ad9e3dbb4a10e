using FlowChat.Testing;
using FlowChat.Testing.Api;
using FlowChat.Testing.Browser;

namespace FlowChat.Bench;

/// <summary>The inbox in Chromium, with 10,000 conversations and one of 50,000 messages; every figure comes from the page itself.</summary>
internal sealed class PageBench(TimeProvider time)
{
    private const int Conversations = 10_000;
    private const int Messages = 50_000;
    private const int ScrolledBack = 10_000;
    private const int ScrolledInMemory = 3_000;

    public async Task RunAsync(TextWriter output, CancellationToken ct)
    {
        await using var flowChat = await BenchedFlowChat.StartAsync(time, ct);
        var instances = await flowChat.Tenants[0].GetAsync<Page<Instance>>("/api/instances", ct);
        await FullInbox.FillAsync(
            flowChat.ConnectionString,
            instances.Items[0].Id,
            Conversations,
            Messages,
            ct
        );
        await using var chromium = await Chromium.LaunchAsync();
        await using var window = await chromium.OpenAsync(flowChat.BaseUrl);
        var page = new MeasuredPage(window.Page);
        await page.SignInAsync(BenchedFlowChat.OwnerOf(0), BenchedFlowChat.Password);

        await output.WriteLineAsync("| what | figure |\n|---|---|");
        Add("the list, from the address to its first row", await page.OpenListAsync());
        Add("a thread, from the click to its bubbles", await page.OpenThreadAsync());
        await page.CloseThreadAsync();
        Add("the same from memory", await page.OpenThreadAsync());
        Add("nodes drawn", await page.NodesAsync());
        Add("JavaScript heap", await page.HeapAsync());

        Add(
            "the list, scrolled to its end",
            await page.ScrollListAsync($"Cliente {Conversations - 1}")
        );
        await page.ScrollThreadAsync(-1_200, $"Mensagem {Messages - ScrolledInMemory}");
        Add(
            "the thread through memory, a whole new screen each frame",
            await page.ScrollThreadAsync(+1_200, $"Mensagem {Messages}")
        );
        Add(
            "the thread, scrolled 10,000 messages back",
            await page.ScrollThreadAsync(-1_200, $"Mensagem {Messages - ScrolledBack}")
        );
        Add("the same forward again", await page.ScrollThreadAsync(+1_200, $"Mensagem {Messages}"));
        Add("nodes drawn, with these held", await page.NodesAsync());
        Add("JavaScript heap, with these held", await page.HeapAsync());
        Add("a message of its own, from Enter to its bubble", await page.WriteAsync());

        void Add(string what, string figure) => output.WriteLine($"| {what} | {figure} |");
    }
}
