using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace FlowChat.Queues.Redis.Resp;

/// <summary>A Lua script and the name under which the server keeps it.</summary>
internal sealed class RedisScript
{
    public RedisScript(string text)
    {
        Text = text;
#pragma warning disable CA5350 // The server's name for a script is its SHA-1; nothing is protected by it.
        Sha = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5350
    }

    public string Text { get; }

    public string Sha { get; }

    /// <summary>The file <c>Redis/Scripts/{name}.lua</c>.</summary>
    public static RedisScript Load(string name)
    {
        var assembly = Assembly.GetExecutingAssembly();
        using var stream =
            assembly.GetManifestResourceStream($"FlowChat.Queues.Redis.Scripts.{name}.lua")
            ?? throw new ArgumentException($"No script is named {name}.", nameof(name));
        using var reader = new StreamReader(stream);
        return new RedisScript(reader.ReadToEnd());
    }
}
