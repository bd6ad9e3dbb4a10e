using System.Reflection;
using System.Text.Json;
using FlowChat.Accounts;
using FlowChat.Conversations;
using FlowChat.Instances;
using FlowChat.Media;
using FlowChat.Messages;
using FlowChat.Testing;

namespace FlowChat.Tests.Accounts;

/// <summary>Whatever the server refuses, agents read in their language; the page's build checks that no language lacks one of the others' sentences.</summary>
public sealed class ProblemCodeTests
{
    private static readonly Type[] Forms =
    [
        typeof(CreateInstanceRequest),
        typeof(StartConversationRequest),
    ];

    /// <summary>The page's words and their names in it.</summary>
    public static TheoryData<string, string> Sentences
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var code in ConstantsOf(typeof(SendError), typeof(ProblemCode)))
                all.Add("failures", $"failure.{code}");
            foreach (var typed in Forms.SelectMany(form => form.GetProperties()))
                all.Add(
                    "failures",
                    $"failure.{ProblemCode.OfField(JsonNamingPolicy.SnakeCaseLower.ConvertName(typed.Name))}"
                );
            foreach (var code in ConstantsOf(typeof(MediaLoss)))
                all.Add("media", $"media.why.{code}");
            foreach (var code in ConstantsOf(typeof(InstanceAlarm)))
                all.Add("instances", $"instances.cause.{code}");
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Sentences))]
    public async Task The_page_has_a_sentence_for_each(string area, string name)
    {
        var words = await File.ReadAllTextAsync(
            Path.Combine(Checkout.Root, "src", "web", "src", "lib", "i18n", "pt-BR", $"{area}.ts"),
            TestContext.Current.CancellationToken
        );

        Assert.Contains($"\"{name}\":", words, StringComparison.Ordinal);
    }

    private static IEnumerable<string> ConstantsOf(params IEnumerable<Type> types) =>
        types
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Where(constant => constant.IsLiteral)
            .Select(constant => (string)constant.GetRawConstantValue()!);
}
