using FlowChat.Contacts;

namespace FlowChat.Tests.Contacts;

public sealed class BrazilianLineTests
{
    [Theory]
    [InlineData("5511987654321", "551187654321")]
    [InlineData("551187654321", "551187654321")]
    [InlineData("5585999998888", "558599998888")]
    // A landline, and a mobile that there never was with eight digits.
    [InlineData("551132654321", null)]
    [InlineData("5511912345678", null)]
    [InlineData("351912345678", null)]
    [InlineData("14155550123", null)]
    [InlineData("55", null)]
    public void A_mobile_is_one_line_with_and_without_its_ninth_digit(
        string digits,
        string? line
    ) => Assert.Equal(line, BrazilianLine.Of(digits));

    [Theory]
    [InlineData("5511987654321", "551187654321")]
    [InlineData("551187654321", "5511987654321")]
    [InlineData("11987654321", "1187654321")]
    [InlineData("1187654321", "11987654321")]
    [InlineData("987654321", "87654321")]
    [InlineData("87654321", "987654321")]
    [InlineData("32654321", null)]
    [InlineData("7654321", null)]
    [InlineData("12", null)]
    public void What_is_typed_is_looked_for_in_both_spellings(string digits, string? other) =>
        Assert.Equal(other is null ? [digits] : [digits, other], BrazilianLine.Spellings(digits));
}
