using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Dapper;
using FlowChat.Bench.Load;
using FlowChat.Bench.Results;
using FlowChat.Testing.Evolution;
using Npgsql;

namespace FlowChat.Bench;

/// <summary>1,000 files of ten numbers: webhook, fetch, check, store and event, beside a program that only asks for the same files and writes them.</summary>
internal sealed class MediaBench(int rounds, TimeProvider time)
{
    // As many as the queue's two workers fetch.
    private const int AtOnce = 8;
    private const int Posts = 16;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    public async Task RunAsync(TextWriter output, CancellationToken ct)
    {
        await using var flowChat = await BenchedFlowChat.StartAsync(time, ct);
        var (own, peer, safe) = (new List<double>(), new List<double>(), new List<double>());
        long megabytes = 0;
        var idle = PeakOf(flowChat.ProcessId);
        // The first is for the compilers.
        for (var round = 0; round <= rounds; round++)
        {
            var files = MixedFiles.Make(round, flowChat.Gateway);
            megabytes = files.Sum(file => (long)file.Size) / 1_000_000;
            var seconds = await FlowChatAsync(flowChat, files, ct);
            var plain = await PlainAsync(flowChat.Gateway, files, flush: false, ct);
            var flushed = await PlainAsync(flowChat.Gateway, files, flush: true, ct);
            if (round > 0)
            {
                own.Add(files.Count / seconds);
                peer.Add(files.Count / plain);
                safe.Add(files.Count / flushed);
            }
            flowChat.Gateway.Media.Clear();
        }
        await output.WriteLineAsync(
            $"""
            | {MixedFiles.Count} files, {megabytes} MB | files/s | MB/s | FlowChat : it |
            |---|--:|--:|--:|
            """
        );
        await WriteAsync("FlowChat", own);
        await WriteAsync($"plain HttpClient, {AtOnce} at once", peer);
        await WriteAsync("the same, each file flushed to the disk", safe);
        await output.WriteLineAsync(
            $"FlowChat's peak memory: {PeakOf(flowChat.ProcessId)} MB, {idle} MB before the first file"
        );

        Task WriteAsync(string subject, List<double> perSecond)
        {
            var middle = Figures.Middle(perSecond);
            var perFile = megabytes / (double)MixedFiles.Count;
            return output.WriteLineAsync(
                $"| {subject} | {Number(middle)} | {Number(middle * perFile)} | {Figures.Middle(own) / middle:0.00} |"
            );
        }
    }

    private async Task<double> FlowChatAsync(
        BenchedFlowChat flowChat,
        IReadOnlyList<MixedFile> files,
        CancellationToken ct
    )
    {
        await using var database = NpgsqlDataSource.Create(
            flowChat.ConnectionString + ";Options=-c role=flowchat_migrator;Search Path=flowchat"
        );
        var start = time.GetTimestamp();
        await Parallel.ForEachAsync(
            files.Index(),
            new ParallelOptions { MaxDegreeOfParallelism = Posts, CancellationToken = ct },
            async (file, stop) =>
            {
                var route = flowChat.Routes[file.Index % flowChat.Routes.Count];
                using var request = new HttpRequestMessage(
                    HttpMethod.Post,
                    new Uri(flowChat.BaseUrl, route.Path)
                );
                request.Headers.Authorization = new("Bearer", route.Secret);
                request.Content = new ByteArrayContent(file.Item.WebhookOf(route.Number, time));
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                using var answer = await flowChat.Tenants[0].Http.SendAsync(request, stop);
                answer.EnsureSuccessStatusCode();
            }
        );
        using var timer = new PeriodicTimer(Look, time);
        while (await timer.WaitForNextTickAsync(ct))
        {
            await using var connection = await database.OpenConnectionAsync(ct);
            if (
                !await connection.QuerySingleAsync<bool>(
                    "select exists (select from attachments where state = 'pending')"
                )
            )
                break;
        }
        var seconds = time.GetElapsedTime(start).TotalSeconds;
        await using var check = await database.OpenConnectionAsync(ct);
        var lost = await check.QuerySingleAsync<long>(
            "select count(*) from attachments where state <> 'ready'"
        );
        return lost == 0
            ? seconds
            : throw new InvalidOperationException($"{lost} files weren't fetched.");
    }

    private async Task<double> PlainAsync(
        FakeEvolution gateway,
        IReadOnlyList<MixedFile> files,
        bool flush,
        CancellationToken ct
    )
    {
        var folder = Directory.CreateTempSubdirectory("flowchat-plain-");
        using var http = new HttpClient { BaseAddress = gateway.BaseUrl };
        http.DefaultRequestHeaders.Add("apikey", gateway.ApiKey);
        var start = time.GetTimestamp();
        await Parallel.ForEachAsync(
            files,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct },
            async (file, stop) =>
            {
                using var answer = await http.PostAsJsonAsync(
                    "/chat/getBase64FromMediaMessage/tenant-0",
                    new { message = new { key = new { id = file.Id } } },
                    stop
                );
                var medium = await answer.Content.ReadFromJsonAsync<Medium>(stop);
                await using var written = File.Create(Path.Combine(folder.FullName, file.Id));
                await written.WriteAsync(medium!.Base64, stop);
                written.Flush(flush);
            }
        );
        var seconds = time.GetElapsedTime(start).TotalSeconds;
        folder.Delete(recursive: true);
        return seconds;
    }

    private static long PeakOf(int processId)
    {
        using var process = Process.GetProcessById(processId);
        return process.PeakWorkingSet64 / 1_000_000;
    }

    private static string Number(double value) =>
        value.ToString("N0", CultureInfo.InvariantCulture);

    private sealed record Medium(byte[] Base64);
}
