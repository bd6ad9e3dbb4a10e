namespace FlowChat.Tests.Inbound;

internal static class Permutation
{
    /// <summary>All orders of the items; fine for up to six.</summary>
    public static IEnumerable<IReadOnlyList<T>> Permutations<T>(this IReadOnlyList<T> items) =>
        items.Count <= 1
            ? [items]
            : items.SelectMany(
                (item, at) =>
                    Permutations<T>([.. items.Take(at), .. items.Skip(at + 1)])
                        .Select(rest => (IReadOnlyList<T>)[item, .. rest])
            );
}
