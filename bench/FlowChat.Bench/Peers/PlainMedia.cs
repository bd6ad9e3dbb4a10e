using FlowChat.Testing.Servers;

namespace FlowChat.Bench.Peers;

/// <summary>A program that only asks a gateway for files and writes each to a folder. In a process of its own, so that its memory is its own.</summary>
internal sealed class PlainMedia : IAsyncDisposable
{
    public const string Command = "plain-media";
    private const string Ready = "Plain HttpClient is ready on ";

    private readonly ChildProcess process;
    private readonly HttpClient http;

    private PlainMedia(ChildProcess process, Uri address) =>
        (this.process, http) = (
            process,
            new HttpClient { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan }
        );

    public int ProcessId => process.Id;

    public static async Task<PlainMedia> StartAsync(CancellationToken ct)
    {
        var child = ChildProcess.Start(
            Environment.ProcessPath!,
            [Command],
            new Dictionary<string, string>()
        );
        var line = await child.WaitForLineAsync(
            line => line.StartsWith(Ready, StringComparison.Ordinal),
            ct
        );
        return new(child, new Uri(line[Ready.Length..]));
    }

    /// <returns>How many seconds it took.</returns>
    public async Task<double> FetchAsync(Work work, CancellationToken ct)
    {
        using var answer = await http.PostAsJsonAsync("/fetch", work, ct);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<double>(ct);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await process.DisposeAsync();
    }

    /// <summary>The process itself.</summary>
    public static async Task RunAsync(TimeProvider time, CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/fetch", (Work work) => FetchAllAsync(work, time, ct));
        await app.StartAsync(ct);
        Console.WriteLine($"{Ready}{app.Urls.Single()}");
        await app.WaitForShutdownAsync(ct);
    }

    private static async Task<double> FetchAllAsync(
        Work work,
        TimeProvider time,
        CancellationToken ct
    )
    {
        var folder = Directory.CreateTempSubdirectory("flowchat-plain-");
        using var gateway = new HttpClient { BaseAddress = work.Gateway };
        gateway.DefaultRequestHeaders.Add("apikey", work.ApiKey);
        var start = time.GetTimestamp();
        await Parallel.ForEachAsync(
            work.Ids,
            new ParallelOptions { MaxDegreeOfParallelism = work.AtOnce, CancellationToken = ct },
            async (id, stop) =>
            {
                using var answer = await gateway.PostAsJsonAsync(
                    "/chat/getBase64FromMediaMessage/tenant-0",
                    new { message = new { key = new { id } } },
                    stop
                );
                var medium = await answer.Content.ReadFromJsonAsync<Medium>(stop);
                await using var written = File.Create(Path.Combine(folder.FullName, id));
                await written.WriteAsync(medium!.Base64, stop);
                written.Flush(work.Flush);
            }
        );
        var seconds = time.GetElapsedTime(start).TotalSeconds;
        folder.Delete(recursive: true);
        return seconds;
    }

    /// <param name="Gateway">Whom it asks.</param>
    /// <param name="ApiKey">With which key.</param>
    /// <param name="Ids">For the files of these messages.</param>
    /// <param name="AtOnce">How many at once.</param>
    /// <param name="Flush">Each to the disk.</param>
    internal sealed record Work(
        Uri Gateway,
        string ApiKey,
        IReadOnlyList<string> Ids,
        int AtOnce,
        bool Flush
    );

    private sealed record Medium(byte[] Base64);
}
