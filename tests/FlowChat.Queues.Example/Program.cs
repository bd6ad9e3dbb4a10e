using FlowChat.Queues;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = Host.CreateApplicationBuilder();
builder
    .Services.AddFlowChatQueues()
    .Use(args)
    .AddQueue<Greeting, GreetingHandler>("greetings", options => options.MaxAttempts = 3)
    .AddWorkers();
using var host = builder.Build();
await host.StartAsync();

var greetings = host.Services.GetRequiredService<JobQueue<Greeting>>();
await greetings.EnqueueAsync(new Greeting("Ana"), CancellationToken.None);
await host.WaitForShutdownAsync();

record Greeting(string Name);

class GreetingHandler : IJobHandler<Greeting>
{
    public ValueTask<JobOutcome> HandleAsync(Greeting job, JobContext context, CancellationToken ct)
    {
        Console.WriteLine($"Olá, {job.Name} (attempt {context.Attempt})");
        return new(JobOutcome.Done);
    }
}
