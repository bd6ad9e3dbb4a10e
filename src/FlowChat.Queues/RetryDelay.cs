namespace FlowChat.Queues;

/// <summary>The back-off between attempts: doubling, capped, and spread so that what failed together returns apart.</summary>
public static class RetryDelay
{
    /// <summary>
    /// The wait after a failed attempt: <see cref="QueueOptions.RetryDelay"/> doubled for each attempt before it, at
    /// most <see cref="QueueOptions.MaxRetryDelay"/>, plus or minus <see cref="QueueOptions.RetryJitter"/> of itself.
    /// </summary>
    /// <param name="attempt">The attempt that failed, 1 for the first.</param>
    /// <param name="options">The queue.</param>
    /// <param name="random">In [0, 1).</param>
    public static TimeSpan After(int attempt, QueueOptions options, double random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        ArgumentNullException.ThrowIfNull(options);
        // The exponent is bounded before the power, so that a large attempt can't overflow.
        var doubled = options.RetryDelay.TotalSeconds * Math.Pow(2, Math.Min(attempt - 1, 62));
        var capped = Math.Min(doubled, options.MaxRetryDelay.TotalSeconds);
        return TimeSpan.FromSeconds(capped * (1 + (options.RetryJitter * ((2 * random) - 1))));
    }
}
