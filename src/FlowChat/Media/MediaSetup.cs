using FlowChat.Media.Incoming;
using FlowChat.Media.Store;
using FlowChat.Settings;

namespace FlowChat.Media;

internal static class MediaSetup
{
    public static IServiceCollection AddMedia(
        this IServiceCollection services,
        FlowChatSettings settings
    ) =>
        services
            .AddSingleton(StoreOf(settings))
            .AddSingleton<MediaStoreAlarm>()
            .AddSingleton<MediaSpool>()
            .AddSingleton<MediaLibrary>()
            .AddSingleton<StoredMedia>()
            .AddSingleton<AttachmentQuery>()
            .AddSingleton<MediaFetch>();

    public static IMediaStore StoreOf(FlowChatSettings settings) =>
        settings.Media.S3 is { } bucket ? new S3MediaStore(bucket) : new FolderMediaStore(settings);
}
