using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace FlowChat.Queues;

/// <summary>One queue: its limits and its speed. Every process that uses the queue should say the same.</summary>
public sealed class QueueOptions
{
    /// <summary>Letters, digits, '_', '-', '.' and ':'; 1–100 characters.</summary>
    [Required, RegularExpression("[A-Za-z0-9_.:-]{1,100}")]
    public string Name { get; set; } = "";

    /// <summary>Attempts of a job, the first included, before it is dead: 1–1,000. Default: 5.</summary>
    [Range(1, 1000)]
    public int MaxAttempts { get; set; } = 5;

    /// <summary>Wait after the first failed attempt; doubles with each further one: 0 s–1 day. Default: 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest wait between attempts, before jitter: 0 s–7 days. Default: 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Spread of the wait as a share of itself, to both sides: 0–1. Default: 0.2.</summary>
    [Range(0.0, 1.0)]
    public double RetryJitter { get; set; } = 0.2;

    /// <summary>Handlers that one worker runs at once: 1–1,000. Default: 16.</summary>
    [Range(1, 1000)]
    public int Concurrency { get; set; } = 16;

    /// <summary>Workers that one process starts for the queue: 1–100. Default: 1.</summary>
    [Range(1, 100)]
    public int Consumers { get; set; } = 1;

    /// <summary>
    /// How much work a worker may claim before it has a free handler, as the time in which its handlers get through it, so
    /// that quick jobs aren't fetched one by one: 0 (none)–1 s. Default: 10 ms.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01")]
    public TimeSpan PrefetchTime { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>The most jobs that <see cref="PrefetchTime"/> may come to: 0–10,000. Default: 1,000.</summary>
    [Range(0, 10_000)]
    public int MaxPrefetch { get; set; } = 1_000;

    /// <summary>
    /// How long a worker that died keeps its jobs. A living one renews after a third of it: 1 s–1 h. Default: 60 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Jobs of one <see cref="Job.LimitKey"/> that run at once, over all processes: 1–1,000; a ledger may say otherwise
    /// of one key. Waiting for the key costs no attempt and holds no handler. Default: null, any number; without
    /// <see cref="KeyRate"/> too, the queue's jobs have no limit keys.
    /// </summary>
    [Range(1, 1000)]
    public int? KeyConcurrency { get; set; }

    /// <summary>
    /// Jobs of one <see cref="Job.LimitKey"/> that begin within any <see cref="KeyRatePeriod"/>, over all processes:
    /// 1–10,000. Counts as <see cref="Rate"/> does; other keys don't wait. Default: null, any number.
    /// </summary>
    [Range(1, 10_000)]
    public int? KeyRate { get; set; }

    /// <summary>See <see cref="KeyRate"/>: 10 ms–1 day. Default: 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "1.00:00:00")]
    public TimeSpan KeyRatePeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Jobs that begin within any <see cref="RatePeriod"/>, over all processes: 1–10,000. Each run counts from its claim by
    /// the server's clock, also a retry and one that is handed back; a queue with a rate fetches nothing ahead. Waiting
    /// costs no attempt and holds no handler. Default: null, any number.
    /// </summary>
    [Range(1, 10_000)]
    public int? Rate { get; set; }

    /// <summary>See <see cref="Rate"/>: 10 ms–1 day. Default: 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "1.00:00:00")]
    public TimeSpan RatePeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Streams among which Redis divides the queue, each in a slot of its own, so that its load falls on several nodes of a
    /// cluster: 1–64. A job's lane chooses, else its id. Lanes keep their order; what goes over lanes (the longest due
    /// first, a batch all or none, an id once) holds within a partition, and limits are refused. Another number loses no
    /// job, but a lane may then run in two partitions at once until the old ones are empty. Other backends refuse more
    /// than 1. Default: 1.
    /// </summary>
    [Range(1, 64)]
    public int Partitions { get; set; } = 1;

    /// <summary>
    /// How often an idle worker looks without being woken, and so how late a delayed job may start: 10 ms–1 min.
    /// Default: 1 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Completed jobs that are kept to be looked at: 0–100,000. Default: 100.</summary>
    [Range(0, 100_000)]
    public int CompletedHistory { get; set; } = 100;

    /// <summary>Failed jobs that are kept to be looked at: 0–100,000. Default: 500.</summary>
    [Range(0, 100_000)]
    public int FailedHistory { get; set; } = 500;

    internal bool HasKeys => KeyConcurrency is not null || KeyRate is not null;

    internal bool IsRated => Rate is not null || KeyRate is not null;

    internal bool IsLimited => HasKeys || IsRated;

    internal QueueOptions Undivided()
    {
        var whole = (QueueOptions)MemberwiseClone();
        whole.Partitions = 1;
        return whole;
    }
}

[OptionsValidator]
internal sealed partial class QueueOptionsValidator : IValidateOptions<QueueOptions>;
