using System.Security.Cryptography;
using FlowChat.Testing.Api;
using FlowChat.Testing.Cloud;
using FlowChat.Testing.Cloud.Payloads;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Tests.Media;

namespace FlowChat.Tests.Cloud;

/// <summary>Files from Meta, in two steps, and to it, before the message that names them.</summary>
public sealed class CloudMediaTests(CloudFlowChat flowChat) : IClassFixture<CloudFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_steps_to_a_file_are_asked_with_the_token()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        line.Meta.Files["5550001"] = new("image/png", TestFile.Png());

        var heard = await line.HearAsync(
            Person.Number(1),
            CloudMessages.Media("image", "5550001", "image/png"),
            Ct
        );

        await WaitAsync(line, heard, "ready");
        var asked = line
            .Meta.Requests.All.Where(request =>
                request.Path.Contains("5550001", StringComparison.Ordinal)
            )
            .ToList();
        Assert.Equal(2, asked.Count);
        Assert.All(
            asked,
            request => Assert.Equal($"Bearer {line.Meta.Token}", request.Headers["Authorization"])
        );
    }

    [Fact]
    public async Task The_token_goes_to_no_other_host()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        await using var stranger = await FakeCloud.StartAsync();
        line.Meta.Files["5550002"] = new("image/png", TestFile.Png());
        // The same machine under another name.
        line.Meta.FileUrl = id => new($"http://localhost:{stranger.Port}/files/{id}");

        var heard = await line.HearAsync(
            Person.Number(1),
            CloudMessages.Media("image", "5550002", "image/png"),
            Ct
        );

        var unavailable = await WaitAsync(line, heard, "unavailable");
        Assert.Contains("isn't its own", unavailable.Reason);
        Assert.Empty(stranger.Requests.All);
    }

    [Fact]
    public async Task A_file_that_meta_has_no_more_is_unavailable_at_once()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);

        var heard = await line.HearAsync(
            Person.Number(1),
            CloudMessages.Media("image", "5559999", "image/png"),
            Ct
        );

        await WaitAsync(line, heard, "unavailable");
    }

    [Theory]
    [InlineData("image/png", "foto.png", "image", "Veja")]
    [InlineData("application/pdf", "nota.pdf", "document", "Veja")]
    public async Task A_file_is_uploaded_and_then_named(
        string mimeType,
        string name,
        string type,
        string caption
    )
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        var conversation = await line.OpenAsync(Ct);
        var bytes = type == "image" ? TestFile.Png() : TestFile.Pdf();
        var attachment = await line.UploadAsync(bytes, mimeType, type, Ct, name);

        var message = await line.SendAsync(
            conversation,
            new { AttachmentIds = new[] { attachment }, Text = caption },
            Ct
        );
        await line.WaitAsync(message, "sent", Ct);

        var upload = await line.Meta.Requests.WaitAsync(request => request.File is not null, Ct);
        Assert.Equal(
            (bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)), mimeType),
            ((int)upload.File!.Size, upload.File.Sha256, upload.File.MimeType)
        );
        var sent = Assert.Single(line.Meta.Sent.All);
        Assert.Equal(type, sent.Type);
        Assert.Equal(caption, sent.Body[type]!["caption"]!.GetValue<string>());
        Assert.Equal(
            type == "document" ? name : null,
            sent.Body[type]!["filename"]?.GetValue<string>()
        );
    }

    [Theory]
    [InlineData("chromium.webm")]
    [InlineData("ffmpeg.webm")]
    public async Task A_voice_that_a_browser_recorded_goes_as_meta_takes_it(string recording)
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        var conversation = await line.OpenAsync(Ct);
        var attachment = await line.UploadAsync(
            Recording.Read(recording),
            "audio/webm;codecs=opus",
            "voice",
            Ct
        );

        var message = await line.SendAsync(
            conversation,
            new { AttachmentIds = new[] { attachment } },
            Ct
        );
        await line.WaitAsync(message, "sent", Ct);

        var upload = await line.Meta.Requests.WaitAsync(request => request.File is not null, Ct);
        Assert.Equal("audio/ogg; codecs=opus", upload.File!.MimeType);
        var sent = Assert.Single(line.Meta.Sent.All);
        Assert.Equal("audio", sent.Type);
        Assert.True(sent.Body["audio"]!["voice"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_recording_that_can_not_be_read_fails_with_the_reason()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        var conversation = await line.OpenAsync(Ct);
        var attachment = await line.UploadAsync(
            Recording.Read("chromium.webm")[..40],
            "audio/webm;codecs=opus",
            "voice",
            Ct
        );

        var message = await line.SendAsync(
            conversation,
            new { AttachmentIds = new[] { attachment } },
            Ct
        );

        var failed = await line.WaitAsync(message, "failed", Ct);
        Assert.Equal(
            ("refused", "The recording is cut off."),
            (failed.Error!.Code, failed.Error.Text)
        );
        Assert.Empty(line.Meta.Sent.All);
    }

    [Fact]
    public async Task An_upload_that_breaks_is_tried_again_as_no_message_has_left()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        var conversation = await line.OpenAsync(Ct);
        var attachment = await line.UploadAsync(TestFile.Png(), "image/png", "image", Ct);
        line.Meta.Script.Next(
            request => request.Path.EndsWith("/media", StringComparison.Ordinal),
            Reply.Lost
        );

        var message = await line.SendAsync(
            conversation,
            new { AttachmentIds = new[] { attachment } },
            Ct
        );

        await line.WaitAsync(message, "sent", Ct);
        Assert.DoesNotContain("unknown", await line.StatesAsync(message, Ct));
        Assert.Single(line.Meta.Sent.All);
    }

    private static async Task<Attachment> WaitAsync(CloudLine line, Message heard, string state) =>
        (
            await line.WaitAsync(
                live =>
                    live.Message is { Attachments: [{ } attachment] } now
                    && now.Id == heard.Id
                    && attachment.State == state,
                Ct
            )
        )
            .Message!
            .Attachments[0];
}
