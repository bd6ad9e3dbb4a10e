using FlowChat.Queues;
using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Operations;

internal static class Outage
{
    /// <summary>Whether a server is away that comes back by itself. What PostgreSQL refuses for good is our own mistake.</summary>
    public static bool IsPassing(Exception exception) =>
        exception switch
        {
            StorageUnavailableException or QueueUnavailableException => true,
            PostgresException error => error.IsTransient,
            NpgsqlException => true,
            _ => false,
        };
}
