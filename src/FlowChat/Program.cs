using System.CommandLine;
using System.Net.Sockets;
using FlowChat.Commands;
using FlowChat.Queues;
using FlowChat.Settings;
using FlowChat.Storage;
using FlowChat.Storage.Embedded;
using FlowChat.Storage.KeyRing;

await using var services = new CommandServices();
var root = new RootCommand(
    "FlowChat: a WhatsApp team inbox and the durable message engine under it."
)
{
    ServeCommand.Build(),
    WorkerCommand.Build(),
    QueuesCommand.Build(services.OpenAsync),
    DeadLettersCommand.Build(services.OpenAsync),
    DoctorCommand.Build(),
    AuditCommand.Build(services.OpenAsync),
    HealthCommand.Build(),
    AdminCommand.Build(services.OpenAsync),
    SeedDemoCommand.Build(services.OpenAsync),
};
root.SetAction((_, cancellationToken) => ServeCommand.RunAsync(workers: true, cancellationToken));

try
{
    // The host ends on its own signals, in its own order and time.
    var invocation = new InvocationConfiguration
    {
        ProcessTerminationTimeout = null,
        EnableDefaultExceptionHandler = false,
    };
    return await root.Parse(args).InvokeAsync(invocation);
}
catch (Exception error)
    when (error
            is InvalidSettingsException
                or DatabaseRefusedException
                or EmbeddedPostgresException
                or MasterKeyException
                or IOException
                or UnauthorizedAccessException
                or SocketException
                or QueueUnavailableException
                or StorageUnavailableException
    )
{
    await Console.Error.WriteLineAsync(error.Message);
    return args is ["audit", ..] ? AuditCommand.NotRun : 1;
}
