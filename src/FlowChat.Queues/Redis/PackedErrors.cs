using System.Buffers.Binary;
using System.Text;

namespace FlowChat.Queues.Redis;

/// <summary>The last errors of a job: of each the time (8 bytes), the attempt (2), its length (2) and its words.</summary>
internal static class PackedErrors
{
    private const int MaxKept = 10,
        MaxLength = 4000,
        Head = 12;

    public static byte[] Append(ReadOnlyMemory<byte> errors, long at, int attempt, string error)
    {
        var kept = errors.Span;
        if (Count(kept) >= MaxKept)
            kept = kept[LengthOfFirst(kept)..];
        var words = Encoding.UTF8.GetBytes(error.Length > MaxLength ? error[..MaxLength] : error);
        var packed = new byte[kept.Length + Head + words.Length];
        kept.CopyTo(packed);
        var rest = packed.AsSpan(kept.Length);
        BinaryPrimitives.WriteInt64BigEndian(rest, at);
        BinaryPrimitives.WriteUInt16BigEndian(rest[8..], (ushort)attempt);
        BinaryPrimitives.WriteUInt16BigEndian(rest[10..], (ushort)words.Length);
        words.CopyTo(rest[Head..]);
        return packed;
    }

    public static bool AreWhole(ReadOnlySpan<byte> errors)
    {
        while (errors.Length >= Head && errors.Length >= LengthOfFirst(errors))
            errors = errors[LengthOfFirst(errors)..];
        return errors.IsEmpty;
    }

    public static IReadOnlyList<JobError> Read(ReadOnlyMemory<byte> errors)
    {
        var found = new List<JobError>();
        for (var rest = errors.Span; !rest.IsEmpty; rest = rest[LengthOfFirst(rest)..])
            found.Add(
                new JobError(
                    RedisTime.ToDate(BinaryPrimitives.ReadInt64BigEndian(rest)),
                    BinaryPrimitives.ReadUInt16BigEndian(rest[8..]),
                    Encoding.UTF8.GetString(rest[Head..LengthOfFirst(rest)])
                )
            );
        return found;
    }

    private static int Count(ReadOnlySpan<byte> errors)
    {
        var count = 0;
        for (; !errors.IsEmpty; errors = errors[LengthOfFirst(errors)..])
            count++;
        return count;
    }

    private static int LengthOfFirst(ReadOnlySpan<byte> errors) =>
        Head + BinaryPrimitives.ReadUInt16BigEndian(errors[10..]);
}
