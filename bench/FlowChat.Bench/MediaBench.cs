using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Dapper;
using FlowChat.Bench.Load;
using FlowChat.Bench.Peers;
using FlowChat.Bench.Results;
using FlowChat.Testing.Servers;
using Npgsql;

namespace FlowChat.Bench;

/// <summary>1,000 files of ten numbers: webhook, fetch, check, store and event, beside a program that only asks for the same files and writes them.</summary>
internal sealed class MediaBench(int rounds, TimeProvider time)
{
    // As many as the queue's two workers fetch.
    private const int AtOnce = 8;
    private const int Posts = 16;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private const string Bucket = "media";

    private readonly List<Subject> subjects = [];

    public async Task RunAsync(TextWriter output, CancellationToken ct)
    {
        await using var folder = await BenchedFlowChat.StartAsync(time, ct);
        await using var swift = await StartSwiftAsync(ct);
        await using var bucket = swift is null
            ? null
            : await BenchedFlowChat.StartAsync(time, ct, swift.Settings(Bucket));
        await using var plain = await PlainMedia.StartAsync(ct);
        await using var flushing = await PlainMedia.StartAsync(ct);
        Add("FlowChat, a folder", folder.ProcessId);
        Add($"plain HttpClient, {AtOnce} at once", plain.ProcessId);
        Add("the same, each file flushed to the disk", flushing.ProcessId);
        if (bucket is not null)
            Add("FlowChat, S3 (Swift)", bucket.ProcessId);
        // The first is for the compilers.
        for (var round = 0; round <= rounds; round++)
        {
            var files = MixedFiles.Make(round, folder.Gateway);
            Count(round, 0, files, await FlowChatAsync(folder, files, ct));
            Count(round, 1, files, await plain.FetchAsync(Work(folder, files, false), ct));
            Count(round, 2, files, await flushing.FetchAsync(Work(folder, files, true), ct));
            folder.Gateway.Media.Clear();
            if (bucket is null)
                continue;
            files = MixedFiles.Make(round, bucket.Gateway);
            Count(round, 3, files, await FlowChatAsync(bucket, files, ct));
            bucket.Gateway.Media.Clear();
        }
        await WriteAsync(output);
    }

    private static async Task<SwiftServer?> StartSwiftAsync(CancellationToken ct)
    {
        if (!SwiftServer.IsInstalled)
            return null;
        var swift = new SwiftServer();
        await swift.StartAsync(Bucket, ct);
        return swift;
    }

    private static PlainMedia.Work Work(
        BenchedFlowChat flowChat,
        IReadOnlyList<MixedFile> files,
        bool flush
    ) =>
        new(
            flowChat.Gateway.BaseUrl,
            flowChat.Gateway.ApiKey,
            [.. files.Select(file => file.Id)],
            AtOnce,
            flush
        );

    private void Add(string name, int processId) =>
        subjects.Add(new(name, processId, PeakOf(processId)));

    private void Count(int round, int subject, IReadOnlyList<MixedFile> files, double seconds)
    {
        if (round == 0)
            return;
        subjects[subject].FilesPerSecond.Add(files.Count / seconds);
        subjects[subject]
            .MegabytesPerSecond.Add(files.Sum(file => (long)file.Size) / 1e6 / seconds);
    }

    private async Task WriteAsync(TextWriter output)
    {
        var own = Figures.Middle(subjects[0].FilesPerSecond);
        await output.WriteLineAsync(
            $"""
            | {MixedFiles.Count} files | files/s | MB/s | FlowChat : it | peak memory, MB | before the first file |
            |---|--:|--:|--:|--:|--:|
            """
        );
        foreach (var subject in subjects)
        {
            var middle = Figures.Middle(subject.FilesPerSecond);
            await output.WriteLineAsync(
                $"| {subject.Name} | {Number(middle)} | {Number(Figures.Middle(subject.MegabytesPerSecond))} | "
                    + $"{own / middle:0.00} | {PeakOf(subject.ProcessId)} | {subject.Idle} |"
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

    private static long PeakOf(int processId)
    {
        using var process = Process.GetProcessById(processId);
        return process.PeakWorkingSet64 / 1_000_000;
    }

    private static string Number(double value) =>
        value.ToString("N0", CultureInfo.InvariantCulture);

    private sealed record Subject(string Name, int ProcessId, long Idle)
    {
        public List<double> FilesPerSecond { get; } = [];

        public List<double> MegabytesPerSecond { get; } = [];
    }
}
