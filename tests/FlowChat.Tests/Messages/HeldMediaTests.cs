using System.Net.Http.Headers;
using System.Net.Http.Json;
using FlowChat.Media.Store;
using FlowChat.Operations;
using FlowChat.Testing.Api;
using FlowChat.Tests.Media;

namespace FlowChat.Tests.Messages;

/// <summary>Files to be sent, while FlowChat itself can't read them.</summary>
public sealed class HeldMediaTests(SwitchedStoreFlowChat flowChat)
    : IClassFixture<SwitchedStoreFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_waits_for_the_store_and_is_sent_once(bool asIo)
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        flowChat.Store.Failure = null;
        var error = new IOException("no route to the store");
        var attachment = await UploadAsync(TestFile.Jpeg(seed: asIo ? 71 : 72));
        // An IOException is what the HTTP client wraps.
        flowChat.Store.Failure = asIo
            ? new HttpRequestException("copying", new MediaStoreException(error.Message, error))
            : new MediaStoreException(error.Message, error);

        var message = await SendAsync(number, attachment);
        await HeldAsync(number, message);

        var job = await number.JobAsync(message);
        Assert.Equal((0, error.Message), (job!.Attempt, job.Reason));
        Assert.Contains(
            flowChat.Server.Get<Alarms>().Recent,
            alarm => (alarm.Code, alarm.Text) == ("media_store", error.Message)
        );
        flowChat.Store.Failure = null;
        await GoOnAsync(number, message);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_database_that_can_not_name_the_file_holds_it_too()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        flowChat.Store.Failure = null;
        var attachment = await UploadAsync(TestFile.Jpeg(seed: 73));
        await flowChat.Server.Client.Http.PostAsync("/api/queues/send_message/pause", null, Ct);
        var message = await SendAsync(number, attachment);
        await number.ExecuteAsync("revoke select on attachments from flowchat_app");
        try
        {
            await flowChat.Server.Client.Http.PostAsync(
                "/api/queues/send_message/resume",
                null,
                Ct
            );
            await HeldAsync(number, message);
        }
        finally
        {
            await number.ExecuteAsync("grant select on attachments to flowchat_app");
        }

        await GoOnAsync(number, message);
    }

    private static async Task HeldAsync(TestNumber number, Message message)
    {
        var claimed = false;
        var after = await number.WaitAsync(
            live =>
            {
                if (live.Message?.Id != message.Id)
                    return false;
                claimed |= live.Message.Status == "sending";
                return claimed && live.Message.Status != "sending";
            },
            Ct
        );
        Assert.Equal("queued", after.Message!.Status);
    }

    private static async Task GoOnAsync(TestNumber number, Message message)
    {
        await number.ExecuteAsync(
            "update jobs set due_at = now() where id = @Id",
            new { message.Id }
        );
        await number.WaitAsync(message, "sent", Ct);
        Assert.Single(number.Gateway.Sent.All);
    }

    private async Task<Attachment> UploadAsync(byte[] bytes)
    {
        var file = new ByteArrayContent(bytes);
        file.Headers.ContentType = MediaTypeHeaderValue.Parse("image/jpeg");
        using var form = new MultipartFormDataContent { { file, "file", "a.jpg" } };
        using var answer = await flowChat.Server.Client.Http.PostAsync(
            "/api/attachments",
            form,
            Ct
        );
        return (await answer.Content.ReadFromJsonAsync<Attachment>(FlowChatClient.Json, Ct))!;
    }

    private async Task<Message> SendAsync(TestNumber number, Attachment attachment)
    {
        var conversation = await number.StartAsync(Ct);
        using var answer = await flowChat.Server.Client.Http.PostAsJsonAsync(
            $"/api/conversations/{conversation.Id}/messages",
            new
            {
                ClientMessageId = Guid.CreateVersion7(),
                AttachmentIds = new[] { attachment.Id },
            },
            FlowChatClient.Json,
            Ct
        );
        return (await answer.Content.ReadFromJsonAsync<Message>(FlowChatClient.Json, Ct))!;
    }
}
