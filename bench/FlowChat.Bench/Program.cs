using System.CommandLine;
using FlowChat.Bench;
using FlowChat.Bench.Peers;
using FlowChat.Bench.Results;

var rounds = new Option<int>("--rounds")
{
    Description = "Rounds of all subjects.",
    DefaultValueFactory = _ => 5,
};
var seconds = new Option<int>("--seconds")
{
    Description = "Length of a run.",
    DefaultValueFactory = _ => 10,
};
var connections = new Option<int>("--connections")
{
    Description = "Connections of the load generator.",
    DefaultValueFactory = _ => 64,
};
var rate = new Option<int>("--rate")
{
    Description = "Webhooks per second.",
    DefaultValueFactory = _ => 500,
};

var ingest = new Command("ingest", "Webhooks committed and answered.")
{
    rounds,
    seconds,
    connections,
};
ingest.SetAction(
    (options, ct) =>
        PrintAsync(
            new IngestBench(
                options.GetValue(rounds),
                TimeSpan.FromSeconds(options.GetValue(seconds)),
                options.GetValue(connections),
                TimeProvider.System
            ).RunAsync(ct),
            ct
        )
);

var live = new Command("live", "From a webhook to its event on another client's stream.")
{
    rounds,
    seconds,
    rate,
};
live.SetAction(
    (options, ct) =>
        PrintAsync(
            new LiveBench(
                options.GetValue(rounds),
                TimeSpan.FromSeconds(options.GetValue(seconds)),
                options.GetValue(rate),
                TimeProvider.System
            ).RunAsync(ct),
            ct
        )
);

var page = new Command(
    "page",
    "The inbox in Chromium, with more than an agent will ever scroll through."
);
page.SetAction((_, ct) => new PageBench(TimeProvider.System).RunAsync(Console.Out, ct));

var media = new Command(
    "media",
    "1,000 mixed files from a gateway into the store, beside plain HttpClient."
)
{
    rounds,
};
media.SetAction(
    (options, ct) =>
        new MediaBench(options.GetValue(rounds), TimeProvider.System).RunAsync(Console.Out, ct)
);

var bareKestrel = new Command(BareKestrel.Command) { Hidden = true };
bareKestrel.SetAction((_, ct) => BareKestrel.RunAsync(ct));

var plainMedia = new Command(PlainMedia.Command) { Hidden = true };
plainMedia.SetAction((_, ct) => PlainMedia.RunAsync(TimeProvider.System, ct));

return await new RootCommand("FlowChat's figures, each beside its peers in the same run.")
{
    ingest,
    live,
    page,
    media,
    bareKestrel,
    plainMedia,
}
    .Parse(args)
    .InvokeAsync();

static async Task PrintAsync(Task<Report> run, CancellationToken ct) =>
    await (await run).WriteAsync(Console.Out, ct);
