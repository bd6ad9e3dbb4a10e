using System.Collections.Concurrent;
using System.Net;

namespace FlowChat.Chaos.Traffic;

/// <summary>Looks at every answer that any client gets. 2xx and 503 are expected, and no answer at all.</summary>
internal sealed class Judge
{
    private readonly ConcurrentQueue<string> unexpected = new();
    private int tries;
    private int refused;
    private int cut;

    public IReadOnlyList<string> Unexpected => [.. unexpected];

    /// <summary>Requests begun; answered with 503; not answered.</summary>
    public (int Tries, int Refused, int Cut) Figures => (tries, refused, cut);

    /// <returns>Whether it is done, or is to be tried again.</returns>
    public bool Accepts(string what, HttpStatusCode? status, string answer)
    {
        Interlocked.Increment(ref tries);
        switch ((int?)status)
        {
            case null:
                Interlocked.Increment(ref cut);
                return false;
            case 503:
                Interlocked.Increment(ref refused);
                return false;
            case >= 200 and < 300:
                return true;
            default:
                Condemn(
                    $"{what} answered {(int)status!}: {answer[..Math.Min(300, answer.Length)]}"
                );
                return false;
        }
    }

    public void Condemn(string finding) => unexpected.Enqueue(finding);
}
