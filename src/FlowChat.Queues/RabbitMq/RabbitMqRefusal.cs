using System.Security.Authentication;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace FlowChat.Queues.RabbitMq;

/// <summary>What to look at when RabbitMQ can't be used.</summary>
internal static class RabbitMqRefusal
{
    public static string Reason(Exception exception) =>
        exception is TimeoutException or OperationCanceledException
            ? "it gives no answer. Where that lasts, look whether each queue has a leader."
            : Inside(exception).Select(Known).FirstOrDefault(reason => reason is not null)
                ?? "it is away.";

    /// <summary>Whether a queue of that name was made otherwise.</summary>
    public static bool IsOfAnotherKind(Exception exception) =>
        Inside(exception)
            .OfType<OperationInterruptedException>()
            .Any(e => e.ShutdownReason?.ReplyCode == Constants.PreconditionFailed);

    private static string? Known(Exception exception) =>
        exception switch
        {
            AuthenticationException =>
                "its TLS certificate isn't trusted. Look at its name and at the option ca_file.",
            FileNotFoundException or DirectoryNotFoundException =>
                "the file of authorities (ca_file) isn't there.",
            AuthenticationFailureException =>
                "it refused the user or the password. Look at both in the RabbitMQ URL.",
            OperationInterruptedException
            {
                ShutdownReason.ReplyCode: Constants.PreconditionFailed
            } e =>
                $"a queue of that name isn't as FlowChat makes it ({e.ShutdownReason.ReplyText}). Stop its workers, empty "
                    + "and delete it: it is made again.",
            PublishException { IsReturn: true } => "a queue is gone; it is made again.",
            OperationInterruptedException { ShutdownReason.ReplyText: var text } =>
                $"it refused: {text}",
            _ => null,
        };

    private static IEnumerable<Exception> Inside(Exception exception)
    {
        yield return exception;
        IEnumerable<Exception> causes =
            exception is AggregateException several ? several.InnerExceptions
            : exception.InnerException is { } cause ? [cause]
            : [];
        foreach (var inside in causes.SelectMany(Inside))
            yield return inside;
    }
}
