using System.Collections.Concurrent;
using FlowChat.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace FlowChat.Tests.Accounts;

/// <summary>The real hasher at a cost that tests can bear; remembers which passwords it was asked to check.</summary>
internal sealed class RecordingHasher : IPasswordHasher<Passwords>
{
    private readonly PasswordHasher<Passwords> _hasher = new(
        Options.Create(new PasswordHasherOptions { IterationCount = 1 })
    );

    public ConcurrentQueue<string> Checked { get; } = [];

    public string HashPassword(Passwords user, string password) =>
        _hasher.HashPassword(user, password);

    public PasswordVerificationResult VerifyHashedPassword(
        Passwords user,
        string hashedPassword,
        string providedPassword
    )
    {
        Checked.Enqueue(providedPassword);
        return _hasher.VerifyHashedPassword(user, hashedPassword, providedPassword);
    }
}
