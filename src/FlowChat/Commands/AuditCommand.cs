using System.CommandLine;
using System.Text.Json;
using FlowChat.Json;
using FlowChat.Operations.Custody;
using FlowChat.Storage;

namespace FlowChat.Commands;

/// <summary><c>flowchat audit</c>: where a tenant's open work is, and what is nowhere.</summary>
internal static class AuditCommand
{
    private const int Most = 1_000;

    /// <summary>Nothing was looked at.</summary>
    public const int NotRun = 2;

    public static Command Build(Func<CancellationToken, Task<IServiceProvider>> services)
    {
        var tenant = TenantChoice.Option();
        var json = new Option<bool>("--json") { Description = "One JSON document." };
        var command = new Command(
            "audit",
            "Show where a tenant's open work is. Exit code 1 when some of it is nowhere, 2 when it couldn't be looked at."
        )
        {
            tenant,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var provider = await services(cancellationToken);
                var console = parsed.InvocationConfiguration;
                if (
                    await TenantChoice.FindAsync(
                        provider.GetRequiredService<Database>(),
                        parsed.GetValue(tenant),
                        cancellationToken
                    )
                    is not { } id
                )
                {
                    await console.Error.WriteLineAsync(TenantChoice.Remedy);
                    return NotRun;
                }
                var look = provider.GetRequiredService<CustodyLook>();
                var places = await look.CountAsync(id, cancellationToken);
                var strays = await look.FindAsync(id, Most, cancellationToken);
                Print(places, strays, console.Output, parsed.GetValue(json));
                return strays.Count == 0 ? 0 : 1;
            }
        );
        return command;
    }

    private static void Print(
        IReadOnlyList<CustodyPlaces> places,
        IReadOnlyList<Stray> strays,
        TextWriter output,
        bool json
    )
    {
        if (json)
        {
            output.WriteLine(
                JsonSerializer.Serialize(
                    new { Queues = places, Strays = strays },
                    FlowChatJson.Options
                )
            );
            return;
        }
        var console = Terminal.Open(output);
        var table = console.Table(
            "queue",
            "waiting",
            "in lane",
            "delayed",
            "parked",
            "running",
            "dead"
        );
        foreach (var queue in places)
        {
            table.AddPlainRow(
                queue.Queue,
                $"{queue.Waiting}",
                $"{queue.InLane}",
                $"{queue.Delayed}",
                $"{queue.Parked}",
                $"{queue.Running}",
                $"{queue.Dead}"
            );
        }
        console.Write(table);
        foreach (var stray in strays)
        {
            output.WriteLine($"STRAY {stray.Kind} {stray.Id} of {stray.Queue}");
        }
        output.WriteLine(strays.Count == 1 ? "1 stray" : $"{strays.Count} strays");
    }
}
