using System.Collections.Concurrent;
using FlowChat.Inbound;
using FlowChat.Instances;
using FlowChat.Settings;

namespace FlowChat.Gateways.Cloud;

/// <summary>The templates of a number's account, kept for a few minutes.</summary>
internal sealed class CloudTemplates(
    GraphCalls graph,
    FlowChatSettings settings,
    TimeProvider clock
)
{
    private const string Fields = "name,language,status,category,components";
    private const int MostPages = 50;
    private const int MostKept = 1_000;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<
        (Guid, string?),
        (TemplateList.Known List, long At)
    > _kept = new();

    /// <param name="instance">Whose account.</param>
    /// <param name="fresh">Asks the gateway now: a template was approved a moment ago.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public async Task<TemplateList> ReadAsync(
        Instance instance,
        bool fresh,
        CancellationToken cancellationToken
    )
    {
        if (instance.Gateway != CloudGateway.GatewayName)
        {
            return new TemplateList.None();
        }
        var key = (instance.Id, instance.BusinessAccountId);
        if (
            !fresh
            && _kept.TryGetValue(key, out var kept)
            && clock.GetElapsedTime(kept.At) < Lifetime
        )
        {
            return kept.List;
        }
        var list = await FetchAsync(instance, cancellationToken);
        if (list is TemplateList.Known known)
        {
            if (_kept.Count >= MostKept)
            {
                _kept.Clear();
            }
            _kept[key] = (known, clock.GetTimestamp());
        }
        return list;
    }

    private async Task<TemplateList> FetchAsync(
        Instance instance,
        CancellationToken cancellationToken
    )
    {
        var templates = new List<CloudTemplate>();
        var after = "";
        for (var page = 0; page < MostPages; page++)
        {
            var reply = await graph.GetAsync(
                instance,
                $"{instance.BusinessAccountId}/message_templates?fields={Fields}&status=APPROVED&limit=100{after}",
                settings.GatewayTimeout,
                cancellationToken
            );
            if (reply is not GraphReply.Answered { IsDone: true, Json: { } json })
            {
                return new TemplateList.Failed(reply.Reason);
            }
            templates.AddRange(
                json.List("data").Select(CloudTemplate.Read).OfType<CloudTemplate>()
            );
            var paging = json.Child("paging");
            if (
                paging?.Text("next") is null
                || paging.Value.Child("cursors")?.Text("after") is not { } cursor
            )
            {
                break;
            }
            after = $"&after={Uri.EscapeDataString(cursor)}";
        }
        return new TemplateList.Known([
            .. templates
                .OrderBy(template => template.Name, StringComparer.Ordinal)
                .ThenBy(template => template.Language, StringComparer.Ordinal),
        ]);
    }
}

internal abstract record TemplateList
{
    private TemplateList() { }

    public sealed record Known(IReadOnlyList<CloudTemplate> Templates) : TemplateList;

    /// <summary>The gateway knows no templates.</summary>
    public sealed record None : TemplateList;

    /// <summary>The gateway's words.</summary>
    public sealed record Failed(string Reason) : TemplateList;
}
