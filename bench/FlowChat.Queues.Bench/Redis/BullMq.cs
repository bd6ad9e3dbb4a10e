using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FlowChat.Testing;
using FlowChat.Testing.Servers;

namespace FlowChat.Queues.Bench.Redis;

/// <summary>The same case by BullMQ on Node, on the same server: bench/bullmq.</summary>
internal sealed class BullMq(RedisServer server, int jobs, int concurrency)
{
    public const string Name = "BullMQ";

    public async Task<double> RateAsync(string what) =>
        (await RunAsync(what)).GetProperty("per_second").GetDouble();

    public async Task<(double P50, double P99)> LatencyAsync(string what)
    {
        var figures = await RunAsync(what);
        return (
            figures.GetProperty("p50_us").GetDouble(),
            figures.GetProperty("p99_us").GetDouble()
        );
    }

    public async Task<double> BytesAsync() =>
        (await RunAsync("memory")).GetProperty("bytes_per_job").GetDouble();

    private async Task<JsonElement> RunAsync(string what)
    {
        using var process = Process.Start(
            new ProcessStartInfo("node")
            {
                WorkingDirectory = Path.Combine(Checkout.Root, "bench", "bullmq"),
                RedirectStandardOutput = true,
                UseShellExecute = false,
                ArgumentList =
                {
                    "bench.mjs",
                    what,
                    Text(server.Port),
                    Text(jobs),
                    Text(concurrency),
                },
            }
        )!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? JsonElement.Parse(output)
            : throw new InvalidOperationException($"BullMQ's case {what} failed: {output}");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
