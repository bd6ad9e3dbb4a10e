using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using FlowChat.Accounts;
using FlowChat.Conversations;
using FlowChat.Instances;
using FlowChat.Media;
using FlowChat.Messages;
using FlowChat.Testing;

namespace FlowChat.Tests.Accounts;

/// <summary>Whatever the server refuses, agents read in their language; the page's build checks that no language lacks one of the others' sentences.</summary>
public sealed partial class ProblemCodeTests
{
    /// <summary>What an agent types into them is wrong in a way of its own.</summary>
    private static readonly Type[] Forms =
    [
        typeof(CreateInstanceRequest),
        typeof(StartConversationRequest),
    ];

    /// <summary>What the page comes upon without the server, and a word beside its sentences.</summary>
    private static readonly string[] Own =
    [
        "failure.file_lost",
        "failure.written_long_ago",
        "failure.network",
        "failure.server_error",
        "failure.other",
        "failure.details",
    ];

    /// <summary>The page's names of the server's words.</summary>
    public static TheoryData<string> Words =>
        [
            .. ConstantsOf(typeof(SendError), typeof(ProblemCode))
                .Select(word => $"failure.{word}"),
            .. Forms.SelectMany(FieldsOf),
            .. ConstantsOf(typeof(MediaLoss)).Select(word => $"media.why.{word}"),
            .. ConstantsOf(typeof(InstanceAlarm)).Select(word => $"instances.cause.{word}"),
        ];

    [Theory]
    [MemberData(nameof(Words))]
    public async Task The_page_has_a_sentence_for_each(string word) =>
        Assert.Contains(word, await SentencesAsync());

    [Fact]
    public async Task The_page_has_a_sentence_for_nothing_else() =>
        // Most of a message's fields are the page's to get right.
        Assert.Empty(
            (await SentencesAsync())
                .Except(Words.Select(row => row.Data))
                .Except(FieldsOf(typeof(SendMessageRequest)))
                .Except(Own)
        );

    private static async Task<IReadOnlySet<string>> SentencesAsync()
    {
        var folder = Path.Combine(Checkout.Root, "src", "web", "src", "lib", "i18n", "pt-BR");
        var found = new HashSet<string>();
        foreach (var area in (string[])["failures", "media", "instances"])
        {
            var words = await File.ReadAllTextAsync(
                Path.Combine(folder, $"{area}.ts"),
                TestContext.Current.CancellationToken
            );
            found.UnionWith(Sentence().Matches(words).Select(match => match.Value));
        }
        return found;
    }

    private static IEnumerable<string> FieldsOf(Type form) =>
        form.GetProperties()
            .Select(field => JsonNamingPolicy.SnakeCaseLower.ConvertName(field.Name))
            .Select(field => $"failure.{ProblemCode.OfField(field)}");

    private static IEnumerable<string> ConstantsOf(params IEnumerable<Type> types) =>
        types
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Where(constant => constant.IsLiteral)
            .Select(constant => (string)constant.GetRawConstantValue()!);

    [GeneratedRegex(
        @"(?<="")(failure|media\.why|instances\.cause)\.\w+(?="":)",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Sentence();
}
