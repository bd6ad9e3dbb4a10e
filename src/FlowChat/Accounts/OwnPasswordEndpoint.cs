using Microsoft.AspNetCore.Http.HttpResults;

namespace FlowChat.Accounts;

internal static class OwnPasswordEndpoint
{
    public static void MapOwnPassword(this IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/api/me/password", ChangeAsync)
            .RequireAuthorization(Policies.Viewer)
            .WithTags("Session")
            .WithSummary("Change one's own password and end the other sessions")
            .ProducesProblem(StatusCodes.Status429TooManyRequests);

    private static async Task<Results<NoContent, ValidationProblem, ProblemHttpResult>> ChangeAsync(
        ChangePasswordRequest request,
        Caller caller,
        OwnPassword ownPassword,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        if (caller.Credential is not Credential.Session)
            return Problems.Forbidden("Sign in to change a password: an API key can't.");
        var errors = new FieldErrors();
        var newPassword = errors.Password(request.NewPassword, "new_password");
        if (errors.Problem is { } problem)
            return problem;
        var change = await ownPassword.ChangeAsync(
            caller,
            request.CurrentPassword ?? "",
            newPassword,
            cancellationToken
        );
        return change switch
        {
            { Wait: { } wait } => Problems.Locked(context, wait),
            { IsRight: false } => Problems.Field(
                "current_password",
                "This is not your password. Type the one you sign in with."
            ),
            _ => TypedResults.NoContent(),
        };
    }

    internal sealed record ChangePasswordRequest(string? CurrentPassword, string? NewPassword);
}
