using System.Text.Json.Nodes;
using FlowChat.Testing.Api;
using FlowChat.Testing.Cloud;
using FlowChat.Testing.Cloud.Payloads;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.EndToEnd;

/// <summary>A number of Meta's Cloud API in an inbox, and who writes to it.</summary>
internal static class CloudShop
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<CloudNumber> AddAsync(
        this Inbox inbox,
        FakeCloud meta,
        string phoneNumberId,
        string? token = null,
        string name = "Loja Cloud"
    )
    {
        var number = meta.AddNumber(phoneNumberId);
        var instance = await inbox.Client.PostAsync<Instance>(
            "/api/instances",
            new
            {
                Name = name,
                Gateway = "cloud",
                meta.BaseUrl,
                ApiKey = token ?? meta.Token,
                number.PhoneNumberId,
                BusinessAccountId = meta.AccountId,
                meta.AppSecret,
            },
            Ct
        );
        Assert.True(
            await meta.Webhooks.VerifyAsync(instance.WebhookUrl!, instance.VerifyToken!, Ct)
        );
        return number;
    }

    public static Task HearAsync(
        this FakeCloud meta,
        CloudNumber number,
        Person person,
        JsonObject message,
        int hoursAgo = 0
    ) =>
        meta.Webhooks.PostAsync(
            number.Message(
                person,
                message.At(FakeCloud.NewId(), TimeProvider.System.GetUtcNow().AddHours(-hoursAgo))
            )
        );
}
