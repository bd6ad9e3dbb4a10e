using FlowChat.Accounts;
using FlowChat.Gateways.Cloud;
using FlowChat.Messages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FlowChat.Instances;

internal static class TemplateEndpoints
{
    public static void MapTemplates(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/api/instances/{id:guid}/templates", ListAsync)
            .WithTags("Instances")
            .RequireAuthorization(Policies.Agent)
            .WithSummary("The approved templates of a number's account, kept for five minutes")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status502BadGateway);

    private static async Task<Results<Ok<TemplatesView>, ProblemHttpResult>> ListAsync(
        Guid id,
        Caller caller,
        InstanceQuery query,
        CloudTemplates templates,
        CancellationToken cancellationToken,
        bool fresh = false
    ) =>
        await query.FindAsync(caller.TenantId, id, cancellationToken) is not { } instance
            ? Problems.NotFound("instance")
            : await templates.ReadAsync(instance, fresh, cancellationToken) switch
            {
                TemplateList.Known known => TypedResults.Ok(
                    new TemplatesView([.. known.Templates.Select(TemplateView.Of)])
                ),
                TemplateList.Failed failed => Problems.BadGateway(
                    failed.Reason,
                    SendError.GatewayError
                ),
                _ => Problems.Conflict("This number's gateway has no templates.", SendError.Unable),
            };
}

public sealed record TemplatesView(IReadOnlyList<TemplateView> Items);

/// <summary>A text that the gateway takes at any time, with blanks written {{1}} or {{name}}.</summary>
/// <param name="Name">With the language it names the template.</param>
/// <param name="Language">Such as pt_BR.</param>
/// <param name="Category">MARKETING, UTILITY or AUTHENTICATION.</param>
/// <param name="Header">A line above the text.</param>
/// <param name="Body">The text.</param>
/// <param name="Footer">A small line below it.</param>
/// <param name="Buttons">What they say.</param>
/// <param name="Parameters">The blanks; all have to be given.</param>
/// <param name="Needs">image, video or document: its header is one, given as attachment_ids; location: given as location. Null = nothing.</param>
/// <param name="CanBeSent">False: it has a part that FlowChat can't fill in, which needs names.</param>
public sealed record TemplateView(
    string Name,
    string Language,
    string Category,
    string? Header,
    string Body,
    string? Footer,
    IReadOnlyList<string> Buttons,
    IReadOnlyList<TemplateBlank> Parameters,
    string? Needs,
    bool CanBeSent
)
{
    internal static TemplateView Of(CloudTemplate template) =>
        new(
            template.Name,
            template.Language,
            template.Category,
            template.Header,
            template.Body,
            template.Footer,
            template.Buttons,
            template.Blanks,
            template.Needs,
            template.CanBeSent
        );
}
