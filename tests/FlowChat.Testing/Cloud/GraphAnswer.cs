using System.Text.Json.Nodes;
using FlowChat.Testing.Evolution;

namespace FlowChat.Testing.Cloud;

/// <summary>Answers in Meta's form.</summary>
public static class GraphAnswer
{
    public static Answer Success { get; } = new(200, new JsonObject { ["success"] = true });

    public static Answer TokenEnded { get; } =
        Error(401, 190, "Error validating access token: Session has expired", "");

    public static Answer Error(int status, int code, string message, string details)
    {
        var error = new JsonObject
        {
            ["message"] = $"(#{code}) {message}",
            ["type"] = "OAuthException",
            ["code"] = code,
            ["error_subcode"] = 2494055,
            ["fbtrace_id"] = "Az8or2yhqkZfEZ-_4Qn_Bam",
        };
        if (details.Length > 0)
            error["error_data"] = new JsonObject
            {
                ["messaging_product"] = "whatsapp",
                ["details"] = details,
            };
        return new(status, new JsonObject { ["error"] = error });
    }
}
