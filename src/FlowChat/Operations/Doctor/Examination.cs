using FlowChat.Media;
using FlowChat.Media.Store;
using FlowChat.Queues;
using FlowChat.Settings;
using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Operations.Doctor;

/// <summary>Tries everything that FlowChat stands on, one after the other; what fails ends what depends on it alone.</summary>
internal sealed class Examination(
    string connectionString,
    FlowChatSettings settings,
    TimeProvider clock
)
{
    private const string Roles = "select current_user::text";

    private const string LastMigration =
        "select name from schema_migrations order by name desc limit 1";

    private static readonly TimeSpan StorePatience = TimeSpan.FromSeconds(10);

    private readonly List<Finding> _findings = [];

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        await using var database = new Database(connectionString);
        await CheckAsync("database", () => ConnectAsync(cancellationToken));
        foreach (
            var (source, role) in new[]
            {
                (database.Migrator, DatabaseRoles.Migrator),
                (database.App, DatabaseRoles.App),
                (database.System, DatabaseRoles.System),
            }
        )
        {
            await CheckAsync($"role {role}", () => EnterAsync(source, role, cancellationToken));
        }
        await CheckAsync("row-level security", () => WallsAsync(database, cancellationToken));
        await CheckAsync("schema", () => SchemaAsync(database, cancellationToken));
        await CheckAsync("media store", () => StoreAsync(cancellationToken));
        await using var queue = new DoctorQueue(database, settings, clock, media: false);
        foreach (var broker in queue.Brokers)
        {
            await CheckAsync(broker.Broker, () => AskAsync(broker, cancellationToken));
        }
        await TravelAsync(queue, cancellationToken);
        if (settings.Brokers.RabbitMq is not null)
        {
            await using var media = new DoctorQueue(database, settings, clock, media: true);
            await TravelAsync(media, cancellationToken);
        }
        return _findings;
    }

    private Task TravelAsync(DoctorQueue queue, CancellationToken cancellationToken) =>
        CheckAsync(
            $"job's round trip by {queue.Carrier}",
            () => queue.RoundTripAsync(cancellationToken)
        );

    private async Task CheckAsync(string name, Func<Task<string>> check)
    {
        var since = clock.GetTimestamp();
        string detail;
        var ok = true;
        try
        {
            detail = await check();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            (ok, detail) = (false, error.Message);
        }
        var took = clock.GetElapsedTime(since).TotalMilliseconds;
        _findings.Add(new(name, ok, Math.Round(took, 3), detail));
    }

    private async Task<string> ConnectAsync(CancellationToken cancellationToken)
    {
        var login = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            Timeout = 5,
        };
        await using var connection = new NpgsqlConnection(login.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return $"PostgreSQL {connection.PostgreSqlVersion}, {login.Database} at {login.Host}";
    }

    private static async Task<string> EnterAsync(
        NpgsqlDataSource source,
        string role,
        CancellationToken cancellationToken
    )
    {
        await using var command = source.CreateCommand(Roles);
        var actual = (string?)await command.ExecuteScalarAsync(cancellationToken);
        return actual == role ? "" : throw new InvalidOperationException($"The role is {actual}.");
    }

    private static async Task<string> WallsAsync(
        Database database,
        CancellationToken cancellationToken
    )
    {
        await DatabaseRoles.RefuseBypassAsync(database, cancellationToken);
        return "";
    }

    private static async Task<string> SchemaAsync(
        Database database,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.Migrator.CreateCommand(LastMigration);
        var last = (string?)await command.ExecuteScalarAsync(cancellationToken);
        var known = Migration.All[^1].Name;
        return string.CompareOrdinal(last, known) >= 0
            ? last!
            : throw new InvalidOperationException(
                $"The schema is at {last ?? "nothing"}, this program needs {known}: start it once."
            );
    }

    /// <summary>Saves some bytes, reads them and deletes them.</summary>
    private async Task<string> StoreAsync(CancellationToken cancellationToken)
    {
        var store = MediaSetup.StoreOf(settings);
        using var disposable = store as IDisposable;
        using var bytes = new MemoryStream(Guid.CreateVersion7().ToByteArray());
        using var file = await new MediaSpool(settings, clock).WriteAsync(
            bytes,
            StorePatience,
            cancellationToken
        );
        await store.SaveAsync(Guid.Empty, file, cancellationToken);
        await using (var read = await store.OpenAsync(Guid.Empty, file.Sha256, cancellationToken))
        {
            await read.CopyToAsync(Stream.Null, cancellationToken);
        }
        await store.DeleteAsync(Guid.Empty, file.Sha256, cancellationToken);
        return store.Place;
    }

    private static async Task<string> AskAsync(
        IBrokerCheck broker,
        CancellationToken cancellationToken
    )
    {
        var faults = await broker.FindFaultsAsync(cancellationToken);
        return faults.Count == 0
            ? ""
            : throw new InvalidOperationException(string.Join(' ', faults));
    }
}

/// <param name="Name">What was checked.</param>
/// <param name="Ok">Whether it is as it should be.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Detail">What was found, or what is wrong.</param>
internal sealed record Finding(string Name, bool Ok, double Milliseconds, string Detail);
