using System.CommandLine;
using FlowChat.Queues.Bench.Postgres;
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

var postgres = new Command("postgres", "PostgreSQL, fsync and synchronous_commit on.") { jobs };
postgres.SetAction((options, _) => PostgresBench.RunAsync(options.GetValue(jobs)));

return await new RootCommand("Jobs through FlowChat.Queues, with handlers that do nothing.")
{
    redis,
    postgres,
}
    .Parse(args)
    .InvokeAsync();
