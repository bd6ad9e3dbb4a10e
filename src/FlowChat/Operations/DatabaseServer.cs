using FlowChat.Settings;
using FlowChat.Storage;
using FlowChat.Storage.Embedded;
using FlowChat.Storage.KeyRing;

namespace FlowChat.Operations;

/// <summary>The server that DATABASE_URL names, or the embedded one.</summary>
internal sealed class DatabaseServer(string connectionString, EmbeddedPostgres? embedded)
    : IAsyncDisposable
{
    public string ConnectionString { get; } = connectionString;

    /// <param name="settings">Which.</param>
    /// <param name="configuration">How to log.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="command">For a command that does one thing and ends.</param>
    public static async Task<DatabaseServer> OpenAsync(
        FlowChatSettings settings,
        IConfiguration configuration,
        CancellationToken cancellationToken,
        bool command = false
    )
    {
        if (settings.DatabaseConnection is { } connection)
        {
            return new(connection, null);
        }
        using var logging = LoggerFactory.Create(builder =>
        {
            builder.AddFlowChatLogging(configuration);
            if (command)
            {
                builder.KeepOutputClean();
            }
        });
        var embedded = await EmbeddedPostgres.StartAsync(
            new() { DataFolder = settings.DataFolder, BinariesFolder = settings.PostgresFolder },
            logging.CreateLogger<EmbeddedPostgres>(),
            TimeProvider.System,
            cancellationToken
        );
        return new(embedded.ConnectionString, embedded);
    }

    public ValueTask DisposeAsync() => embedded?.DisposeAsync() ?? ValueTask.CompletedTask;
}

internal static class StorageStartup
{
    public static Task<FirstOwner> StartStorageAsync(
        this IServiceProvider services,
        CancellationToken cancellationToken
    ) =>
        services
            .GetRequiredService<StorageStart>()
            .RunAsync(services.OpenKeyRing, cancellationToken);
}
