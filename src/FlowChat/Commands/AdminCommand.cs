using System.CommandLine;
using FlowChat.Accounts;

namespace FlowChat.Commands;

/// <summary><c>flowchat admin</c>: what only those who run the server may do.</summary>
internal static class AdminCommand
{
    public static Command Build(Func<CancellationToken, Task<IServiceProvider>> services) =>
        new("admin", "Make tenants and users, and let people in again.")
        {
            CreateTenantCommand.Build(services),
            CreateUserCommand.Build(services),
            ResetPasswordCommand.Build(services),
        };

    public static Option<string> Email() =>
        new("--email")
        {
            Description = "The address to sign in with.",
            Required = true,
            Validators =
            {
                result =>
                {
                    if (
                        !EmailAddress.IsValid(
                            EmailAddress.Normalize(result.GetValueOrDefault<string>())
                        )
                    )
                        result.AddError(
                            "--email: give an e-mail address such as marina@example.com."
                        );
                },
            },
        };

    public static Option<string?> Password() =>
        new("--password")
        {
            Description = "The password; one is made and printed when this is left out.",
            Validators =
            {
                result =>
                {
                    if (
                        result.GetValueOrDefault<string>()?.Length
                        is < Passwords.MinLength
                            or > Passwords.MaxLength
                    )
                        result.AddError(
                            $"--password: give {Passwords.MinLength} to {Passwords.MaxLength} characters."
                        );
                },
            },
        };

    /// <returns>The given password's hash, or that of a new one, which is told.</returns>
    public static async Task<(string Hash, string? Generated)> HashPasswordAsync(
        this IServiceProvider services,
        string? given,
        CancellationToken cancellationToken
    )
    {
        var generated = given is null ? Passwords.Generate() : null;
        var hash = await services
            .GetRequiredService<Passwords>()
            .HashAsync(given ?? generated!, cancellationToken);
        return (hash, generated);
    }

    public static void PrintSignIn(this TextWriter output, string email, string? generatedPassword)
    {
        output.WriteLine($"E-mail:   {email}");
        if (generatedPassword is not null)
            output.WriteLine($"Password: {generatedPassword}   (shown only now)");
    }
}
