using System.Security.Cryptography;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Identity;

namespace FlowChat.Accounts;

/// <summary>Hashes and checks passwords, a few at a time: each costs a core for a tenth of a second, on purpose.</summary>
internal sealed class Passwords : IDisposable
{
    public const int MinLength = 8;
    public const int MaxLength = 256;
    public const int Iterations = 210_000;

    private const int MaxWaiting = 100;

    private readonly IPasswordHasher<Passwords> _hasher;
    private readonly string _noOnesHash;
    private readonly ConcurrencyLimiter _cores = new(
        new ConcurrencyLimiterOptions
        {
            PermitLimit = Math.Max(1, Environment.ProcessorCount / 2),
            QueueLimit = MaxWaiting,
        }
    );

    public Passwords(IPasswordHasher<Passwords> hasher)
    {
        _hasher = hasher;
        _noOnesHash = hasher.HashPassword(this, SecretToken.Create());
    }

    /// <summary>One to be typed from a screen: 79 bits, no letter that looks like a digit.</summary>
    public static string Generate() =>
        string.Join(
            '-',
            RandomNumberGenerator
                .GetString("abcdefghjkmnpqrstuvwxyz23456789", 16)
                .Chunk(4)
                .Select(part => new string(part))
        );

    public async Task<string> HashAsync(string password, CancellationToken cancellationToken)
    {
        using var core = await CoreAsync(cancellationToken);
        return _hasher.HashPassword(this, password);
    }

    /// <summary>False without a hash, after the same work.</summary>
    public async Task<bool> VerifyAsync(
        string? hash,
        string password,
        CancellationToken cancellationToken
    )
    {
        using var core = await CoreAsync(cancellationToken);
        var result = _hasher.VerifyHashedPassword(this, hash ?? _noOnesHash, password);
        return hash is not null && result != PasswordVerificationResult.Failed;
    }

    public void Dispose() => _cores.Dispose();

    private async Task<RateLimitLease> CoreAsync(CancellationToken cancellationToken)
    {
        var lease = await _cores.AcquireAsync(1, cancellationToken);
        if (lease.IsAcquired)
            return lease;
        lease.Dispose();
        throw new TooManyPasswordsException();
    }
}

/// <summary>More passwords wait to be checked than can be in a few seconds.</summary>
internal sealed class TooManyPasswordsException() : Exception("Too many passwords at once.");
