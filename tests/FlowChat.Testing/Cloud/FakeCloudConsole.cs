using FlowChat.Testing.Cloud.Payloads;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Testing.Cloud;

/// <summary>The fake by hand: prints what it is asked, and turns typed lines into incoming messages.</summary>
internal sealed class FakeCloudConsole(
    FakeCloud fake,
    CloudNumber number,
    TextReader input,
    TextWriter output
)
{
    public async Task RunAsync(Uri? webhook, string verifyToken, CancellationToken ct)
    {
        await output.WriteLineAsync(
            $"""
            Meta is faked on {fake.BaseUrl} (that is a number's base_url)
              phone_number_id {number.PhoneNumberId}, business_account_id {fake.AccountId}
              access token {fake.Token}, app secret {fake.AppSecret}
            Type "verify <callback URL> <verify token>" once FlowChat has shown them.
            """
        );
        try
        {
            if (webhook is not null)
                await VerifyAsync(webhook, verifyToken, ct);
            await await Task.WhenAny(
                PrintRequestsAsync(ct),
                PrintDeliveriesAsync(ct),
                ReceiveTypedAsync(ct)
            );
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Ctrl+C is how it ends.
        }
    }

    private async Task VerifyAsync(Uri url, string verifyToken, CancellationToken ct) =>
        await output.WriteLineAsync(
            await fake.Webhooks.VerifyAsync(url, verifyToken, ct)
                ? $"{url} is verified."
                : $"{url} didn't answer with the challenge."
        );

    private async Task PrintRequestsAsync(CancellationToken ct)
    {
        await foreach (var request in fake.Requests.ReadAllAsync(ct))
        {
            var body = request.Body is null ? "" : EvolutionJson.Text(request.Body);
            await output.WriteLineAsync(
                $"{request.At:HH:mm:ss.fff} {request.Method} {request.Path}{request.Query} {body}"
            );
        }
    }

    private async Task PrintDeliveriesAsync(CancellationToken ct)
    {
        await foreach (var status in fake.Webhooks.Deliveries.ReadAllAsync(ct))
            await output.WriteLineAsync($"  webhook: {status?.ToString("D") ?? "no answer"}");
    }

    private async Task ReceiveTypedAsync(CancellationToken ct)
    {
        while (await input.ReadLineAsync(ct) is { } line)
        {
            var words = line.Split(
                ' ',
                3,
                StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
            );
            if (words is ["verify", var url, var token])
                await VerifyAsync(new Uri(url), token, ct);
            else if (words.Length < 2 || fake.Webhooks.Url is null)
                await output.WriteLineAsync(
                    "Type a phone number, a space and the message; before that, verify."
                );
            else
                await ReceiveAsync(words[0], line[(line.IndexOf(' ') + 1)..]);
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
    }

    private Task ReceiveAsync(string phone, string text) =>
        fake.Webhooks.PostAsync(
            number.Message(
                new Person(phone, "1" + phone, phone),
                CloudMessages.Text(text).At(FakeCloud.NewId(), fake.Time.GetUtcNow()),
                PersonForm.Both
            )
        );
}
