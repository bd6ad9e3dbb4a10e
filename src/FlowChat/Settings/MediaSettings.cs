namespace FlowChat.Settings;

/// <summary>Where media are, and how large they may be.</summary>
public sealed record MediaSettings
{
    /// <summary>FLOWCHAT_MEDIA_MAX_MB; 100.</summary>
    public required long MaxBytes { get; init; }

    /// <summary>FLOWCHAT_PICTURE_DAYS: after them the picture of somebody who writes is asked for again; 7.</summary>
    public required TimeSpan PictureAge { get; init; }

    /// <summary>Null = files in the data folder.</summary>
    public required S3Settings? S3 { get; init; }

    internal static MediaSettings Read(SettingReader reader) =>
        new()
        {
            MaxBytes = reader.Number("FLOWCHAT_MEDIA_MAX_MB", 100, 1, 2_048) * 1_048_576L,
            PictureAge = TimeSpan.FromDays(reader.Number("FLOWCHAT_PICTURE_DAYS", 7, 1, 365)),
            S3 = S3Settings.Read(reader),
        };
}

/// <summary>A bucket of Amazon's, or of a server that speaks its protocol.</summary>
/// <param name="Endpoint">S3_ENDPOINT.</param>
/// <param name="Bucket">S3_BUCKET: it exists already.</param>
/// <param name="AccessKey">S3_ACCESS_KEY.</param>
/// <param name="SecretKey">S3_SECRET_KEY.</param>
/// <param name="Region">S3_REGION; us-east-1.</param>
public sealed record S3Settings(
    Uri Endpoint,
    string Bucket,
    string AccessKey,
    string SecretKey,
    string Region
)
{
    private static readonly string[] Needed = ["S3_BUCKET", "S3_ACCESS_KEY", "S3_SECRET_KEY"];

    internal static S3Settings? Read(SettingReader reader)
    {
        var endpoint = reader.Url("S3_ENDPOINT");
        var given = Needed.Where(name => reader.Text(name) is not null).ToList();
        if (reader.Text("S3_ENDPOINT") is null)
        {
            return reader.Check<S3Settings?>(
                "S3_ENDPOINT",
                null,
                given.Count == 0,
                $"is missing: {string.Join(", ", given)} need it."
            );
        }
        foreach (var name in Needed.Except(given, StringComparer.Ordinal))
        {
            reader.Check(name, name, false, "is missing: S3_ENDPOINT needs it.");
        }
        return endpoint is null || given.Count < Needed.Length
            ? null
            : new(
                endpoint,
                reader.Text("S3_BUCKET")!,
                reader.Text("S3_ACCESS_KEY")!,
                reader.Text("S3_SECRET_KEY")!,
                reader.Text("S3_REGION") ?? "us-east-1"
            );
    }
}
