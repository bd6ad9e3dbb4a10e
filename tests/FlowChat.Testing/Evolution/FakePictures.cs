using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace FlowChat.Testing.Evolution;

/// <summary>The pictures that WhatsApp has of people and groups, at addresses of its own.</summary>
public sealed class FakePictures(FakeEvolution fake)
{
    private const string Folder = "/v/t61.24694-24/";

    private readonly ConcurrentDictionary<string, string> names = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte[]> files = new(StringComparer.Ordinal);
    private int told;

    /// <summary>The files that were fetched, by the path of their address.</summary>
    public SignalledLog<string> Fetched { get; } = new();

    public void Set(string jid, byte[] bytes)
    {
        var path = $"{Folder}{Convert.ToHexStringLower(SHA256.HashData(bytes))[..20]}_n.jpg";
        files[path] = bytes;
        names[jid] = path;
    }

    /// <summary>Taken away, or hidden from the number.</summary>
    public void Remove(string jid) => names.TryRemove(jid, out _);

    /// <summary>WhatsApp forgets the files, and still tells where they were.</summary>
    public void Forget() => files.Clear();

    /// <summary>Signed anew each time that it is asked for; null = none, or hidden.</summary>
    public Uri? UrlOf(string jid) =>
        names.TryGetValue(jid, out var path)
            ? new(fake.BaseUrl, $"{path}?oh=01_Q5Aa&oe={Interlocked.Increment(ref told):X8}")
            : null;

    internal void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet(
            Folder + "{name}",
            (string name) =>
            {
                Fetched.Add(Folder + name);
                return files.TryGetValue(Folder + name, out var bytes)
                    ? Results.Bytes(bytes, "image/jpeg")
                    : Results.StatusCode(StatusCodes.Status403Forbidden);
            }
        );
}
