namespace FlowChat.Storage.Embedded;

/// <summary>The private PostgreSQL could not be started; the message says why and what to do.</summary>
public sealed class EmbeddedPostgresException(string message, Exception? innerException = null)
    : Exception(message, innerException);
