using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace FlowChat.Operations.Metrics;

/// <summary>Sets of tags are the same in any order; a set that is known is found without a copy of it.</summary>
internal sealed class TagSets
    : IEqualityComparer<Tag[]>,
        IAlternateEqualityComparer<ReadOnlySpan<Tag>, Tag[]>
{
    public static TagSets Same { get; } = new();

    public bool Equals(Tag[]? x, Tag[]? y) =>
        x is null || y is null ? x == y : Equals((ReadOnlySpan<Tag>)x, y);

    public int GetHashCode(Tag[] tags) => GetHashCode((ReadOnlySpan<Tag>)tags);

    public Tag[] Create(ReadOnlySpan<Tag> alternate) => alternate.ToArray();

    public bool Equals(ReadOnlySpan<Tag> alternate, Tag[] other)
    {
        if (alternate.Length != other.Length)
        {
            return false;
        }
        foreach (var tag in alternate)
        {
            if (!Has(other, tag))
            {
                return false;
            }
        }
        return true;
    }

    public int GetHashCode(ReadOnlySpan<Tag> alternate)
    {
        var hash = 0;
        foreach (var (name, value) in alternate)
        {
            hash ^= HashCode.Combine(name, value);
        }
        return hash;
    }

    private static bool Has(Tag[] tags, Tag wanted)
    {
        foreach (var (name, value) in tags)
        {
            if (name == wanted.Key && Equals(value, wanted.Value))
            {
                return true;
            }
        }
        return false;
    }
}
