using System.Reflection;
using FlowChat.Messages;
using FlowChat.Testing;

namespace FlowChat.Tests.Messages;

public sealed class SendErrorTests
{
    public static TheoryData<string> Codes =>
        [
            .. typeof(SendError)
                .GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(constant => (string)constant.GetRawConstantValue()!),
        ];

    /// <summary>Agents read them in their language; the page's build checks that no language lacks one of the others'.</summary>
    [Theory]
    [MemberData(nameof(Codes))]
    public async Task The_page_has_a_sentence_for_each(string code)
    {
        var words = await File.ReadAllTextAsync(
            Path.Combine(Checkout.Root, "src", "web", "src", "lib", "i18n", "pt-BR", "failures.ts"),
            TestContext.Current.CancellationToken
        );

        Assert.Contains($"\"failure.{code}\":", words, StringComparison.Ordinal);
    }
}
