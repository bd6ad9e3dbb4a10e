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
    private const int ScrolledInMemory = 700;

    private const int Notch = 120;
    private const int Screen = 1_200;

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

        Add("a message of its own, from Enter to its bubble", await page.WriteAsync());

        await output.WriteLineAsync($"\n{MeasuredPage.FrameColumns}");
        Add(
            "the list, to the last of 10,000, loading its pages",
            await page.ScrollListAsync($"Cliente {Conversations - 1}")
        );
        await page.ScrollThreadAsync(-Screen, $"Mensagem {Messages - ScrolledInMemory}");
        Add(
            "the thread through memory, two notches of a wheel each frame",
            await page.ScrollThreadAsync(+2 * Notch, $"Mensagem {Messages}")
        );
        await page.ScrollThreadAsync(-Screen, $"Mensagem {Messages - ScrolledInMemory}");
        Add(
            "the same, a whole new screen each frame",
            await page.ScrollThreadAsync(+Screen, $"Mensagem {Messages}")
        );
        Add(
            "the thread, 10,000 messages back, as fast as its pages come",
            await page.ScrollThreadAsync(-Screen, $"Mensagem {Messages - ScrolledBack}")
        );
        Add(
            "the same forward again",
            await page.ScrollThreadAsync(+Screen, $"Mensagem {Messages}")
        );
        await output.WriteLineAsync(
            $"\nWith these held: {await page.NodesAsync()} nodes, {await page.HeapAsync()} of heap."
        );

        void Add(string what, string figure) => output.WriteLine($"| {what} | {figure} |");
    }
}
