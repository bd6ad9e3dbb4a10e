using Microsoft.AspNetCore.Http.HttpResults;

namespace FlowChat.Accounts;

/// <summary>The refusals of the account routes, each with its remedy.</summary>
internal static class Problems
{
    public static ValidationProblem Field(string field, string remedy) =>
        Fields(new Dictionary<string, string[]> { [field] = [remedy] });

    public static ValidationProblem Fields(IDictionary<string, string[]> remedies) =>
        TypedResults.ValidationProblem(
            remedies,
            detail: string.Join(
                ' ',
                remedies.Select(field => $"{field.Key}: {string.Join(' ', field.Value)}")
            )
        );

    public static ProblemHttpResult WrongPassword() =>
        TypedResults.Problem(
            statusCode: StatusCodes.Status401Unauthorized,
            title: "Sign-in refused",
            detail: "The e-mail address or the password is wrong, or the account is disabled."
        );

    public static ProblemHttpResult Locked(HttpContext context, TimeSpan wait) =>
        Later(
            context,
            StatusCodes.Status429TooManyRequests,
            wait,
            "Too many failed attempts. Wait, or ask an admin of your team for a new password."
        );

    public static ProblemHttpResult Busy(HttpContext context) =>
        Later(
            context,
            StatusCodes.Status503ServiceUnavailable,
            TimeSpan.FromSeconds(5),
            "Too many people are signing in at this moment."
        );

    public static ProblemHttpResult Forbidden(string detail) =>
        TypedResults.Problem(
            statusCode: StatusCodes.Status403Forbidden,
            title: "Not allowed",
            detail: detail
        );

    public static ProblemHttpResult NotFound(string what) =>
        TypedResults.Problem(
            statusCode: StatusCodes.Status404NotFound,
            title: "Not found",
            detail: $"No such {what}."
        );

    /// <summary>With a stable word for it, where programs and other languages need one.</summary>
    public static ProblemHttpResult Conflict(string detail, string? code = null) =>
        TypedResults.Problem(
            statusCode: StatusCodes.Status409Conflict,
            title: "Conflict",
            detail: detail,
            extensions: code is null ? [] : [new("code", code)]
        );

    public static ProblemHttpResult BadGateway(string detail) =>
        TypedResults.Problem(
            statusCode: StatusCodes.Status502BadGateway,
            title: "The gateway refused",
            detail: detail
        );

    private static ProblemHttpResult Later(
        HttpContext context,
        int status,
        TimeSpan wait,
        string detail
    )
    {
        var seconds = (int)Math.Ceiling(wait.TotalSeconds);
        context.Response.Headers.RetryAfter = $"{seconds}";
        return TypedResults.Problem(
            statusCode: status,
            title: "Try again later",
            detail: $"{detail} Try again in {seconds} s."
        );
    }
}
