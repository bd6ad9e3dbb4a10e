using System.Text;
using System.Text.Json;
using FlowChat.Storage;

namespace FlowChat.Tests.Storage;

public sealed class StorableTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData("😀 is a pair", "😀 is a pair")]
    [InlineData("a\0b\0", "ab")]
    public void Text_loses_NUL_and_keeps_pairs(string text, string clean) =>
        Assert.Equal(clean, StorableText.Clean(text));

    // No theory: an attribute can't hold half a pair.
    [Fact]
    public void Text_loses_half_pairs()
    {
        Assert.Equal("half \ufffd", StorableText.Clean("half \ud83d"));
        Assert.Equal("\ufffd half", StorableText.Clean("\ude00 half"));
        Assert.Equal("\ufffd\ufffd", StorableText.Clean("\ude00\ud83d"));
        Assert.Equal("\ufffd😀", StorableText.Clean("\ud83d😀"));
    }

    [Fact]
    public void Clean_text_is_not_copied()
    {
        var text = new string('x', 10);

        Assert.Same(text, StorableText.Clean(text));
    }

    [Theory]
    [InlineData("""{"a":"b"}""", """{"a":"b"}""")]
    [InlineData("""\u0000""", """\ufffd""")]
    [InlineData("""\u0001""", """\u0001""")]
    [InlineData("""\ud83d\ude00""", """\ud83d\ude00""")]
    [InlineData("""\uD83D\uDE00""", """\uD83D\uDE00""")]
    [InlineData("""\ud83d""", """\ufffd""")]
    [InlineData("""\ude00""", """\ufffd""")]
    [InlineData("""\ud83d x""", """\ufffd x""")]
    [InlineData("""\ude00\ud83d""", """\ufffd\ufffd""")]
    [InlineData("""\ud83d\ud83d\ude00""", """\ufffd\ud83d\ude00""")]
    [InlineData("""\ud83d\u0000""", """\ufffd\ufffd""")]
    [InlineData("""\ud83d\n""", """\ufffd\n""")]
    [InlineData("""\\u0000""", """\\u0000""")]
    [InlineData("""\\\u0000""", """\\\ufffd""")]
    [InlineData("""\\\\u0000""", """\\\\u0000""")]
    [InlineData("""\ud83d\\ude00""", """\ufffd\\ude00""")]
    [InlineData("""\"\u0000""", """\"\ufffd""")]
    [InlineData("""\u000""", """\u000""")]
    [InlineData("""\u00""", """\u00""")]
    [InlineData("""\u""", """\u""")]
    [InlineData("""\""", """\""")]
    [InlineData("""\ud83d\ude0""", """\ufffd\ude0""")]
    [InlineData("""\ud83d\""", """\ufffd\""")]
    [InlineData("""\u00g0""", """\u00g0""")]
    public void Escapes_that_no_text_may_hold_are_replaced_in_place(string json, string repaired) =>
        Assert.Equal(repaired, Repair(json));

    [Fact]
    public void Whatever_is_JSON_stays_JSON_and_reads_as_storable_text()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        string[] pieces =
        [
            "\\u0000",
            "\\ud83d",
            "\\ude00",
            "\\\\",
            "\\\"",
            "\\n",
            "u0000",
            "ação",
            "😀",
            " ",
        ];
        for (var run = 0; run < 5_000; run++)
        {
            var json = '"' + string.Concat(random.GetItems(pieces, random.Next(12))) + '"';

            var text = JsonSerializer.Deserialize<string>(Repair(json))!;

            Assert.True(
                !text.Contains('\0', StringComparison.Ordinal) && text == StorableText.Clean(text),
                $"seed {seed}: {json}"
            );
        }
    }

    private static string Repair(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        StorableText.RepairJson(bytes);
        return Encoding.UTF8.GetString(bytes);
    }
}
