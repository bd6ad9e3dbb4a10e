using System.Net;
using System.Text.Json.Nodes;
using FlowChat.Groups;
using FlowChat.Pictures;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Tests.Media;
using Group = FlowChat.Testing.Evolution.Payloads.Group;

namespace FlowChat.Tests.Pictures;

/// <summary>People and groups have the pictures that WhatsApp shows of them, from FlowChat's own store.</summary>
public sealed class ProfilePictureTests(MediaFlowChat inbox) : IClassFixture<MediaFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private HttpClient Http => inbox.Server.Client.Http;

    [Fact]
    public async Task Who_writes_first_gets_their_picture_and_open_browsers_learn_of_it()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var (ana, bytes) = (NewPerson(), TestFile.Jpeg(seed: 21));
        number.Gateway.Pictures.Set(ana.PhoneJid, bytes);

        await number.Fake.ReceiveAsync(ana, "Oi");
        var shown = await WaitForPictureAsync(number, ana);

        Assert.StartsWith(
            $"/api/contacts/{shown.Id}/picture?v=",
            shown.Picture,
            StringComparison.Ordinal
        );
        using var answer = await Http.GetAsync(shown.Picture, Ct);
        Assert.Equal(bytes, await answer.Content.ReadAsByteArrayAsync(Ct));
        Assert.Equal("image/jpeg", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal(
            "max-age=31536000, private, immutable",
            answer.Headers.CacheControl?.ToString()
        );
        await number.WaitAsync(
            live =>
                live.Type == "contact.updated"
                && (string?)live.Data["contact"]!["picture"] == shown.Picture,
            Ct
        );
        var listed = await inbox.Server.Client.ConversationsAsync(Ct, $"?q={ana.Phone}");
        Assert.Equal(shown, Assert.Single(listed.Items).Contact);
    }

    [Fact]
    public async Task An_address_of_another_version_is_not_kept_and_a_stranger_gets_nothing()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var ana = NewPerson();
        number.Gateway.Pictures.Set(ana.PhoneJid, TestFile.Jpeg(seed: 22));
        await number.Fake.ReceiveAsync(ana, "Oi");
        var shown = await WaitForPictureAsync(number, ana);
        var path = $"/api/contacts/{shown.Id}/picture";

        using var other = await Http.GetAsync(path + "?v=0000", Ct);
        Assert.Equal("no-cache, private", other.Headers.CacheControl?.ToString());
        using var stranger = new HttpClient { BaseAddress = inbox.Server.BaseUrl };
        using var refused = await stranger.GetAsync(shown.Picture, Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        using var none = await Http.GetAsync($"/api/contacts/{Guid.CreateVersion7()}/picture", Ct);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Fact]
    public async Task Events_that_tell_the_same_picture_ask_for_nothing_and_another_one_is_fetched()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var (ana, before, after) = (NewPerson(), TestFile.Jpeg(seed: 23), TestFile.Jpeg(seed: 24));
        number.Gateway.Pictures.Set(ana.PhoneJid, before);
        await number.Fake.ReceiveAsync(ana, "Oi");
        var old = await WaitForPictureAsync(number, ana);

        foreach (var _ in Enumerable.Range(0, 5))
        {
            // The same one, signed anew; and what a gateway says that wasn't answered.
            await TellAsync(number, ana.PhoneJid, number.Gateway.Pictures.UrlOf(ana.PhoneJid));
            await TellAsync(number, ana.PhoneJid, null);
        }
        number.Gateway.Pictures.Set(ana.PhoneJid, after);
        await TellAsync(number, ana.PhoneJid, number.Gateway.Pictures.UrlOf(ana.PhoneJid));
        var shown = await WaitForPictureAsync(number, ana, other: old.Picture);

        Assert.Equal(after, await Http.GetByteArrayAsync(shown.Picture, Ct));
        Assert.Equal(2, Asked(number, ana));
        Assert.Equal(2, number.Gateway.Pictures.Fetched.All.Count);
        await StoredFiles.WaitUntilGoneAsync(inbox.Server, before, Ct);
    }

    [Fact]
    public async Task An_old_picture_is_asked_for_again_when_somebody_writes_and_not_before()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var ana = NewPerson();
        number.Gateway.Pictures.Set(ana.PhoneJid, TestFile.Jpeg(seed: 25));
        await number.Fake.ReceiveAsync(ana, "Oi");
        var old = await WaitForPictureAsync(number, ana);
        await number.Fake.ReceiveAsync(ana, "Tudo bem?");
        Assert.Equal(1, Asked(number, ana));

        number.Gateway.Pictures.Remove(ana.PhoneJid);
        await AgeAsync(number, old.Id, days: 8);
        await number.Fake.ReceiveAsync(ana, "E agora?");
        await number.WaitForNoJobsAsync(ProfilePictureJob.Queue, Ct);
        // None is believed when it is said again.
        await AgeAsync(number, old.Id, days: 1);
        await number.Fake.ReceiveAsync(ana, "E hoje?");
        await number.WaitAsync(
            live =>
                live.Conversation?.Contact is { Picture: null } contact
                && contact.Id == old.Id
                && contact.Version > old.Version,
            Ct
        );

        Assert.Equal(3, Asked(number, ana));
        using var gone = await Http.GetAsync(old.Picture, Ct);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        await StoredFiles.WaitUntilGoneAsync(inbox.Server, TestFile.Jpeg(seed: 25), Ct);
    }

    [Fact]
    public async Task A_question_that_WhatsApp_did_not_answer_takes_no_picture_away_and_is_asked_again_a_day_later()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var (ana, before, after) = (NewPerson(), TestFile.Jpeg(seed: 33), TestFile.Jpeg(seed: 34));
        number.Gateway.Pictures.Set(ana.PhoneJid, before);
        await number.Fake.ReceiveAsync(ana, "Oi");
        var old = await WaitForPictureAsync(number, ana);
        await number.WaitForNoJobsAsync(ProfilePictureJob.Queue, Ct);

        number.Gateway.Pictures.Set(ana.PhoneJid, after);
        var told = number.Gateway.Pictures.UrlOf(ana.PhoneJid);
        number.Gateway.Pictures.Remove(ana.PhoneJid);
        await TellAsync(number, ana.PhoneJid, told);
        await number.WaitForNoJobsAsync(ProfilePictureJob.Queue, Ct);

        Assert.Equal(2, Asked(number, ana));
        Assert.Equal(before, await Http.GetByteArrayAsync(old.Picture, Ct));
        number.Gateway.Pictures.Set(ana.PhoneJid, after);
        await AgeAsync(number, old.Id, days: 1);
        await number.Fake.ReceiveAsync(ana, "Bom dia");
        var shown = await WaitForPictureAsync(number, ana, other: old.Picture);
        Assert.Equal(after, await Http.GetByteArrayAsync(shown.Picture, Ct));
    }

    [Fact]
    public async Task What_two_people_have_is_kept_until_nobody_has_it()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var (ana, bruno, bytes) = (NewPerson(), NewPerson(), TestFile.Png());
        number.Gateway.Pictures.Set(ana.PhoneJid, bytes);
        number.Gateway.Pictures.Set(bruno.PhoneJid, bytes);
        await number.Fake.ReceiveAsync(ana, "Oi");
        await number.Fake.ReceiveAsync(bruno, "Oi");
        var (first, second) = (
            await WaitForPictureAsync(number, ana),
            await WaitForPictureAsync(number, bruno)
        );

        number.Gateway.Pictures.Set(ana.PhoneJid, TestFile.Jpeg(seed: 26));
        await TellAsync(number, ana.PhoneJid, number.Gateway.Pictures.UrlOf(ana.PhoneJid));
        await WaitForPictureAsync(number, ana, other: first.Picture);

        using var kept = await Http.GetAsync(second.Picture, Ct);
        Assert.Equal(bytes, await kept.Content.ReadAsByteArrayAsync(Ct));
        Assert.Equal("image/png", kept.Content.Headers.ContentType?.ToString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_no_picture_or_too_large_is_tried_again_and_then_left(bool large)
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var ana = NewPerson();
        number.Gateway.Pictures.Set(
            ana.PhoneJid,
            large ? TestFile.Jpeg(size: 2_200_000) : TestFile.Html()
        );

        await number.Fake.ReceiveAsync(ana, "Oi");
        await WaitForJobAsync(number, state: "available", attempt: 1);
        // The next attempts wait for seconds.
        foreach (var attempt in (int[])[2, 3])
        {
            await number.ExecuteAsync(
                "update jobs set due_at = now() where queue = 'fetch_profile_pic' and limit_key = @key",
                new { key = number.Instance.Id.ToString() }
            );
            await WaitForJobAsync(number, attempt == 3 ? "dead" : "available", attempt);
        }
        await number.Fake.ReceiveAsync(ana, "Oi?");

        var contact = (await inbox.Server.Client.ConversationsAsync(Ct, $"?q={ana.Phone}"))
            .Items[0]
            .Contact!;
        Assert.Null(contact.Picture);
        Assert.Equal(3, Asked(number, ana));
    }

    [Fact]
    public async Task Nothing_is_asked_while_the_number_is_away()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        await number.WaitForStateAsync("open", Ct);
        var ana = NewPerson();
        number.Gateway.Pictures.Set(ana.PhoneJid, TestFile.Jpeg(seed: 27));
        await number.Fake.ChangeStateAsync("close", 428);

        await number.Fake.ReceiveAsync(ana, "Oi");
        await WaitForJobAsync(number, state: "available", attempt: 0);

        Assert.Equal(0, Asked(number, ana));
    }

    [Fact]
    public async Task A_session_that_is_lost_meanwhile_costs_no_attempt()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var ana = NewPerson();
        number.Gateway.Script.Always(
            request =>
                request.Path.StartsWith("/chat/fetchProfilePictureUrl/", StringComparison.Ordinal),
            Reply.Refused(Answer.ConnectionClosed)
        );

        await number.Fake.ReceiveAsync(ana, "Oi");
        await number.Gateway.Requests.WaitAsync(request => request.Number == ana.PhoneJid, Ct);

        await WaitForJobAsync(number, state: "available", attempt: 0);
    }

    [Fact]
    public async Task Who_writes_in_a_group_has_a_picture_there_and_so_has_the_group()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var (ana, bruno, group) = (NewPerson(), NewPerson(), NewGroup());
        number.Gateway.Pictures.Set(bruno.PhoneJid, TestFile.Jpeg(seed: 28));
        number.Gateway.Pictures.Set(group.Jid, TestFile.Jpeg(seed: 29));
        number.Fake.Groups[group.Jid] = group.Metadata(
            "Vizinhos",
            number.Now,
            (ana, "superadmin"),
            (bruno, null)
        );

        await number.Fake.PostAsync(
            new TextMessage(number.Fake.Number, bruno, "Bom dia")
            {
                Group = group,
                SentAt = number.Now,
            }.ToEnvelope()
        );
        var told = await number.WaitAsync(
            live =>
                live.Type == "contact.updated"
                && (string?)live.Data["contact"]!["phone"] == "+" + bruno.Phone
                && live.Data["contact"]!["picture"] is not null,
            Ct
        );
        var shown = await number.WaitAsync(
            live => live.Conversation?.Group is { Picture: not null } now && now.Jid == group.Jid,
            Ct
        );

        var id = shown.Conversation!.Group!.Id;
        Assert.Equal(
            TestFile.Jpeg(seed: 29),
            await Http.GetByteArrayAsync(shown.Conversation.Group.Picture, Ct)
        );
        var detail = await inbox.Server.Client.GetAsync<JsonObject>($"/api/groups/{id}", Ct);
        Assert.Equal(shown.Conversation.Group.Picture, (string?)detail["picture"]);
        Assert.Equal("+" + ana.Phone, (string?)detail["owner"]!["phone"]);
        var member = detail["participants"]!
            .AsArray()
            .Single(one => (string?)one!["contact"]!["phone"] == "+" + bruno.Phone)!;
        Assert.Equal(
            (string?)told.Data["contact"]!["picture"],
            (string?)member["contact"]!["picture"]
        );
        // Of the others nobody asked.
        Assert.Equal(0, Asked(number, ana));
    }

    [Fact]
    public async Task An_event_that_tells_a_groups_other_picture_has_the_group_asked_for()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var group = await GroupOfTwoHoursAgoAsync(number);
        number.Gateway.Pictures.Set(group.Jid, TestFile.Jpeg(seed: 30));

        await TellAsync(number, group.Jid, number.Gateway.Pictures.UrlOf(group.Jid));

        await WaitForPictureAsync(number, group);
    }

    [Fact]
    public async Task A_picture_that_is_told_while_the_group_is_asked_for_is_fetched_too()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var group = await GroupOfTwoHoursAgoAsync(number);
        var heard = new TaskCompletionSource();
        number.Gateway.Script.Next(AsksForGroup, Reply.Normal.AnsweredAfter(heard.Task));

        number.Gateway.Pictures.Set(group.Jid, TestFile.Jpeg(seed: 31));
        await TellAsync(number, group.Jid, number.Gateway.Pictures.UrlOf(group.Jid));
        await number.Gateway.Requests.WaitAsync(2, AsksForGroup, Ct);
        number.Gateway.Pictures.Set(group.Jid, TestFile.Jpeg(seed: 32));
        await TellAsync(number, group.Jid, number.Gateway.Pictures.UrlOf(group.Jid));
        heard.SetResult();

        var first = await WaitForPictureAsync(number, group);
        var second = await WaitForPictureAsync(number, group, other: first);
        Assert.Equal(TestFile.Jpeg(seed: 32), await Http.GetByteArrayAsync(second, Ct));
    }

    private static bool AsksForGroup(RecordedRequest request) =>
        request.Path.StartsWith("/group/findGroupInfos/", StringComparison.Ordinal);

    private static async Task<Group> GroupOfTwoHoursAgoAsync(TestNumber number)
    {
        var (ana, group) = (NewPerson(), NewGroup());
        number.Fake.Groups[group.Jid] = group.Metadata("Sem foto", number.Now, (ana, null));
        await number.Fake.PostAsync(
            new TextMessage(number.Fake.Number, ana, "Oi")
            {
                Group = group,
                SentAt = number.Now,
            }.ToEnvelope()
        );
        await number.WaitAsync(live => live.Conversation?.Group?.Name == "Sem foto", Ct);
        await number.WaitForNoJobsAsync(GroupInfoJob.Queue, Ct);
        await number.ExecuteAsync(
            "update groups set fetched_at = fetched_at - interval '2 hours' where jid = @Jid",
            new { group.Jid }
        );
        return group;
    }

    private static async Task<string> WaitForPictureAsync(
        TestNumber number,
        Group group,
        string? other = null
    ) =>
        (
            await number.WaitAsync(
                live =>
                    live.Conversation?.Group is { Picture: { } picture } now
                    && now.Jid == group.Jid
                    && picture != other,
                Ct
            )
        )
            .Conversation!
            .Group!
            .Picture!;

    private static Task AgeAsync(TestNumber number, Guid contact, int days) =>
        number.ExecuteAsync(
            "update contacts set picture_due_at = picture_due_at - make_interval(days => @days) where id = @contact",
            new { contact, days }
        );

    private static int Asked(TestNumber number, Person person) =>
        number.Gateway.Requests.All.Count(request =>
            request.Path.StartsWith("/chat/fetchProfilePictureUrl/", StringComparison.Ordinal)
            && request.Number == person.PhoneJid
        );

    private static Task<WebhookDelivery> TellAsync(TestNumber number, string jid, Uri? picture) =>
        number.Fake.PostAsync(number.Fake.Number.PictureUpdate(jid, picture, number.Now));

    private static async Task<Contact> WaitForPictureAsync(
        TestNumber number,
        Person person,
        string? other = null
    ) =>
        (
            await number.WaitAsync(
                live =>
                    live.Conversation?.Contact is { Picture: { } picture } contact
                    && contact.Phone == "+" + person.Phone
                    && picture != other,
                Ct
            )
        )
            .Conversation!
            .Contact!;

    private static Task<JobRow> WaitForJobAsync(TestNumber number, string state, int attempt) =>
        number.WaitForJobAsync(
            ProfilePictureJob.Queue,
            job =>
                job.Token is null
                && (attempt == 0 || job.Reason is not null)
                && job.State == state
                && job.Attempt == attempt,
            Ct
        );

    private static Person NewPerson() => Person.Number(Random.Shared.Next(1_000, 9_000_000));

    private static Group NewGroup() =>
        Group.Suppliers with
        {
            Jid = $"1203631{Random.Shared.NextInt64(10_000_000_000):D11}@g.us",
        };
}
