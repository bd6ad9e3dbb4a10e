using System.Globalization;
using System.Text.Json;
using FlowChat.Accounts;
using FlowChat.Media.Forms;
using FlowChat.Messages;
using FlowChat.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FlowChat.Media;

/// <summary>What is said of an upload beside its file.</summary>
internal sealed class UploadForm
{
    private const int Heights = 64,
        MostSeconds = 86_400;

    private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);

    public void Add(string name, string value) => _fields[name] = value;

    /// <summary>Null = all is well, and it is in <paramref name="view"/>.</summary>
    /// <param name="fileName">As the browser names the file.</param>
    /// <param name="type">What the file is.</param>
    /// <param name="view">What a message will show.</param>
    public ValidationProblem? Read(string? fileName, MediaType type, out AttachmentView view)
    {
        view = new()
        {
            Id = Guid.CreateVersion7(),
            Kind = MediaType.KindOf(type.MimeType),
            MimeType = type.MimeType,
            FileName = string.IsNullOrWhiteSpace(fileName) ? null : StorableText.Clean(fileName),
            State = AttachmentState.Ready,
        };
        foreach (var (name, value) in _fields)
        {
            var problem = name switch
            {
                "kind" => ReadKind(value, ref view),
                "duration_seconds" => ReadDuration(value, ref view),
                "waveform" => ReadWaveform(value, ref view),
                _ => Problems.Field(
                    name,
                    "There is no such field: the fields are file, kind, duration_seconds, waveform."
                ),
            };
            if (problem is not null)
            {
                return problem;
            }
        }
        return null;
    }

    private static ValidationProblem? ReadKind(string kind, ref AttachmentView view)
    {
        var type = MediaType.NameOf(view.MimeType);
        var fits = kind switch
        {
            MessageType.Voice => type.StartsWith("audio/", StringComparison.Ordinal),
            MessageType.Sticker => type == "image/webp",
            MessageType.Document => true,
            _ => kind == view.Kind,
        };
        if (!fits)
        {
            return Problems.Field(
                "kind",
                $"Give voice for a recording, sticker for a WebP image, or document; this file is {type}."
            );
        }
        view = view with { Kind = kind };
        return null;
    }

    private static ValidationProblem? ReadDuration(string text, ref AttachmentView view)
    {
        if (
            !double.TryParse(
                text,
                NumberStyles.Float,
                CultureInfo.InvariantCulture,
                out var seconds
            ) || seconds is not (>= 0 and <= MostSeconds)
        )
        {
            return Problems.Field("duration_seconds", $"Give seconds from 0 to {MostSeconds}.");
        }
        view = view with { DurationSeconds = seconds };
        return null;
    }

    private static ValidationProblem? ReadWaveform(string text, ref AttachmentView view)
    {
        var heights = TryParse(text);
        if (heights is not { Length: Heights } || heights.Any(height => height is < 0 or > 100))
        {
            return Problems.Field(
                "waveform",
                $"Give {Heights} whole numbers from 0 to 100, as a JSON array."
            );
        }
        view = view with { Waveform = heights };
        return null;
    }

    private static int[]? TryParse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<int[]>(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
