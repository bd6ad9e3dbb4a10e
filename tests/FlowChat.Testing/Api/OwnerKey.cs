using System.Text.Json.Nodes;

namespace FlowChat.Testing.Api;

/// <summary>An API key of an owner who so far has an e-mail address and a password.</summary>
public static class OwnerKey
{
    /// <summary>Signs in as a browser does, cookie and CSRF token and all, and makes a key.</summary>
    public static async Task<string> CreateAsync(
        Uri server,
        string email,
        string password,
        CancellationToken ct
    )
    {
        using var browser = new HttpClient { BaseAddress = server };
        browser.DefaultRequestHeaders.Add("Origin", server.GetLeftPart(UriPartial.Authority));
        var me = await PostAsync(browser, "/api/auth/sign-in", new { email, password }, ct);
        browser.DefaultRequestHeaders.Add("X-CSRF-Token", me["csrf_token"]!.GetValue<string>());
        var key = await PostAsync(
            browser,
            "/api/api-keys",
            new { name = "Tests", role = "owner" },
            ct
        );
        return key["key"]!.GetValue<string>();
    }

    private static async Task<JsonNode> PostAsync(
        HttpClient http,
        string path,
        object body,
        CancellationToken ct
    )
    {
        using var response = await http.PostAsJsonAsync(path, body, ct);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonNode>(ct))!;
    }
}
