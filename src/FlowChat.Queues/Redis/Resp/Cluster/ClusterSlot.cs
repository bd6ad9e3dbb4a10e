using System.Buffers.Text;
using System.Text;

namespace FlowChat.Queues.Redis.Resp.Cluster;

/// <summary>The slot of a key: CRC16 (XMODEM) of its hash tag, or of all of it.</summary>
internal static class ClusterSlot
{
    public const int Count = 16384;

    private static readonly ushort[] Table = [.. Enumerable.Range(0, 256).Select(Entry)];

    public static int Of(string key) => Of(Encoding.UTF8.GetBytes(key));

    public static int Of(ReadOnlySpan<byte> key)
    {
        var tag = Tag(key);
        ushort crc = 0;
        foreach (var part in tag)
            crc = (ushort)((crc << 8) ^ Table[(byte)((crc >> 8) ^ part)]);
        return crc % Count;
    }

    /// <summary>Whether a part of the key alone decides.</summary>
    public static bool HasTag(string key)
    {
        var bytes = Encoding.UTF8.GetBytes(key);
        return Tag(bytes).Length < bytes.Length;
    }

    /// <summary>The slot of the command's first key; null when it has none.</summary>
    public static int? Of(RedisCommand command)
    {
        var position = FirstKey(command);
        return position > 0 && command.Has(position) ? Of(command.Part(position)) : null;
    }

    private static int FirstKey(RedisCommand command) =>
        command.Name.ToUpperInvariant() switch
        {
            "EVALSHA" or "EVAL" or "FCALL" => HasKeys(command) ? 3 : 0,
            "XREAD" or "XREADGROUP" => AfterStreams(command),
            "XINFO" or "XGROUP" or "OBJECT" or "MEMORY" => 2,
            "PING" or "TIME" or "INFO" or "ROLE" or "DBSIZE" or "SCRIPT" or "CONFIG" or "CLIENT" =>
                0,
            "CLUSTER" or "FLUSHALL" or "FLUSHDB" or "SCAN" or "PUBLISH" or "KEYS" or "WAIT" => 0,
            _ => 1,
        };

    private static bool HasKeys(RedisCommand command) =>
        Utf8Parser.TryParse(command.Part(2), out int keys, out _) && keys > 0;

    private static int AfterStreams(RedisCommand command)
    {
        var position = 1;
        while (command.Has(position) && !Ascii.EqualsIgnoreCase(command.Part(position), "STREAMS"))
            position++;
        return position + 1;
    }

    private static ReadOnlySpan<byte> Tag(ReadOnlySpan<byte> key)
    {
        var open = key.IndexOf((byte)'{');
        if (open < 0)
            return key;
        var length = key[(open + 1)..].IndexOf((byte)'}');
        return length > 0 ? key.Slice(open + 1, length) : key;
    }

    private static ushort Entry(int index)
    {
        var crc = index << 8;
        for (var bit = 0; bit < 8; bit++)
            crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1;
        return (ushort)crc;
    }
}
