using FlowChat.Testing.Cloud;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Servers;

if (args is ["hold-postgres", var dataFolder])
    return await PostgresHolder.RunAsync(dataFolder, Console.In, Console.Out);

var command = FakeEvolutionCommand.Build();
command.Add(FakeCloudCommand.Build());
return await command.Parse(args).InvokeAsync();
