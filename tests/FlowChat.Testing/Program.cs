using FlowChat.Testing.Servers;

if (args is ["hold-postgres", var dataFolder])
    return await PostgresHolder.RunAsync(dataFolder, Console.In, Console.Out);

Console.WriteLine("fake-evolution");
return 0;
