using System.Text;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Testing.Servers;

namespace FlowChat.Tests.Media;

/// <summary>The process that fetches is killed in the middle of a file.</summary>
public sealed class KilledFetchTests(SendingFlowChat.WithoutWorkers inbox)
    : IClassFixture<SendingFlowChat.WithoutWorkers>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Another_fetches_it_from_its_beginning()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var bytes = TestFile.Jpeg(300_000, seed: 51);
        var half = new TaskCompletionSource();
        var id = WhatsAppId.New();
        var whole = new FakeMedium("image/jpeg", bytes);
        number.Gateway.Media[id] = whole with
        {
            Instead = async (answer, ct) =>
            {
                if (number.Fetches(id) > 1)
                {
                    await whole.WriteAsync(answer, ct);
                    return;
                }
                var part = "{\"base64\":\"" + Convert.ToBase64String(bytes, 0, 150_000);
                await answer.WriteAsync(Encoding.ASCII.GetBytes(part), ct);
                await answer.FlushAsync(ct);
                half.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
            },
        };
        await using var first = await FlowChatProcess.StartWorkersAsync(
            inbox.Settings,
            Ct,
            "--queues",
            "process_incoming_media"
        );
        await number.PostAsync(MessageKinds.Image(), id);
        await half.Task.WaitAsync(Ct);

        await first.KillAsync(Ct);
        await number.ExecuteAsync(
            "update jobs set lease_until = now() - interval '1 s' where queue = 'process_incoming_media' and state = 'leased'",
            new { }
        );
        await first.StartAgainAsync(Ct);

        var attachment = await number.WaitUntilReadyAsync(id, Ct);
        Assert.Equal((bytes.Length, 2), ((int)attachment.SizeBytes!, number.Fetches(id)));
        var stored = Directory
            .GetFiles(inbox.Settings["FLOWCHAT_DATA"], "*", SearchOption.AllDirectories)
            .Single(file => Path.GetFileName(file) == StoredFiles.HashOf(bytes));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(stored, Ct));
    }
}
