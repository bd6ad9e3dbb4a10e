using System.Globalization;

namespace FlowChat.Settings;

/// <summary>Reads settings by their environment name or their appsettings key and collects every error.</summary>
internal sealed class SettingReader(IConfiguration configuration)
{
    public List<string> Errors { get; } = [];

    /// <summary>FLOWCHAT_PORT is FlowChat:Port in appsettings.json; the other names stand under FlowChat as they are.</summary>
    public string? Text(string name)
    {
        var value = configuration[name];
        if (string.IsNullOrWhiteSpace(value))
        {
            value = configuration[$"FlowChat:{FileName(name)}"];
        }
        return string.IsNullOrWhiteSpace(value) ? null : value.Trim();
    }

    public int Number(string name, int fallback, int min, int max)
    {
        if (Text(name) is not { } text)
        {
            return fallback;
        }
        if (
            int.TryParse(text, CultureInfo.InvariantCulture, out var number)
            && number >= min
            && number <= max
        )
        {
            return number;
        }
        Errors.Add($"{name} is \"{text}\": give a whole number from {min} to {max}.");
        return fallback;
    }

    public Uri? Url(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
        {
            return url;
        }
        Errors.Add(
            $"{name} is \"{text}\": give an http or https address such as https://chat.example.com."
        );
        return null;
    }

    public T Check<T>(string name, T value, bool valid, string remedy)
    {
        if (!valid)
        {
            Errors.Add($"{name} {remedy}");
        }
        return value;
    }

    private static string FileName(string name) =>
        name.StartsWith("FLOWCHAT_", StringComparison.Ordinal)
            ? string.Concat(
                name[9..].Split('_').Select(word => word[..1] + word[1..].ToLowerInvariant())
            )
            : name;
}
