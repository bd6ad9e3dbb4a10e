namespace FlowChat.Storage.Embedded;

internal static class ServerSettings
{
    public const int Port = 5432;

    /// <summary>Written anew at each start, in place of initdb's file.</summary>
    public static string Text(string socketFolder) =>
        $"""
            # FlowChat writes this file at each start. Your own settings go to tuning.conf beside it.
            listen_addresses = ''
            port = {Port}
            unix_socket_directories = '{socketFolder}'
            unix_socket_permissions = 0700
            max_connections = 200
            shared_buffers = 256MB
            max_wal_size = 2GB
            fsync = on
            synchronous_commit = on
            jit = off
            timezone = 'UTC'

            # A failed statement may hold message texts and phone numbers: its client is told, the log is not.
            log_timezone = 'UTC'
            log_min_messages = log
            log_min_error_statement = panic
            log_error_verbosity = terse
            log_checkpoints = off

            include_if_exists = 'tuning.conf'

            """;
}
