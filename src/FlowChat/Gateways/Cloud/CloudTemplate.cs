using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using FlowChat.Inbound;
using FlowChat.Messages;
using FlowChat.Messages.Content;

namespace FlowChat.Gateways.Cloud;

/// <summary>A message that Meta has approved, with blanks to fill in.</summary>
internal sealed partial record CloudTemplate
{
    public required string Name { get; init; }
    public required string Language { get; init; }
    public required string Category { get; init; }
    public string? Header { get; private init; }
    public required string Body { get; init; }
    public string? Footer { get; private init; }
    public IReadOnlyList<string> Buttons { get; private init; } = [];
    public IReadOnlyList<TemplateBlank> Blanks { get; private init; } = [];

    /// <summary>The file or place that its header wants, or a part that FlowChat can't fill; null = neither.</summary>
    public string? Needs { get; private init; }

    public bool CanBeSent => Needs is null or MessageType.Location || WantsFile;

    public bool WantsFile =>
        Needs is MessageType.Image or MessageType.Video or MessageType.Document;

    /// <summary>Null = it isn't approved, or has no text.</summary>
    public static CloudTemplate? Read(JsonElement template)
    {
        var parts = template.List("components").ToList();
        JsonElement? Part(string type) =>
            parts.Find(part => part.Text("type") == type)
                is { ValueKind: JsonValueKind.Object } part
                ? part
                : null;
        if (
            template.Text("status") != "APPROVED"
            || template.Text("name") is not { } name
            || template.Text("language") is not { } language
            || Part("BODY") is not { } body
            || body.Text("text") is not { } text
        )
        {
            return null;
        }
        var header = Part("HEADER");
        var buttons = Part("BUTTONS")?.List("buttons").ToList() ?? [];
        return new()
        {
            Name = name,
            Language = language,
            Category = template.Text("category") ?? "",
            Header = header?.Text("text"),
            Body = text,
            Footer = Part("FOOTER")?.Text("text"),
            Buttons = [.. buttons.Select(button => button.Text("text") ?? "")],
            Blanks =
            [
                .. BlanksOf("header", header?.Text("text"), header),
                .. BlanksOf("body", text, body),
                .. buttons.SelectMany(BlanksOfButton),
            ],
            Needs = NeedsOf(parts, header?.Text("format")),
        };
    }

    /// <summary>What is sent and shown, once every blank says something.</summary>
    public (TemplateContent Content, string Text) Fill(
        IReadOnlyDictionary<string, string> values,
        LocationContent? place
    )
    {
        string? Filled(string part, string? text) =>
            text is null
                ? null
                : Placeholder()
                    .Replace(text, match => values[$"{part}.{match.Groups["name"].ValueSpan}"]);
        return (
            new(
                Name,
                Language,
                Filled("header", Header),
                Footer,
                Buttons,
                [.. Blanks.Select(blank => new TemplateValue(blank.Key, values[blank.Key]))]
            )
            {
                HeaderType = Needs,
                Place = place,
            },
            Filled("body", Body)!
        );
    }

    /// <summary>In Meta's words.</summary>
    /// <param name="template">Filled in.</param>
    /// <param name="mediaId">Of the header's file, once that is uploaded.</param>
    /// <param name="fileName">And its name.</param>
    public static object ToSend(TemplateContent template, string? mediaId, string? fileName)
    {
        var components = template
            .Values.Select(value => (Place: PlaceOf(value.Key), value.Text))
            .GroupBy(value =>
                value.Place.Part == "button" ? value.Place : value.Place with { Name = "" }
            )
            .Select(part =>
                part.Key.Part == "button"
                    ? Button(part.Key.Name, part.First().Text)
                    : new
                    {
                        Type = part.Key.Part,
                        Parameters = part.Select(value => Parameter(value.Place.Name, value.Text)),
                    }
            );
        return new
        {
            template.Name,
            Language = new { Code = template.Language },
            Components = HeaderOf(template, mediaId, fileName) is { } header
                ? components.Prepend(header)
                : components,
        };
    }

