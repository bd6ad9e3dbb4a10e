using System.Diagnostics;
using System.Net;
using FlowChat.Operations;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Media;

/// <summary>The media folder on a file system of its own, of 1 MB.</summary>
public sealed class FullDiskTests(SharedPostgres postgres) : IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("flowchat-full-").FullName;
    private FlowChatServer _server = null!;
    private bool _isMounted;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Folder => Path.Combine(_data, "media");

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Folder);
        _isMounted = await RunAsync("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", Folder) == 0;
        Assert.SkipUnless(_isMounted, "These tests need the right to mount a tmpfs.");
        _server = await FlowChatServer.StartAsync(
            await postgres.CreateDatabaseAsync(),
            new Dictionary<string, string?> { ["FLOWCHAT_DATA"] = _data }
        );
    }

    [Fact(Timeout = 120_000)]
    public async Task A_full_disk_holds_media_up_and_loses_none()
    {
        await using var number = await TestNumber.ConnectAsync(_server, Ct);
        var filler = Path.Combine(Folder, "filler");
        await File.WriteAllBytesAsync(filler, new byte[900_000], Ct);
        var bytes = TestFile.Jpeg(500_000, seed: 61);

        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(bytes), "file", "a.jpg" },
        };
        using var upload = await _server.Client.Http.PostAsync("/api/attachments", form, Ct);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, upload.StatusCode);
        var embedded = MessageKinds.Image().With("base64", Convert.ToBase64String(bytes));
        var id = await number.ReceiveAsync(embedded, bytes);
        await number.WaitForMediaAsync(id, "pending", Ct);
        await number.WaitForJobAsync("There is no room left", Ct);

        Assert.Contains(
            _server.Get<Alarms>().Recent,
            alarm =>
                alarm.Code == "media_store"
                && alarm.Text.StartsWith("There is no room left", StringComparison.Ordinal)
        );
        Assert.Single(Directory.GetFiles(Folder, "*", SearchOption.AllDirectories));
        File.Delete(filler);
        await number.ExecuteAsync(
            "update jobs set due_at = now() where queue = 'process_incoming_media'",
            new { }
        );

        var attachment = await number.WaitUntilReadyAsync(id, Ct);
        Assert.Equal(
            bytes,
            await _server.Client.Http.GetByteArrayAsync(ArrivingMedia.ContentOf(attachment), Ct)
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        if (_isMounted)
            await RunAsync("umount", Folder);
        Directory.Delete(_data, recursive: true);
    }

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                RedirectStandardError = true,
                UseShellExecute = false,
            }
        )!;
        await process.WaitForExitAsync(Ct);
        return process.ExitCode;
    }
}
