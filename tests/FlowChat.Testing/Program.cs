using FlowChat.Testing.Evolution;
using FlowChat.Testing.Servers;

if (args is ["hold-postgres", var dataFolder])
    return await PostgresHolder.RunAsync(dataFolder, Console.In, Console.Out);

return await FakeEvolutionCommand.Build().Parse(args).InvokeAsync();
