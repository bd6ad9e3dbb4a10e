using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlowChat.Storage.Embedded;

/// <summary>
/// Where a data folder's server lives. The random names are remembered in the data folder: one that was deleted and
/// made again never meets the server of its predecessor.
/// </summary>
internal sealed record ServerPlace(string Home, string SocketFolder)
{
    private const string FileName = "postgres.json";

    [JsonIgnore]
    public string Cluster => Path.Combine(Home, "postgres");

    [JsonIgnore]
    public string LogFile => Path.Combine(Cluster, "server.log");

    public static async Task<ServerPlace> FindAsync(
        EmbeddedPostgresOptions options,
        ServerAccount account,
        CancellationToken ct
    )
    {
        var data = Path.GetFullPath(options.DataFolder);
        var remembered = Read(data);
        var place = new ServerPlace(
            Path.GetFullPath(
                remembered?.Home ?? await ChooseHomeAsync(data, options, account, ct),
                data
            ),
            await Embedded.SocketFolder.PrepareAsync(remembered?.SocketFolder, account, ct)
        );
        await place.RememberAsync(data, ct);
        OpenFolder.Create(place.Home);
        if (!await account.CanReachAsync(place.Home, ct))
            throw new EmbeddedPostgresException(
                $"The database is in {place.Home}, where the user {account.UserName} may not go. "
                    + "Let others enter its folders (chmod o+x), or move the data folder."
            );
        return place;
    }

    private static ServerPlace? Read(string data)
    {
        var file = Path.Combine(data, FileName);
        return File.Exists(file)
            ? JsonSerializer.Deserialize<ServerPlace>(File.ReadAllText(file))
            : null;
    }

    private static async Task<string> ChooseHomeAsync(
        string data,
        EmbeddedPostgresOptions options,
        ServerAccount account,
        CancellationToken ct
    ) =>
        Directory.Exists(Path.Combine(data, "postgres")) || await account.CanReachAsync(data, ct)
            ? data
            : Path.Combine(options.SystemFolder, RandomName.Next());

    private async Task RememberAsync(string data, CancellationToken ct)
    {
        // Relative where it can be, so that the data folder may be moved.
        var home = Home == data ? "." : Home;
        var half = Path.Combine(data, $"{FileName}.new");
        await File.WriteAllTextAsync(half, JsonSerializer.Serialize(this with { Home = home }), ct);
        File.Move(half, Path.Combine(data, FileName), overwrite: true);
    }
}
