using System.CommandLine;
using FlowChat.Operations.Work;
using FlowChat.Queues;

namespace FlowChat.Commands;

/// <summary>The options that say which dead letters a command is about.</summary>
internal sealed class DeadLetterChoice
{
    private readonly Option<string[]> _queues = new("--queue")
    {
        Description = $"Only of these queues: {string.Join(", ", QueueSetup.Names)}.",
        HelpName = "queue",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> _text = new("--q")
    {
        Description = "Only those whose payload, error, lane or limit key contains the text.",
        HelpName = "text",
        Validators =
        {
            result =>
            {
                if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string?>()))
                    result.AddError("--q: give a text; without --q all match.");
            },
        },
    };

    private readonly Option<Guid?> _tenant = new("--tenant")
    {
        Description = "Only of this tenant.",
        HelpName = "id",
    };

    public DeadLetterChoice(Command command)
    {
        _queues.AcceptOnlyFromAmong([.. QueueSetup.Names]);
        command.Add(_queues);
        command.Add(_text);
        command.Add(_tenant);
    }

    /// <summary>One for each queue.</summary>
    public IReadOnlyList<DeadJobFilter> Read(ParseResult parsed, IReadOnlyList<Guid>? ids = null)
    {
        var queues = parsed.GetValue(_queues) is { Length: > 0 } some
            ? some
            : [.. QueueSetup.Names];
        return
        [
            .. queues
                .Order(StringComparer.Ordinal)
                .Select(queue => new DeadJobFilter
                {
                    Queue = queue,
                    TenantId = parsed.GetValue(_tenant),
                    Ids = ids is { Count: > 0 } ? ids : null,
                    Text = parsed.GetValue(_text),
                }),
        ];
    }
}
