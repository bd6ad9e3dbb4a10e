using System.Text.Json.Nodes;

namespace FlowChat.Testing.Cloud.Payloads;

/// <summary>Elements of value.statuses.</summary>
public static class CloudStatus
{
    public static JsonObject Of(
        string waId,
        string status,
        DateTimeOffset at,
        string recipient,
        string? callbackData = null
    )
    {
        var json = new JsonObject
        {
            ["id"] = waId,
            ["status"] = status,
            ["timestamp"] = CloudNumber.Seconds(at),
            ["recipient_id"] = recipient,
            ["pricing"] = new JsonObject
            {
                ["billable"] = true,
                ["pricing_model"] = "PMP",
                ["category"] = "service",
            },
        };
        if (callbackData is not null)
            json["biz_opaque_callback_data"] = callbackData;
        return json;
    }

    public static JsonObject Failed(this JsonObject status, int code, string details)
    {
        status["status"] = "failed";
        status["errors"] = new JsonArray(
            new JsonObject
            {
                ["code"] = code,
                ["title"] = "Message undeliverable",
                ["message"] = "Message undeliverable",
                ["error_data"] = new JsonObject { ["details"] = details },
                ["href"] =
                    "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
            }
        );
        return status;
    }
}
