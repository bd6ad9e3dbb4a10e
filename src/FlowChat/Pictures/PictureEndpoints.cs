using System.Net.Mime;
using FlowChat.Accounts;
using FlowChat.Media.Store;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace FlowChat.Pictures;

/// <summary>The pictures of people and groups, at addresses that change with them.</summary>
internal static class PictureEndpoints
{
    private static readonly string[] Methods = ["GET", "HEAD"];

    public static void MapPictures(this IEndpointRouteBuilder routes)
    {
        var read = routes.MapGroup("/api").RequireAuthorization(Policies.Viewer);
        Describe(read.MapMethods("contacts/{id:guid}/picture", Methods, OfContactAsync))
            .WithTags("Contacts")
            .WithSummary("A contact's picture; take its address from the contact");
        Describe(read.MapMethods("groups/{id:guid}/picture", Methods, OfGroupAsync))
            .WithTags("Groups")
            .WithSummary("A group's picture; take its address from the group");
    }

    private static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> OfContactAsync(
        Guid id,
        HttpContext context,
        Caller caller,
        PictureQuery pictures,
        IMediaStore store,
        CancellationToken cancellationToken,
        string? v = null
    )
    {
        var found = await pictures.FindContactAsync(caller.TenantId, id, cancellationToken);
        return await ServeAsync(found, v, context, caller, store, cancellationToken);
    }

    private static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> OfGroupAsync(
        Guid id,
        HttpContext context,
        Caller caller,
        PictureQuery pictures,
        IMediaStore store,
        CancellationToken cancellationToken,
        string? v = null
    )
    {
        var found = await pictures.FindGroupAsync(caller.TenantId, id, cancellationToken);
        return await ServeAsync(found, v, context, caller, store, cancellationToken);
    }

    private static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> ServeAsync(
        StoredPicture? picture,
        string? version,
        HttpContext context,
        Caller caller,
        IMediaStore store,
        CancellationToken cancellationToken
    )
    {
        if (picture is null)
        {
            return Problems.NotFound("picture");
        }
        try
        {
            var bytes = await store.OpenAsync(caller.TenantId, picture.Sha256, cancellationToken);
            Guard(context.Response.Headers, isSame: version == picture.Version);
            return TypedResults.Stream(
                bytes,
                picture.MimeType,
                entityTag: new EntityTagHeaderValue($"\"{picture.Sha256}\"")
            );
        }
        catch (MediaMissingException)
        {
            return Problems.NotFound("picture in the media store");
        }
    }

    private static void Guard(IHeaderDictionary headers, bool isSame)
    {
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        headers.XContentTypeOptions = "nosniff";
        // Another version's address shows the picture of now, and must not keep it as its own.
        headers.CacheControl = isSame
            ? "private, max-age=31536000, immutable"
            : "private, no-cache";
    }

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder route) =>
        route
            .Produces<Stream>(StatusCodes.Status200OK, MediaTypeNames.Image.Jpeg)
            .ProducesProblem(StatusCodes.Status404NotFound);
}
