using System.CommandLine;
using FlowChat.Queues.Bench;
using FlowChat.Queues.Bench.Ledger;
using FlowChat.Queues.Bench.Postgres;
using FlowChat.Queues.Bench.RabbitMq;
using FlowChat.Queues.Bench.Redis;

var rounds = new Option<int>("--rounds")
{
    Description = "Rounds of all subjects.",
    DefaultValueFactory = _ => 3,
};
var jobs = new Option<int>("--jobs")
{
    Description = "Jobs of a case, 53 bytes each.",
    DefaultValueFactory = _ => 50_000,
};

return await new RootCommand("Jobs through FlowChat.Queues, with handlers that do nothing.")
{
    Bench(
        "redis",
        "Redis Streams, beside BullMQ and raw commands.",
        (rounds, jobs) => new RedisBench(rounds, jobs, TimeProvider.System).RunAsync(Console.Out)
    ),
    Bench(
        "postgres",
        "PostgreSQL, beside rows by hand.",
        (rounds, jobs) => new PostgresBench(rounds, jobs, TimeProvider.System).RunAsync(Console.Out)
    ),
    Bench(
        "rabbitmq",
        "RabbitMQ, beside its plain client.",
        (rounds, jobs) => new RabbitMqBench(rounds, jobs, TimeProvider.System).RunAsync(Console.Out)
    ),
    Bench(
        "ledger",
        "PostgreSQL alone, and with a broker before it.",
        (rounds, jobs) => new LedgerBench(rounds, jobs, TimeProvider.System).RunAsync(Console.Out)
    ),
    Bench(
        "growth",
        "Jobs and lanes that wait, from few to very many.",
        (rounds, jobs) => new GrowthBench(rounds, jobs, TimeProvider.System).RunAsync(Console.Out)
    ),
}
    .Parse(args)
    .InvokeAsync();

Command Bench(string name, string description, Func<int, int, Task> run)
{
    var command = new Command(name, description) { rounds, jobs };
    command.SetAction((options, _) => run(options.GetValue(rounds), options.GetValue(jobs)));
    return command;
}
