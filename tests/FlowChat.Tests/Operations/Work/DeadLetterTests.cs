using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution;

namespace FlowChat.Tests.Operations.Work;

/// <summary>Dead letters over HTTP: what happens to a send happens to its message.</summary>
public sealed class DeadLetterTests(DeadLetterTests.Impatient flowChat)
    : IClassFixture<DeadLetterTests.Impatient>
{
    private const string Path = "/api/queues/send_message/dead-letters";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private HttpClient Http => flowChat.Server.Client.Http;

    [Fact]
    public async Task A_dead_send_is_listed_found_and_sent_again_as_the_same_message()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var message = await DieAsync(number, "Olá", "Boom-requeue");
        await DieAsync(number, "Outra", "Something else", person: 2);

        var found = await ListAsync("?q=boom-REQUEUE");
        var letter = Assert.Single(found.Items);
        Assert.Equal(message.Id, letter["id"]!.GetValue<Guid>());
        Assert.Equal(message.Id, letter["payload"]!["message_id"]!.GetValue<Guid>());
        Assert.Contains("Boom-requeue", letter["errors"]![0]!["error"]!.GetValue<string>());
        var dry = await ActAsync(
            "requeue",
            new { Filter = new { Q = "Boom-requeue" }, DryRun = true }
        );
        Assert.Equal("failed", (await number.ReadAsync(message, Ct)).Status);

        number.Gateway.Script.Clear();
        var done = await ActAsync("requeue", new { Ids = new[] { message.Id } });

        Assert.Equal((1, true), dry);
        Assert.Equal((1, false), done);
        var sent = await number.WaitAsync(message, "sent", Ct);
        Assert.Null(sent.Error);
        Assert.Equal(
            ["queued", "sending", "failed", "queued", "sending", "sent"],
            await number.StatesAsync(message, Ct)
        );
        Assert.Empty((await ListAsync("?q=Boom-requeue")).Items);
    }

    [Fact]
    public async Task A_paced_requeue_lets_them_go_one_after_the_other()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var first = await DieAsync(number, "um", "Boom-paced");
        var second = await DieAsync(number, "dois", "Boom-paced", person: 2);
        number.Gateway.Script.Clear();

        await ActAsync("requeue", new { Filter = new { Q = "Boom-paced" }, PerSecond = 1.0 / 600 });

        await number.WaitAsync(first, "sent", Ct);
        var job = await number.JobAsync(second);
        Assert.InRange(job!.Wait, TimeSpan.FromMinutes(8), TimeSpan.FromMinutes(10));
        Assert.Equal("queued", (await number.ReadAsync(second, Ct)).Status);
    }

    [Fact]
    public async Task A_discarded_send_is_gone_and_its_message_failed()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var failed = await DieAsync(number, "um", "Boom-discard");
        var killed = await DieAsync(number, "dois", "Boom-discard", person: 2);
        // As a worker leaves it that was killed for the last time.
        await number.ExecuteAsync(
            "update messages set status = 'sending', error_code = null, error_text = null where id = @Id",
            new { killed.Id }
        );

        var done = await ActAsync("discard", new { Filter = new { Q = "Boom-discard" } });

        Assert.Equal((2, false), done);
        var events = await number.StatesAsync(killed, Ct);
        Assert.Equal("failed", events[^1]);
        Assert.Equal("cancelled", (await number.ReadAsync(killed, Ct)).Error!.Code);
        Assert.Equal("gateway_error", (await number.ReadAsync(failed, Ct)).Error!.Code);
        Assert.Null(await number.JobAsync(failed));
        Assert.Null(await number.JobAsync(killed));
    }

    [Fact]
    public async Task Pages_hold_all_newest_death_first()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var dead = new List<Guid>();
        for (var person = 1; person <= 3; person++)
            dead.Insert(0, (await DieAsync(number, "Olá", "Boom-pages", person)).Id);

        var page = await ListAsync("?q=Boom-pages&limit=2");
        var rest = await ListAsync($"?q=Boom-pages&limit=2&cursor={page.NextCursor}");

        Assert.Equal(
            dead,
            page.Items.Concat(rest.Items).Select(item => item["id"]!.GetValue<Guid>())
        );
        Assert.Null(rest.NextCursor);
    }

    [Fact]
    public async Task Another_tenants_dead_letters_are_out_of_reach()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var message = await DieAsync(number, "Olá", "Boom-foreign");
        using var stranger = await flowChat.OtherTenantAsync(Ct);

        var seen = await stranger.GetAsync<Page<JsonObject>>(Path, Ct);
        var done = await stranger.PostAsync<JsonObject>(
            $"{Path}/discard",
            new { Ids = new[] { message.Id } },
            Ct
        );

        Assert.Empty(seen.Items);
        Assert.Equal(0, done["count"]!.GetValue<int>());
        Assert.Equal("dead", (await number.JobAsync(message))!.State);
    }

    [Theory]
    [InlineData("{}", "ids")]
    [InlineData("""{"ids":[],"filter":null}""", "ids")]
    [InlineData("""{"ids":["0197a0b4-5d7e-7c3a-9f10-2b6c8d4e1f00"],"filter":{}}""", "ids")]
    [InlineData("""{"filter":{},"per_second":0}""", "per_second")]
    [InlineData("""{"filter":{},"per_second":1e-300}""", "per_second")]
    [InlineData("""{"filter":{"q":" "}}""", "filter.q")]
    public async Task A_request_that_means_nothing_is_refused_with_the_remedy(
        string body,
        string field
    )
    {
        using var answer = await Http.PostAsync(
            $"{Path}/requeue",
            new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
            Ct
        );

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonObject>(Ct);
        Assert.Contains(field, problem!["errors"]!.AsObject().Select(error => error.Key));
    }

    private static async Task<Message> DieAsync(
        TestNumber number,
        string text,
        string error,
        int person = 1
    )
    {
        number.Gateway.Script.Always(Reply.Refused(Answer.Error(503, error)));
        var message = await number.SendAsync(await number.StartAsync(Ct, person), text, Ct);
        var failed = await number.WaitAsync(message, "failed", Ct);
        number.Gateway.Script.Clear();
        return failed;
    }

    private Task<Page<JsonObject>> ListAsync(string query) =>
        flowChat.Server.Client.GetAsync<Page<JsonObject>>(Path + query, Ct);

    private async Task<(int Count, bool DryRun)> ActAsync(string action, object body)
    {
        var answer = await flowChat.Server.Client.PostAsync<JsonObject>(
            $"{Path}/{action}",
            body,
            Ct
        );
        return (answer["count"]!.GetValue<int>(), answer["dry_run"]!.GetValue<bool>());
    }

    public sealed class Impatient(SharedPostgres postgres)
        : SendingFlowChat(
            postgres,
            new Dictionary<string, string?> { ["CHAT_STREAM_MAX_RETRIES"] = "1" }
        )
    {
        /// <summary>Its owner.</summary>
        internal async Task<FlowChatClient> OtherTenantAsync(CancellationToken cancellationToken)
        {
            var key = $"fck_other_{Guid.CreateVersion7():N}";
            var tenant = new FlowChat.Accounts.NewTenant(
                "Acme",
                $"owner-{Guid.CreateVersion7():N}@example.com",
                "Olivia",
                "-"
            )
            {
                ApiKey = key,
            };
            await using var connection = await Server
                .Get<FlowChat.Storage.Database>()
                .Migrator.OpenConnectionAsync(cancellationToken);
            await tenant.InsertAsync(connection, cancellationToken);
            return new(Server.BaseUrl, key);
        }
    }
}
