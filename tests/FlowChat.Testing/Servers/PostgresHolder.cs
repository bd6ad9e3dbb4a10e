using FlowChat.Storage.Embedded;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowChat.Testing.Servers;

/// <summary>A process that uses an embedded PostgreSQL until its input ends or somebody kills it.</summary>
internal static class PostgresHolder
{
    public static async Task<int> RunAsync(string dataFolder, TextReader input, TextWriter output)
    {
        var options = new EmbeddedPostgresOptions
        {
            DataFolder = dataFolder,
            BinariesFolder = Checkout.PostgresFolder(),
        };
        await using var server = await EmbeddedPostgres.StartAsync(
            options,
            NullLogger.Instance,
            TimeProvider.System,
            CancellationToken.None
        );
        await output.WriteLineAsync(server.ConnectionString);
        await input.ReadToEndAsync();
        return 0;
    }
}
