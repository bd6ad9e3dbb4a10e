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

var redis = new Command("redis", "Redis Streams, beside BullMQ and raw commands.") { rounds, jobs };
redis.SetAction(
    (options, _) =>
        new RedisBench(
            options.GetValue(rounds),
            options.GetValue(jobs),
            TimeProvider.System
        ).RunAsync(Console.Out)
);

var postgres = new Command("postgres", "PostgreSQL, beside rows by hand.") { rounds, jobs };
postgres.SetAction(
    (options, _) =>
        new PostgresBench(
            options.GetValue(rounds),
            options.GetValue(jobs),
            TimeProvider.System
        ).RunAsync(Console.Out)
);

var growth = new Command("growth", "Jobs and lanes that wait, from few to very many.")
{
    rounds,
    jobs,
};
growth.SetAction(
    (options, _) =>
        new GrowthBench(
            options.GetValue(rounds),
            options.GetValue(jobs),
            TimeProvider.System
        ).RunAsync(Console.Out)
);

var rabbitMq = new Command("rabbitmq", "RabbitMQ, beside its plain client.") { rounds, jobs };
rabbitMq.SetAction(
    (options, _) =>
        new RabbitMqBench(
            options.GetValue(rounds),
            options.GetValue(jobs),
            TimeProvider.System
        ).RunAsync(Console.Out)
);

var ledger = new Command("ledger", "PostgreSQL alone, and with a broker before it.")
{
    rounds,
    jobs,
};
ledger.SetAction(
    (options, _) =>
        new LedgerBench(
            options.GetValue(rounds),
            options.GetValue(jobs),
            TimeProvider.System
        ).RunAsync(Console.Out)
);

return await new RootCommand("Jobs through FlowChat.Queues, with handlers that do nothing.")
{
    redis,
    postgres,
    rabbitMq,
    ledger,
    growth,
}
    .Parse(args)
    .InvokeAsync();
