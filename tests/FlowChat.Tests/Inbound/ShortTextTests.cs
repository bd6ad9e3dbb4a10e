using FlowChat.Inbound;

namespace FlowChat.Tests.Inbound;

public sealed class ShortTextTests
{
    [Theory]
    [InlineData("a", 256, 256)]
    [InlineData("a", 257, 256)]
    [InlineData("🙂", 200, 256)]
    [InlineData("e\u0301\u0323", 100, 255)]
    public void A_cut_is_between_signs(string sign, int times, int expected)
    {
        var text = string.Concat(Enumerable.Repeat(sign, times));

        var cut = ShortText.Cut(text)!;

        Assert.Equal(expected, cut.Length);
        Assert.StartsWith(cut, text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sign_that_alone_is_too_long_is_no_name() =>
        Assert.Null(ShortText.Cut("e" + new string('\u0301', 300)));
}
