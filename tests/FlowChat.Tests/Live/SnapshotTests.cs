using System.Reflection;
using System.Text.Json;
using FlowChat.Live;

namespace FlowChat.Tests.Live;

/// <summary>Snapshot + events = fresh snapshot, after every one of many operations in random order.</summary>
public sealed class SnapshotTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private const int Operations = 120;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_type_of_event_is_known_to_the_copy() =>
        Assert.Equal(
            typeof(LiveEventType)
                .GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(field => ((LiveEventType)field.GetValue(null)!).Name)
                .Order(),
            InboxCopy.KnownTypes.Order()
        );

    [Fact]
    public async Task Lists_and_the_events_after_them_make_the_lists_of_now()
    {
        var seed = Environment.GetEnvironmentVariable("FLOWCHAT_TEST_SEED") is { } given
            ? int.Parse(given, System.Globalization.CultureInfo.InvariantCulture)
            : Random.Shared.Next();
        TestContext.Current.SendDiagnosticMessage("Seed {0}", seed);
        await using var life = await InboxLife.StartAsync(flowChat, new Random(seed), Ct);
        var copy = await InboxCopy.LoadAsync(life.Http, Ct);
        var types = new HashSet<string>(StringComparer.Ordinal);

        for (var step = 1; step <= Operations; step++)
        {
            var done = await life.DoSomethingAsync(Ct);
            InboxCopy fresh;
            do
            {
                fresh = await LoadQuietAsync(life.Http);
                await CatchUpAsync(copy, fresh.Seq, life.Http, types);
            } while (await copy.ReloadAsync(life.Http, Ct));
            Assert.True(
                copy.ToString() == fresh.ToString(),
                $"Seed {seed}, step {step}, {done}:\n{Difference(copy, fresh)}"
            );
        }

        Assert.Equal(InboxCopy.KnownTypes.Order(), types.Order());
    }

    /// <summary>Workers change things on their own: the lists are read until nothing moved meanwhile.</summary>
    private static async Task<InboxCopy> LoadQuietAsync(HttpClient http)
    {
        while (true)
        {
            var fresh = await InboxCopy.LoadAsync(http, Ct);
            var page = JsonElement.Parse(
                await http.GetStringAsync($"/api/events?after={fresh.Seq}&limit=1", Ct)
            );
            if (fresh.IsOneMoment && page.GetProperty("last_seq").GetInt64() == fresh.Seq)
            {
                return fresh;
            }
        }
    }

    private static async Task CatchUpAsync(
        InboxCopy copy,
        long target,
        HttpClient http,
        HashSet<string> types
    )
    {
        while (copy.Seq < target)
        {
            // No further than the lists are: workers may have gone on meanwhile.
            var limit = Math.Min(target - copy.Seq, 50);
            var page = JsonElement.Parse(
                await http.GetStringAsync($"/api/events?after={copy.Seq}&limit={limit}", Ct)
            );
            foreach (var live in page.GetProperty("items").EnumerateArray())
            {
                var type = live.GetProperty("type").GetString()!;
                types.Add(type);
                copy.Apply(live.GetProperty("seq").GetInt64(), type, live.GetProperty("data"));
            }
        }
    }

    private static string Difference(InboxCopy copy, InboxCopy fresh)
    {
        var (held, now) = (copy.ToString().Split('\n'), fresh.ToString().Split('\n'));
        return "held: "
            + string.Join("\n      ", held.Except(now))
            + "\nnow:  "
            + string.Join("\n      ", now.Except(held));
    }
}
