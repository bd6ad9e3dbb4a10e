// Jobs per second through a backend: payload of 53 bytes, no-op handler. `postgres [jobs]` with fsync and
// synchronous_commit on, `redis [jobs]` with an append-only file written each second, beside raw commands.
using FlowChat.Queues.Bench;

var jobs = args is [_, var count, ..] ? int.Parse(count, null) : 50_000;
switch (args)
{
    case ["redis", ..]:
        await RedisBench.RunAsync(jobs);
        break;
    default:
        await PostgresBench.RunAsync(jobs);
        break;
}
