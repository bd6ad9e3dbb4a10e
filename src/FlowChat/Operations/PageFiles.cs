using Microsoft.Net.Http.Headers;

namespace FlowChat.Operations;

/// <summary>The inbox in the browser: its own files, which anyone may read, and its addresses.</summary>
internal static class PageFiles
{
    private const string Policy =
        "default-src 'self'; img-src 'self' blob:; media-src 'self' blob:; connect-src 'self'; "
        + "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private static readonly string[] Addresses =
    [
        "/",
        "/sign-in",
        "/sandbox",
        "/instances/{id?}",
        "/conversations/{id?}",
    ];

    public static void UsePage(this WebApplication app)
    {
        app.Use(
            (context, next) =>
            {
                var headers = context.Response.Headers;
                headers.ContentSecurityPolicy = Policy;
                headers.XContentTypeOptions = "nosniff";
                headers["Referrer-Policy"] = "no-referrer";
                return next();
            }
        );
        app.UseStaticFiles(
            new StaticFileOptions
            {
                OnPrepareResponse = file =>
                    file.Context.Response.Headers[HeaderNames.CacheControl] =
                        // Vite puts a content hash into these names.
                        file.Context.Request.Path.StartsWithSegments(
                            "/assets",
                            StringComparison.Ordinal
                        )
                            ? "public, max-age=31536000, immutable"
                            : "no-cache",
            }
        );
    }

    public static void MapPage(this WebApplication app)
    {
        foreach (var address in Addresses)
        {
            app.MapGet(
                    address,
                    (IWebHostEnvironment environment, HttpContext context) =>
                    {
                        context.Response.Headers.CacheControl = "no-cache";
                        var index = environment.WebRootFileProvider.GetFileInfo("index.html");
                        return index is { Exists: true, PhysicalPath: { } path }
                            ? Results.File(path, "text/html; charset=utf-8")
                            : Results.Problem(
                                statusCode: StatusCodes.Status404NotFound,
                                title: "The inbox isn't built",
                                detail: "Run ./dev run, or npm run build in src/web."
                            );
                    }
                )
                .AllowAnonymous()
                .ExcludeFromDescription();
        }
    }
}
