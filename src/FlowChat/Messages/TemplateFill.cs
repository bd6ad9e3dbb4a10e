using FlowChat.Accounts;
using FlowChat.Gateways.Cloud;
using FlowChat.Instances;
using FlowChat.Messages.Content;
using FlowChat.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FlowChat.Messages;

/// <summary>Fills in the blanks of a template that an agent sends.</summary>
internal sealed class TemplateFill(Database database, CloudTemplates templates)
{
    private const int MostCharacters = 1_024;

    private const string FindInstance =
        "select "
        + InstanceRow.Columns
        + """

            from conversations c
            join instances i on i.tenant_id = c.tenant_id and i.id = c.instance_id and i.deleted_at is null
            where c.id = coalesce((select conversation_id from joined_conversations where id = $1), $1)
            """;

    public async Task<Answer> FillAsync(
        Guid tenantId,
        Guid conversationId,
        TemplateRequest asked,
        SendMessageRequest message,
        CancellationToken cancellationToken
    )
    {
        if (await FindAsync(tenantId, conversationId, cancellationToken) is not { } instance)
        {
            return new(null, null, Problems.NotFound("conversation"));
        }
        return await templates.ReadAsync(instance, fresh: false, cancellationToken) switch
        {
            TemplateList.Known known => Fill(known.Templates, asked, message),
            TemplateList.Failed failed => new(
                null,
                null,
                Problems.BadGateway(failed.Reason, SendError.GatewayError)
            ),
            _ => new(
                null,
                null,
                Problems.Conflict(
                    "This number's gateway has no templates: send a text.",
                    SendError.Unable
                )
            ),
        };
    }

    private static Answer Fill(
        IReadOnlyList<CloudTemplate> known,
        TemplateRequest asked,
        SendMessageRequest message
    ) =>
        known.FirstOrDefault(one => one.Name == asked.Name && one.Language == asked.Language)
            is { } template
            ? FindHeaderFault(template, message)
                ?? Fill(
                    template,
                    asked.Parameters ?? new Dictionary<string, string>(),
                    message.Location
                )
            : Refuse(
                "template",
                "Give the name and language of one of GET /api/instances/{id}/templates."
            );

    private static Answer? FindHeaderFault(CloudTemplate template, SendMessageRequest message)
    {
        var wantsPlace = template.Needs == MessageType.Location;
        return !template.CanBeSent
                ? Refuse(
                    "template.name",
                    $"{template.Name} has a part that FlowChat can't fill in ({template.Needs}): choose another one."
                )
            : template.WantsFile != message.AttachmentIds is [_]
                ? Refuse(
                    "attachment_ids",
                    template.WantsFile
                        ? $"Give the id of the {template.Needs} that is the header of {template.Name}."
                        : $"Leave it out: the header of {template.Name} is no file."
                )
            : !wantsPlace && message.Location is not null
                ? Refuse("location", $"Leave it out: the header of {template.Name} is no place.")
            // Meta wants all of it.
            : wantsPlace && message.Location is not { Name.Length: > 0, Address.Length: > 0 }
                ? Refuse(
                    "location",
                    $"Give the place that is the header of {template.Name}, with its name and address."
                )
            : null;
    }

    private static Answer Fill(
        CloudTemplate template,
        IReadOnlyDictionary<string, string> parameters,
        LocationContent? place
    )
    {
        var values = parameters.ToDictionary(
            pair => pair.Key,
            pair => StorableText.Clean(pair.Value ?? "").Trim(),
            StringComparer.Ordinal
        );
        foreach (var blank in template.Blanks)
        {
            if (
                !values.TryGetValue(blank.Key, out var value)
                || value.Length is 0 or > MostCharacters
                // Meta refuses them within a blank.
                || value.AsSpan().ContainsAny('\n', '\t')
                || value.Contains("    ", StringComparison.Ordinal)
            )
            {
                return Refuse(
                    $"template.parameters.{blank.Key}",
                    $"Give a text of 1 to {MostCharacters} characters, on one line and without four spaces in a row."
                );
            }
        }
        var (content, text) = template.Fill(values, place);
        return new(content, text, null);
    }

    private static Answer Refuse(string field, string remedy) =>
        new(null, null, Problems.Field(field, remedy));

    private async Task<Instance?> FindAsync(
        Guid tenantId,
        Guid conversationId,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await database.BeginAsync(tenantId, cancellationToken);
        var found = await transaction.ReadAsync(
            FindInstance,
            [SqlBatch.Value(conversationId)],
            row => InstanceRow.Read(row),
            cancellationToken
        );
        return found.SingleOrDefault();
    }

    /// <param name="Content">Filled in.</param>
    /// <param name="Text">What the other side reads.</param>
    /// <param name="Refusal">Null = it can be sent. A <see cref="ProblemHttpResult"/> or a <see cref="ValidationProblem"/>.</param>
    internal readonly record struct Answer(
        TemplateContent? Content,
        string? Text,
        IResult? Refusal
    );
}
