using System.CommandLine;
using FlowChat.Operations.Demo;
using FlowChat.Storage;

namespace FlowChat.Commands;

/// <summary><c>flowchat seed-demo</c>: something to look at, for previews and demonstrations.</summary>
internal static class SeedDemoCommand
{
    public static Command Build(Func<CancellationToken, Task<IServiceProvider>> services)
    {
        var tenant = TenantChoice.Option();
        var command = new Command(
            "seed-demo",
            "Write demo conversations into a tenant's sandbox. Again changes nothing; no real number is touched."
        )
        {
            tenant,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var provider = await services(cancellationToken);
                return await RunAsync(
                    provider,
                    parsed.GetValue(tenant),
                    parsed.InvocationConfiguration,
                    cancellationToken
                );
            }
        );
        return command;
    }

    private static async Task<int> RunAsync(
        IServiceProvider services,
        string? tenant,
        InvocationConfiguration console,
        CancellationToken cancellationToken
    )
    {
        var database = services.GetRequiredService<Database>();
        if (await TenantChoice.FindAsync(database, tenant, cancellationToken) is not { } tenantId)
        {
            await console.Error.WriteLineAsync(TenantChoice.Remedy);
            return 1;
        }
        var demo = ActivatorUtilities.CreateInstance<DemoSeed>(services);
        var written = await demo.RunAsync(tenantId, cancellationToken);
        await console.Output.WriteLineAsync(
            $"{written} messages written, {DemoConversation.All.Sum(c => c.Lines.Count) - written} were there"
        );
        return 0;
    }
}
