using FlowChat.Media;
using FlowChat.Media.Store;
using FlowChat.Pictures;
using FlowChat.Settings;
using FlowChat.Storage;
using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Testing.Servers;
using FlowChat.Tests.EndToEnd;

namespace FlowChat.Tests.Media;

/// <summary>A process that is killed between saving bytes and committing the row that names them leaves them behind.</summary>
public sealed class OrphanedMediaTests(SendingFlowChat inbox, SwiftBucket swift)
    : IClassFixture<SendingFlowChat>,
        IClassFixture<SwiftBucket>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Database Database => inbox.Server.Get<Database>();

    private TenantWriter Writer => inbox.Server.Get<TenantWriter>();

    [Theory]
    [InlineData("folder")]
    [InlineData("bucket")]
    public async Task They_go_after_a_day_and_what_a_row_names_stays(string kind)
    {
        var (store, s3) = Open(kind);
        using var _ = s3;
        await using var number = await inbox.ConnectAsync(Ct);
        var named = await SaveAsync(store, TestFile.Jpeg(seed: 81));
        var orphan = await SaveAsync(store, TestFile.Jpeg(seed: 82));
        await NameAsync(number, named);
        var clock = new ShiftedClock { Ago = TimeSpan.FromHours(-23) };
        var upkeep = new OrphanedMedia(Database, store, Library(store), clock);

        // A row may still come.
        Assert.Equal(0, await RemoveAsync(upkeep, named, orphan));
        clock.Ago = TimeSpan.FromHours(-25);
        Assert.Equal(1, await RemoveAsync(upkeep, named, orphan));

        Assert.False(await store.ExistsAsync(inbox.TenantId, orphan, Ct));
        Assert.True(await store.ExistsAsync(inbox.TenantId, named, Ct));
    }

    [Fact]
    public async Task The_whole_store_is_looked_at_within_a_day()
    {
        var store = Open("folder").Store;
        var hashes = new List<string>();
        foreach (var seed in Enumerable.Range(90, 20))
        {
            hashes.Add(await SaveAsync(store, TestFile.Jpeg(seed: seed)));
        }
        var clock = new ShiftedClock { Ago = TimeSpan.FromDays(-3) };
        var upkeep = new OrphanedMedia(Database, store, Library(store), clock);

        for (var run = 0; run < 24 * 6; run++)
        {
            await upkeep.RunOnceAsync(Ct);
            clock.Ago -= TimeSpan.FromMinutes(10);
        }

        foreach (var hash in hashes)
        {
            Assert.False(await store.ExistsAsync(inbox.TenantId, hash, Ct));
        }
    }

    [Fact]
    public async Task What_is_held_stays_held_for_as_long_as_a_store_may_take()
    {
        using var source = new MemoryStream(TestFile.Jpeg(seed: 83));
        using var file = await inbox
            .Server.Get<MediaSpool>()
            .WriteAsync(source, TimeSpan.FromSeconds(10), Ct);
        await using var hold = await Library(Open("folder").Store)
            .KeepAsync(inbox.TenantId, file, Ct);

        var told = await hold.Transaction.ReadAsync(
            "select current_setting('idle_in_transaction_session_timeout')",
            [],
            row => row.GetString(0),
            Ct
        );

        Assert.Equal(["10min"], told);
    }

    private (IMediaStore Store, IDisposable? S3) Open(string kind)
    {
        if (kind == "folder")
        {
            return (new FolderMediaStore(inbox.Server.Get<FlowChatSettings>()), null);
        }
        Assert.SkipUnless(SwiftServer.IsInstalled, SwiftServer.HowToInstall);
        var bucket = new S3MediaStore(swift.Settings);
        return (bucket, bucket);
    }

    private MediaLibrary Library(IMediaStore store) =>
        new(Database, store, inbox.Server.Get<MediaStoreAlarm>());

    private async Task<string> SaveAsync(IMediaStore store, byte[] bytes)
    {
        using var source = new MemoryStream(bytes);
        using var file = await inbox
            .Server.Get<MediaSpool>()
            .WriteAsync(source, TimeSpan.FromSeconds(10), Ct);
        await store.SaveAsync(inbox.TenantId, file, Ct);
        return file.Sha256;
    }

    /// <summary>As somebody's picture.</summary>
    private async Task NameAsync(TestNumber number, string sha256)
    {
        var person = Person.Number(Random.Shared.Next(1_000, 9_000_000));
        await number.Fake.ReceiveAsync(person, "Oi");
        // WhatsApp has none of them: told later, that would take this one away.
        await number.WaitForNoJobsAsync(ProfilePictureJob.Queue, Ct);
        var contact = (await inbox.Server.Client.ConversationsAsync(Ct, $"?q={person.Phone}"))
            .Items[0]
            .Contact!;
        await Writer.WriteAsync(
            inbox.TenantId,
            new ShowContactPicture(
                contact.Id,
                new(sha256, "image/jpeg"),
                "",
                number.Now.AddDays(9)
            ),
            Ct
        );
    }

    private static async Task<int> RemoveAsync(OrphanedMedia upkeep, string one, string other)
    {
        var removed = await upkeep.RemoveAsync(one[..2], Ct);
        return one[..2] == other[..2]
            ? removed
            : removed + await upkeep.RemoveAsync(other[..2], Ct);
    }
}
