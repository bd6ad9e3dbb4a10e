using Dapper;
using FlowChat.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FlowChat.Accounts;

internal static class SessionEndpoints
{
    private const string EndSession = "delete from sessions where token_hash = @tokenHash";

    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        routes
            .MapPost("/api/auth/sign-in", SignInAsync)
            .AllowAnonymous()
            .WithMetadata(new StartsSession())
            .WithTags("Session")
            .WithSummary("Start a session, kept in a cookie")
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

        var session = routes
            .MapGroup("/api")
            .RequireAuthorization(Policies.Viewer)
            .WithTags("Session");
        session.MapPost("/auth/sign-out", SignOutAsync).WithSummary("End the session");
        session
            .MapGet("/me", GetMeAsync)
            .WithSummary("Who asks, the CSRF token, and the seq to go on from");
    }

    private static async Task<Results<Ok<Me>, ValidationProblem, ProblemHttpResult>> SignInAsync(
        SignInRequest request,
        SignIn signIn,
        MeQuery me,
        SessionCookie cookie,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        if (string.IsNullOrWhiteSpace(request.Email))
            return Problems.Field("email", "Give the e-mail address of your account.");
        if (string.IsNullOrEmpty(request.Password))
            return Problems.Field("password", "Give your password.");
        var result = await signIn.TryAsync(request.Email, request.Password, cancellationToken);
        if (result is SignInResult.Locked locked)
            return Problems.Locked(context, locked.Wait);
        if (result is not SignInResult.SignedIn signedIn)
            return Problems.WrongPassword();
        cookie.Write(context, signedIn.Token);
        return TypedResults.Ok(
            await me.GetAsync(signedIn.Caller, signedIn.Token, cancellationToken)
        );
    }

    private static async Task<NoContent> SignOutAsync(
        Caller caller,
        Database database,
        SessionSentinel sentinel,
        SessionCookie cookie,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        if (caller.Credential is Credential.Session session)
        {
            var tokenHash = Convert.FromHexString(session.TokenHash);
            await using var connection = await database.System.OpenConnectionAsync(
                cancellationToken
            );
            await connection.ExecuteAsync(
                new CommandDefinition(
                    EndSession,
                    new { tokenHash },
                    cancellationToken: cancellationToken
                )
            );
            sentinel.Revoked(session);
            cookie.Clear(context);
        }

        return TypedResults.NoContent();
    }

    private static Task<Me> GetMeAsync(
        Caller caller,
        MeQuery me,
        HttpRequest request,
        CancellationToken cancellationToken
    ) => me.GetAsync(caller, SessionCookie.Read(request), cancellationToken);

    internal sealed record SignInRequest(string? Email, string? Password);
}