    private static object? HeaderOf(TemplateContent template, string? mediaId, string? fileName)
    {
        object? value = template.HeaderType switch
        {
            MessageType.Location => template.Place,
            MessageType.Document => new { Id = mediaId, Filename = fileName },
            MessageType.Image or MessageType.Video => new { Id = mediaId },
            _ => null,
        };
        return value is null
            ? null
            : new
            {
                Type = "header",
                Parameters = new[]
                {
                    new Dictionary<string, object>(StringComparer.Ordinal)
                    {
                        ["type"] = template.HeaderType!,
                        [template.HeaderType!] = value,
                    },
                },
            };
    }

    // Cards that turn, products and offers have parts of their own.
    private static string? NeedsOf(IReadOnlyList<JsonElement> parts, string? format) =>
        parts
            .Select(part => part.Text("type"))
            .FirstOrDefault(type => type is not ("HEADER" or "BODY" or "FOOTER" or "BUTTONS"))
            is { } other
            ? other.ToLowerInvariant()
        : parts.Any(part => part.List("buttons").Any(button => button.Text("type") == "MPM"))
            ? "products"
        : format is null or "TEXT" ? null
        : format.ToLowerInvariant();

    private static (string Part, string Name) PlaceOf(string key)
    {
        var dot = key.IndexOf('.', StringComparison.Ordinal);
        return (key[..dot], key[(dot + 1)..]);
    }

    // A blank has a number or a name; Meta wants the name said.
    private static object Parameter(string name, string text) =>
        new
        {
            Type = "text",
            ParameterName = char.IsAsciiDigit(name[0]) ? null : name,
            Text = text,
        };

    private static object Button(string index, string text) =>
        index.EndsWith(CodeMark, StringComparison.Ordinal)
            ? new
            {
                Type = "button",
                SubType = "copy_code",
                Index = index[..^CodeMark.Length],
                Parameters = (object[])[new { Type = "coupon_code", CouponCode = text }],
            }
            : new
            {
                Type = "button",
                SubType = "url",
                Index = index,
                Parameters = (object[])[new { Type = "text", Text = text }],
            };

    private const string CodeMark = "_code";

    private static IEnumerable<TemplateBlank> BlanksOfButton(JsonElement button, int index) =>
        button.Text("type") switch
        {
            "URL" when Placeholder().IsMatch(button.Text("url") ?? "") =>
            [
                new($"button.{index}", ExampleOf(button)),
            ],
            "COPY_CODE" => [new($"button.{index}{CodeMark}", ExampleOf(button))],
            _ => [],
        };

    private static string? ExampleOf(JsonElement button) =>
        button.Text("example")
        ?? (
            button.List("example").FirstOrDefault() is { ValueKind: JsonValueKind.String } first
                ? first.GetString()
                : null
        );

    private static IEnumerable<TemplateBlank> BlanksOf(
        string part,
        string? text,
        JsonElement? component
    )
    {
        var examples = component?.Child("example");
        return Placeholder()
            .Matches(text ?? "")
            .Select(match => match.Groups["name"].Value)
            .Distinct(StringComparer.Ordinal)
            .Select(name => new TemplateBlank(
                $"{part}.{name}",
                examples is { } given ? ExampleOf(given, part, name) : null
            ));
    }

    // Of numbers in a list, the body's in a list of lists; of names each with its own.
    private static string? ExampleOf(JsonElement examples, string part, string name)
    {
        if (!int.TryParse(name, CultureInfo.InvariantCulture, out var number))
        {
            return
                examples
                    .List($"{part}_text_named_params")
                    .FirstOrDefault(example => example.Text("param_name") == name)
                    is { ValueKind: JsonValueKind.Object } named
                ? named.Text("example")
                : null;
        }
        var list = examples.List($"{part}_text").ToList();
        var row = list is [{ ValueKind: JsonValueKind.Array } inner, ..]
            ? [.. inner.EnumerateArray()]
            : list;
        return row.ElementAtOrDefault(number - 1) is { ValueKind: JsonValueKind.String } text
            ? text.GetString()
            : null;
    }

    [GeneratedRegex(
        @"\{\{ ?(?<name>[A-Za-z0-9_]{1,64}) ?\}\}",
        RegexOptions.ExplicitCapture,
        1_000
    )]
    private static partial Regex Placeholder();
}

/// <summary>A blank of a template.</summary>
/// <param name="Key">Its part and its number or name: body.1, header.nome, button.0.</param>
/// <param name="Example">What Meta was shown.</param>
public sealed record TemplateBlank(string Key, string? Example);
