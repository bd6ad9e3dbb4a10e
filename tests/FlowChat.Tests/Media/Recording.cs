namespace FlowChat.Tests.Media;

/// <summary>Voices as recorders write them: chromium.webm by MediaRecorder, ffmpeg.webm by libopus and ffmpeg.</summary>
internal static class Recording
{
    public static byte[] Read(string name)
    {
        using var file =
            typeof(Recording).Assembly.GetManifestResourceStream(
                $"{typeof(Recording).Namespace}.Recordings.{name}"
            ) ?? throw new ArgumentException($"There is no {name}.", nameof(name));
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
