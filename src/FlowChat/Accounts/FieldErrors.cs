using Microsoft.AspNetCore.Http.HttpResults;

namespace FlowChat.Accounts;

/// <summary>Collects what is wrong with a request: each field with its remedy.</summary>
internal sealed class FieldErrors
{
    private const int MaxNameLength = 100;

    private readonly Dictionary<string, string[]> _errors = [];
    private string? _code;

    public ValidationProblem? Problem => _errors.Count > 0 ? Problems.Fields(_errors, _code) : null;

    public string Email(string? typed)
    {
        var email = EmailAddress.Normalize(typed);
        Require(
            EmailAddress.IsValid(email),
            "email",
            "Give an e-mail address such as marina@example.com."
        );
        return email;
    }

    public string Name(string? typed)
    {
        var name = (typed ?? "").Trim();
        Require(
            IsLine(name, MaxNameLength),
            "name",
            $"Give a name of 1 to {MaxNameLength} characters on one line."
        );
        return name;
    }

    public string Password(string? typed, string field = "password")
    {
        Require(
            typed is { Length: >= Passwords.MinLength and <= Passwords.MaxLength },
            field,
            $"Give a password of {Passwords.MinLength} to {Passwords.MaxLength} characters."
        );
        return typed ?? "";
    }

    public Role Role(string? typed)
    {
        var role = Roles.Parse(typed);
        Require(role is not null, "role", "Give one of owner, admin, agent, viewer.");
        return role ?? Accounts.Role.Viewer;
    }

    public void Require(bool isMet, string field, string remedy, string? code = null)
    {
        if (isMet)
            return;
        _code = _errors.Count == 0 ? code : _code;
        _errors.TryAdd(field, [remedy]);
    }

    public static bool IsLine(string text, int most) =>
        text.Length > 0
        && text.Length <= most
        && !text.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029');
}
