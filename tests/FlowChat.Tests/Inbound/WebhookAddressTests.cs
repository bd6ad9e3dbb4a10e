using System.Net;
using System.Net.Http.Headers;
using FlowChat.Storage;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution.Payloads;
using Npgsql;
using InstanceDirectory = FlowChat.Instances.InstanceDirectory;

namespace FlowChat.Tests.Inbound;

public sealed class WebhookAddressTests(InboundFlowChat flowChat) : IClassFixture<InboundFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static IEnumerable<TheoryDataRow<SecretIn, EventIn, EventSpelling>> Addresses =>
        from secret in (SecretIn[])[SecretIn.Bearer, SecretIn.Header, SecretIn.Path]
        from place in Enum.GetValues<EventIn>()
        from spelling in Enum.GetValues<EventSpelling>()
        select new TheoryDataRow<SecretIn, EventIn, EventSpelling>(secret, place, spelling);

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task Every_address_takes_every_secret_and_every_spelling_of_the_event(
        SecretIn secret,
        EventIn place,
        EventSpelling spelling
    )
    {
        var line = await flowChat.ConnectAsync(Ct);
        var envelope = line.From(flowChat.NewPerson(), "Oi").ToEnvelope();
        var name = EvolutionNumber.Spell("messages.upsert", spelling);
        envelope.Remove("event");
        if (place is EventIn.Body or EventIn.Both)
        {
            envelope["event"] = name;
        }

        using var response = await PostAsync(
            line.Instance,
            secret,
            place == EventIn.Body ? "" : "/" + name,
            line.Instance.WebhookSecret!,
            EvolutionJson.Bytes(envelope)
        );

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(
            """{"accepted":1,"duplicates":0,"ignored":0,"quarantined":0}""",
            await response.Content.ReadAsStringAsync(Ct)
        );
        Assert.Equal("Oi", Assert.Single(await line.ThreadAsync(Ct)).Text);
    }

    [Theory]
    [InlineData(SecretIn.Bearer)]
    [InlineData(SecretIn.Header)]
    [InlineData(SecretIn.Path)]
    public async Task A_wrong_secret_is_a_401_and_writes_nothing(SecretIn place)
    {
        var line = await flowChat.ConnectAsync(Ct);
        var body = line.From(flowChat.NewPerson(), "Oi").ToBytes();

        using var wrong = await PostAsync(line.Instance, place, "", "whs_wrong", body);
        using var other = await PostAsync(
            line.Instance,
            place,
            "",
            (await flowChat.ConnectAsync(Ct)).Instance.WebhookSecret!,
            body
        );

        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, other.StatusCode);
        Assert.Equal("application/problem+json", wrong.Content.Headers.ContentType?.MediaType);
        Assert.Empty(await line.ConversationsAsync(Ct));
    }

    [Fact]
    public async Task No_secret_at_all_is_a_401()
    {
        var line = await flowChat.ConnectAsync(Ct);
        var body = line.From(flowChat.NewPerson(), "Oi").ToBytes();

        using var none = await PostAsync(line.Instance, SecretIn.Nowhere, "", "", body);
        using var empty = await PostAsync(line.Instance, SecretIn.Header, "", "", body);

        Assert.Equal(HttpStatusCode.Unauthorized, none.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, empty.StatusCode);
    }

    [Fact]
    public async Task A_rotated_secret_is_valid_beside_the_one_before_it_and_the_third_ends_the_first()
    {
        var line = await flowChat.ConnectAsync(Ct);
        var first = line.Instance.WebhookSecret!;
        Assert.Equal(200, await StatusAsync(line, first));

        var second = await RotateAsync(line);
        Assert.Equal(200, await StatusAsync(line, first));
        Assert.Equal(200, await StatusAsync(line, second));

        var third = await RotateAsync(line);
        Assert.Equal(401, await StatusAsync(line, first));
        Assert.Equal(200, await StatusAsync(line, second));
        Assert.Equal(200, await StatusAsync(line, third));
    }

    [Fact]
    public async Task The_secret_before_the_last_ends_after_a_day()
    {
        var line = await flowChat.ConnectAsync(Ct);
        var first = line.Instance.WebhookSecret!;
        var second = await RotateAsync(line);

        await RotatedAgoAsync(line, TimeSpan.FromHours(23));
        Assert.Equal(200, await StatusAsync(line, first));
        await RotatedAgoAsync(line, TimeSpan.FromHours(24));
        Assert.Equal(401, await StatusAsync(line, first));
        Assert.Equal(200, await StatusAsync(line, second));
    }

    [Fact]
    public async Task A_secret_that_another_node_rotated_is_looked_up_before_a_401()
    {
        await using var otherNode = await FlowChatServer.StartAsync(flowChat.ConnectionString);
        var line = await flowChat.ConnectAsync(Ct);
        // This node now knows the instance, and believes what it knows for a while.
        Assert.Equal(200, await StatusAsync(line, line.Instance.WebhookSecret!));

        var rotated = await otherNode.Client.PostAsync<Rotated>(
            $"/api/instances/{line.Instance.Id}/rotate-secret",
            new { },
            Ct
        );

        Assert.Equal(200, await StatusAsync(line, rotated.WebhookSecret));
    }

    [Theory]
    [InlineData("018f0000-0000-7000-8000-000000000000")]
    [InlineData("no-uuid-at-all")]
    public async Task An_instance_unknown_here_may_exist_a_moment_later(string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/webhooks/evolution/{id}")
        {
            Content = new StringContent("{}"),
        };
        request.Headers.Authorization = new("Bearer", "whs_anything");

        using var response = await flowChat.Server.Client.Http.SendAsync(request, Ct);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
    }

    [Theory]
    [InlineData("/webhooks")]
    [InlineData("/webhooks/evolution")]
    [InlineData("/webhooks/evolution/018f0000-0000-7000-8000-000000000000/messages-upsert")]
    [InlineData("/webhooks/evolution/018f0000-0000-7000-8000-000000000000/whs_a/messages-upsert")]
    [InlineData("/webhooks/evolution/018f0000-0000-7000-8000-000000000000/whs_a/a/b/c")]
    [InlineData("/webhooks/cloud/018f0000-0000-7000-8000-000000000000")]
    [InlineData("/webhooks/evolutoin/x")]
    public async Task No_address_ends_a_gateways_retries(string address)
    {
        using var stranger = new HttpClient { BaseAddress = flowChat.Server.BaseUrl };

        using var response = await stranger.PostAsync(address, new StringContent("{}"), Ct);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
    }

    [Theory]
    [InlineData(SecretIn.Bearer, "")]
    [InlineData(SecretIn.Header, "/messages-upsert")]
    [InlineData(SecretIn.Path, "")]
    [InlineData(SecretIn.Path, "/messages-upsert")]
    public async Task A_deleted_instance_is_ignored_at_every_address(SecretIn place, string path)
    {
        var line = await flowChat.ConnectAsync(Ct);
        using var deleted = await flowChat.Server.Client.Http.DeleteAsync(
            $"/api/instances/{line.Instance.Id}",
            Ct
        );

        using var response = await PostAsync(
            line.Instance,
            place,
            path,
            line.Instance.WebhookSecret!,
            line.From(flowChat.NewPerson(), "After").ToBytes()
        );

        Assert.Equal(
            """{"accepted":0,"duplicates":0,"ignored":1,"quarantined":0}""",
            await response.Content.ReadAsStringAsync(Ct)
        );
    }

    [Fact]
    public async Task A_deleted_instance_is_answered_and_ignored()
    {
        var line = await flowChat.ConnectAsync(Ct);
        await line.PostAsync(line.From(flowChat.NewPerson(), "Before"), Ct);
        using var deleted = await flowChat.Server.Client.Http.DeleteAsync(
            $"/api/instances/{line.Instance.Id}",
            Ct
        );
        deleted.EnsureSuccessStatusCode();

        var answer = await line.PostAsync(line.From(flowChat.NewPerson(), "After"), Ct);

        Assert.Equal(new(0, 0, 1, 0), answer);
        Assert.Equal("Before", Assert.Single(await line.ThreadAsync(Ct)).Text);
        Assert.Equal(401, await StatusAsync(line, "whs_wrong"));
    }

    [Fact]
    public async Task Secrets_are_kept_as_hashes()
    {
        var line = await flowChat.ConnectAsync(Ct);
        await using var database = new Database(flowChat.ConnectionString);
        await using var command = database.Migrator.CreateCommand(
            "select row_to_json(i)::text from instances i where id = $1"
        );
        command.Parameters.Add(new() { Value = line.Instance.Id });

        var row = (string)(await command.ExecuteScalarAsync(Ct))!;

        Assert.DoesNotContain(line.Instance.WebhookSecret!, row, StringComparison.Ordinal);
        Assert.DoesNotContain(flowChat.Gateway.ApiKey, row, StringComparison.Ordinal);
    }

    private async Task RotatedAgoAsync(WebhookLine line, TimeSpan ago)
    {
        await using var database = new Database(flowChat.ConnectionString);
        await using var command = database.Migrator.CreateCommand(
            "update instances set secret_rotated_at = now() - $2 where id = $1"
        );
        command.Parameters.AddRange(
            (NpgsqlParameter[])[new() { Value = line.Instance.Id }, new() { Value = ago }]
        );
        await command.ExecuteNonQueryAsync(Ct);
        flowChat.Server.Get<InstanceDirectory>().Forget(line.Instance.Id);
    }

    private async Task<string> RotateAsync(WebhookLine line) =>
        (
            await flowChat.Server.Client.PostAsync<Rotated>(
                $"/api/instances/{line.Instance.Id}/rotate-secret",
                new { },
                Ct
            )
        ).WebhookSecret;

    private async Task<int> StatusAsync(WebhookLine line, string secret)
    {
        using var response = await PostAsync(
            line.Instance,
            SecretIn.Bearer,
            "",
            secret,
            line.From(Person.Ana, "Oi").ToBytes()
        );
        return (int)response.StatusCode;
    }

    private async Task<HttpResponseMessage> PostAsync(
        Instance instance,
        SecretIn place,
        string eventPath,
        string secret,
        byte[] body
    )
    {
        var secretPath = place == SecretIn.Path ? "/" + secret : "";
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            $"/webhooks/evolution/{instance.Id}{secretPath}{eventPath}"
        )
        {
            Content = new ByteArrayContent(body)
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            },
        };
        if (place == SecretIn.Header)
        {
            request.Headers.Add("X-Webhook-Secret", secret);
        }
        // The client's own API key must not count: an empty scheme takes its place.
        request.Headers.Authorization =
            place == SecretIn.Bearer ? new("Bearer", secret) : new("None");
        return await flowChat.Server.Client.Http.SendAsync(request, Ct);
    }

    private sealed record Rotated(string WebhookSecret);
}

public enum SecretIn
{
    Bearer,
    Header,
    Path,
    Nowhere,
}

public enum EventIn
{
    Body,
    Path,
    Both,
}
