using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace FlowChat.Tests.Operations;

/// <summary>Who sends a wrong request is told which field or parameter is wrong and what is expected, in our words.</summary>
public sealed class ProblemTests(RunningFlowChat flowChat) : IClassFixture<RunningFlowChat>
{
    private const string Nobody = "018f0000-0000-7000-8000-000000000000";
    private const string Key = "/api/api-keys";
    private const string Send = $"/api/conversations/{Nobody}/messages";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Method and path, body, field, what the detail says.</summary>
    public static TheoryData<string, string?, string?, string> Unreadable =>
        new()
        {
            {
                $"PATCH /api/users/{Nobody}",
                """{"active":false}""",
                "active",
                "name, role, disabled"
            },
            {
                $"PATCH /api/conversations/{Nobody}",
                """{"assignee":"me"}""",
                "assignee",
                "the fields are status"
            },
            {
                $"PATCH /api/instances/{Nobody}",
                """{"gateway":"sandbox"}""",
                "gateway",
                "name, base_url, api_key, instance_name"
            },
            { "POST /api/users", """{"Admin":true}""", "Admin", "email, name, role, password" },
            { "POST /api/auth/sign-in", """{"user":"a"}""", "user", "email, password" },
            { $"POST {Key}", """{"na.me":"a"}""", "na.me", "name, role" },
            { $"POST {Send}", """{"client_message_id":"1","texto":"a"}""", "texto", "text" },
            { $"POST {Key}", """{"name":7,"role":"agent"}""", "name", "Give a text." },
            { $"PATCH /api/users/{Nobody}", """{"disabled":1}""", "disabled", "true or false" },
            { "POST /api/conversations", """{"instance_id":"x"}""", "instance_id", "an id" },
            { $"POST {Key}", "[]", null, "a JSON object with the fields name, role" },
            { $"POST {Key}", "null", null, "a JSON object with the fields name, role" },
            { $"POST {Key}", "", null, "a JSON object with the fields name, role" },
            { $"POST {Key}", "\"name\"", null, "a JSON object with the fields name, role" },
            { $"POST {Key}", "{\n\"name\":", null, "no valid JSON, at line 2" },
            { $"POST {Key}", "{\"name\":\"a\",}", null, "no valid JSON, at line 1" },
            { $"GET {Send}?limit=many", null, "limit", "a whole number" },
            { "GET /api/users?cursor=x", null, "cursor", "an id" },
            { "GET /api/events?after=x", null, "after", "a whole number" },
            { $"GET /api/sandbox/{Nobody}/messages", null, "phone", "a text" },
        };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task What_cannot_be_read_is_named_with_what_is_expected(
        string route,
        string? body,
        string? field,
        string expected
    )
    {
        var (status, problem) = await AskAsync(route, body);

        Assert.Equal(400, status);
        var detail = (string?)problem["detail"];
        Assert.Contains(expected, detail, StringComparison.Ordinal);
        if (field is not null)
        {
            var remedy = (string?)problem["errors"]![field]![0];
            Assert.Equal($"{field}: {remedy}", detail);
        }
        foreach (var word in (string[])["bind", "inferred", "System.", "FlowChat.", ".NET"])
        {
            Assert.DoesNotContain(word, problem.ToJsonString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("GET /api/nothing", null, null, 404, "/openapi/v1.json")]
    [InlineData("GET /api/instances/seven", null, null, 404, "/openapi/v1.json")]
    [InlineData("DELETE /api/users", null, null, 405, "use GET, POST")]
    [InlineData("PUT /api/me", null, null, 405, "use GET")]
    [InlineData("POST " + Key, "name=a", "text/plain", 415, "application/json")]
    [InlineData("POST " + Key, "<a/>", "application/xml", 415, "application/json")]
    [InlineData("POST " + Key, "large", "application/json", 413, "64 KB")]
    public async Task A_refusal_without_a_body_of_its_own_says_what_to_do(
        string route,
        string? body,
        string? contentType,
        int expectedStatus,
        string expected
    )
    {
        body = body == "large" ? $$"""{"name":"{{new string('a', 100_000)}}"}""" : body;

        var (status, problem) = await AskAsync(route, body, contentType);

        Assert.Equal(expectedStatus, status);
        Assert.Contains(expected, (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_values_are_listed_in_the_detail_too()
    {
        var (status, problem) = await AskAsync("POST /api/users", """{"name":" ","role":"king"}""");

        Assert.Equal(400, status);
        foreach (var (field, remedies) in problem["errors"]!.AsObject())
        {
            Assert.Contains(
                $"{field}: {remedies![0]}",
                (string?)problem["detail"],
                StringComparison.Ordinal
            );
        }
    }

    private async Task<(int Status, JsonNode Problem)> AskAsync(
        string route,
        string? body,
        string? contentType = "application/json"
    )
    {
        var (method, path) = (route.Split(' ')[0], route.Split(' ')[1]);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType!);
        }
        using var response = await flowChat.Client.Http.SendAsync(request, Ct);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return (
            (int)response.StatusCode,
            JsonNode.Parse(await response.Content.ReadAsStringAsync(Ct))!
        );
    }
}
