using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using FlowChat.Chaos.Audit;
using FlowChat.Testing.Api;

namespace FlowChat.Chaos.Traffic;

/// <summary>Agents answer: each message is repeated under its client_message_id until there is a 2xx.</summary>
internal sealed class OutboundTraffic(ChaosTraffic traffic)
{
    private const int EachMedia = 15;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    // A node may be away without a word: who asks gives up and asks again.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Told of each message before it is posted.</summary>
    public Action<string> Announce { get; set; } = _ => { };

    public async Task RunAsync(Line line, Talk talk, Random random, CancellationToken over)
    {
        for (var n = 0; !over.IsCancellationRequested; n++)
        {
            await SendAsync(line, talk, n);
            await traffic.PauseAsync(random, 1.5, 4, over);
        }
    }

    private async Task SendAsync(Line line, Talk talk, int n)
    {
        var text = $"out {line.Fake.Name} {talk.Person.Phone} {n}";
        var file = n % EachMedia == EachMedia - 1 ? TestFiles.Picture(text) : null;
        var upload = file is null ? (Guid?)null : await UploadAsync(line.Client, file);
        var attempt = new Attempt(
            Way.Out,
            talk.Id,
            n,
            text,
            file is null ? null : TestFiles.HashOf(file)
        );
        traffic.Attempts.Add(attempt);
        Announce(text);
        var body = new
        {
            ClientMessageId = Guid.CreateVersion7().ToString(),
            Text = text,
            AttachmentIds = upload is { } id ? new[] { id } : null,
        };
        var answer = await RepeatAsync(
            "A send",
            ct =>
                line.Client.Http.PostAsJsonAsync(
                    $"/api/conversations/{talk.Id}/messages",
                    body,
                    FlowChatClient.Json,
                    ct
                )
        );
        var message = JsonSerializer.Deserialize<Message>(answer, FlowChatClient.Json)!;
        if (message.Text != text || message.ClientMessageId != body.ClientMessageId)
            traffic.Judge.Condemn($"{text} was answered with {answer}");
        attempt.IsAcknowledged = true;
    }

    private async Task<Guid> UploadAsync(FlowChatClient client, byte[] bytes)
    {
        var answer = await RepeatAsync(
            "An upload",
            async ct =>
            {
                using var file = new ByteArrayContent(bytes);
                file.Headers.ContentType = MediaTypeHeaderValue.Parse("image/jpeg");
                using var form = new MultipartFormDataContent { { file, "file", "picture.jpg" } };
                return await client.Http.PostAsync("/api/attachments", form, ct);
            }
        );
        return JsonDocument.Parse(answer).RootElement.GetProperty("id").GetGuid();
    }

    private async Task<string> RepeatAsync(
        string what,
        Func<CancellationToken, Task<HttpResponseMessage>> request
    )
    {
        while (true)
        {
            var (status, answer) = await AnswerAsync(request);
            if (traffic.Judge.Accepts(what, status, answer))
                return answer;
            await Task.Delay(Pause, traffic.Time, traffic.Ct);
        }
    }

    private async Task<(HttpStatusCode?, string)> AnswerAsync(
        Func<CancellationToken, Task<HttpResponseMessage>> request
    )
    {
        using var patience = new CancellationTokenSource(Patience, traffic.Time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(
            traffic.Ct,
            patience.Token
        );
        try
        {
            using var response = await request(ends.Token);
            return (response.StatusCode, await response.Content.ReadAsStringAsync(ends.Token));
        }
        catch (Exception error)
            when (error
                    is HttpRequestException
                        or SocketException
                        or IOException
                        or OperationCanceledException
                && !traffic.Ct.IsCancellationRequested
            )
        {
            return (null, error.Message);
        }
    }
}
