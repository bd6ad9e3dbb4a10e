namespace FlowChat.Testing.Samples;

/// <summary>Small files of the kinds that people send; a browser can show and play them.</summary>
public static class Sample
{
    public const string Photo = "photo.jpg";
    public const string Video = "video.mp4";
    public const string Voice = "voice.ogg";
    public const string Audio = "audio.mp3";
    public const string Sticker = "sticker.webp";
    public const string MovingSticker = "animated.webp";
    public const string Document = "proposal.pdf";

    public static string PathOf(string name) =>
        Path.Combine(AppContext.BaseDirectory, "Samples", name);

    public static byte[] Read(string name) => File.ReadAllBytes(PathOf(name));
}
