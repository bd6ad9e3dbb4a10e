using System.Text.Json.Nodes;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Testing.Evolution;

/// <summary>The codes of a number that is being paired: while nobody scans one, the next is told by webhook, up to Evolution's limit.</summary>
internal sealed class FakePairing(FakeEvolution fake, FakeInstance instance)
{
    // QRCODE_LIMIT.
    private const int MostCodes = 30;

    private int codes;
    private int told;
    private int rotating;

    /// <summary>For which a code is told that is typed there; null = there are only pictures to scan.</summary>
    public string? Phone { get; set; }

    /// <summary>The next code, as a caller is answered; from then on they rotate by themselves.</summary>
    public JsonObject NextCode()
    {
        if (Interlocked.Exchange(ref rotating, 1) == 0)
        {
            told = 0;
            fake.Webhooks.Run(RotateAsync());
        }
        return MakeCode();
    }

    private async Task RotateAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(fake.QrInterval, fake.Time, fake.Stopping);
                if (instance.State != "connecting" || fake.FindInstance(instance.Name) != instance)
                    return;
                if (++told >= MostCodes)
                {
                    await GiveUpAsync();
                    return;
                }
                if (instance.Webhook is not null)
                    await instance.PostAsync(
                        instance.Number.QrCodeUpdated(MakeCode(), fake.Time.GetUtcNow())
                    );
            }
        }
        finally
        {
            Interlocked.Exchange(ref rotating, 0);
        }
    }

    private async Task GiveUpAsync()
    {
        instance.State = "close";
        if (instance.Webhook is null)
            return;
        var (number, now) = (instance.Number, fake.Time.GetUtcNow());
        await instance.PostAsync(number.QrCodeLimitReached(now));
        await instance.PostAsync(number.ConnectionUpdate("refused", 428, now));
    }

    private JsonObject MakeCode()
    {
        var count = Interlocked.Increment(ref codes);
        return new JsonObject
        {
            ["pairingCode"] = Phone is null ? null : $"WZYEH1Y{count % 10}",
            ["code"] = $"2@fake-{instance.Name}-{count}",
            ["base64"] = "data:image/png;base64,iVBORw0KGgo=",
            ["count"] = count,
        };
    }
}
