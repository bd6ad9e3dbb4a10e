using FlowChat.Accounts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FlowChat.Contacts;

internal static class ContactEndpoints
{
    public static void MapContacts(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/api/contacts/{id:guid}", GetAsync)
            .WithTags("Contacts")
            .RequireAuthorization(Policies.Viewer)
            .WithSummary("One contact, with their numbers and conversations")
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<ContactDetails>, ProblemHttpResult>> GetAsync(
        Guid id,
        Caller caller,
        ContactQuery query,
        CancellationToken cancellationToken
    ) =>
        await query.FindAsync(caller.TenantId, id, cancellationToken) is { } contact
            ? TypedResults.Ok(contact)
            : Problems.NotFound("contact");
}
