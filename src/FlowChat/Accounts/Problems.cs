using Microsoft.AspNetCore.Http.HttpResults;

namespace FlowChat.Accounts;

/// <summary>The refusals of the account routes, each with its remedy.</summary>
internal static class Problems
{
    public static ValidationProblem Field(string field, string remedy, string? code = null) =>
        Fields(new Dictionary<string, string[]> { [field] = [remedy] }, code);

    /// <param name="remedies">Each wrong field with its remedy.</param>
    /// <param name="code">Of the first one, where <see cref="ProblemCode.OfField"/> says too little.</param>
    public static ValidationProblem Fields(
        IDictionary<string, string[]> remedies,
        string? code = null
    ) =>
        TypedResults.ValidationProblem(
            remedies,
            detail: string.Join(
                ' ',
                remedies.Select(field => $"{field.Key}: {string.Join(' ', field.Value)}")
            ),
            extensions: Named(code ?? ProblemCode.OfField(remedies.First().Key))
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
            detail: detail,
            extensions: Named(ProblemCode.NotAllowed)
        );

    public static ProblemHttpResult NotFound(string what) =>
        TypedResults.Problem(
            statusCode: StatusCodes.Status404NotFound,
            title: "Not found",
            detail: $"No such {what}.",
            extensions: Named(ProblemCode.Gone)
        );

    public static ProblemHttpResult Conflict(string detail, string code) =>
        TypedResults.Problem(
            statusCode: StatusCodes.Status409Conflict,
            title: "Conflict",
            detail: detail,
            extensions: Named(code)
        );

    public static ProblemHttpResult BadGateway(string detail, string code) =>
        TypedResults.Problem(
            statusCode: StatusCodes.Status502BadGateway,
            title: "The gateway refused",
            detail: detail,
            extensions: Named(code)
        );

    /// <summary>A stable word for what is said, for programs and other languages.</summary>
    public static KeyValuePair<string, object?>[] Named(string code) => [new("code", code)];

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
            detail: $"{detail} Try again in {seconds} s.",
            extensions: Named(ProblemCode.Busy)
        );
    }
}
