using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace FlowChat.Json;

/// <summary>A place in a list, opaque to clients: the last row's time and what breaks its ties.</summary>
internal readonly record struct Cursor(DateTimeOffset At, string Tie)
{
    /// <summary>Of a list whose ties are broken by a number.</summary>
    public static Cursor Of(DateTimeOffset at, long tie) =>
        new(at, tie.ToString(CultureInfo.InvariantCulture));

    public long Number => long.Parse(Tie, CultureInfo.InvariantCulture);

    public override string ToString() =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{At.UtcTicks}_{Tie}"));

    public static bool TryParse(string text, out Cursor cursor)
    {
        cursor = default;
        try
        {
            var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split('_', 2);
            if (
                parts.Length == 2
                && long.TryParse(parts[0], CultureInfo.InvariantCulture, out var ticks)
                && ticks >= 0
                && ticks <= DateTimeOffset.MaxValue.Ticks
            )
            {
                cursor = new(new(ticks, TimeSpan.Zero), parts[1]);
                return true;
            }
        }
        catch (FormatException) { }
        return false;
    }
}

/// <summary>One page of a list. seq was read before its rows: the live log from there on makes it current.</summary>
public sealed record PageOf<T>(IReadOnlyList<T> Items, string? NextCursor, long Seq);
