using FlowChat.Messages;

namespace FlowChat.Gateways.Cloud;

/// <summary>What an error of Meta's means for a message, by its code: all of them say that nothing was sent.</summary>
internal static class GraphErrorClass
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    // Meta lets go of a pair as its loan is paid back, a message every six seconds.
    private static readonly TimeSpan PairPause = TimeSpan.FromSeconds(30);

    // Until a person has settled it with Meta. The number's state is asked more often, and ends it sooner.
    private static readonly TimeSpan BlockedPause = TimeSpan.FromMinutes(5);

    public static SendResult ToResult(GraphError error, bool isServers) =>
        error.Code switch
        {
            _ when IsOfKey(error.Code) => new SendResult.KeyRefused(KeyRefusal(error)),
            131056 => new SendResult.Delayed(error.Text, PairPause),
            _ when PauseOf(error.Code) is { } pause => new SendResult.NotConnected(
                error.Text,
                pause
            )
            {
                IsPace = pause < BlockedPause,
            },
            1 or 2 or 131000 or 131016 or 133004 => new SendResult.NotSent(
                SendError.GatewayError,
                error.Text
            ),
            33 => new SendResult.NotSent(SendError.InstanceMissing, error.Text),
            _ when isServers && !IsFinal(error.Code) => new SendResult.NotSent(
                SendError.GatewayError,
                error.Text
            ),
            _ => new SendResult.Refused(CodeOf(error.Code), error.Text),
        };

    /// <summary>In the words that the page translates.</summary>
    public static string CodeOf(int code) =>
        code switch
        {
            131047 or 470 => SendError.WindowClosed,
            // Also: the person's choice, an experiment of Meta's, a country.
            131026 or 131030 or 131049 or 131050 or 130472 or 130497 or 131062 =>
                SendError.Undeliverable,
            >= 132000 and < 133000 => SendError.TemplateRefused,
            100 or 131008 or 131009 or 131021 or 131051 or 131052 or 131053 => SendError.Refused,
            _ when IsOfKey(code) => SendError.Unauthorized,
            _ => SendError.GatewayError,
        };

    /// <summary>The token has ended, was taken back, or may not do this.</summary>
    public static bool IsOfKey(int code) =>
        code is 0 or 3 or 10 or 190 or (>= 200 and < 300) or 131005;

    public static string KeyRefusal(GraphError error) =>
        $"The gateway refuses its key: {error.Text}";

    /// <summary>How long the whole number waits; null = an error that isn't the number's.</summary>
    public static TimeSpan? PauseOf(int code) =>
        code switch
        {
            // More than the number may send in a second.
            130429 => Moment,
            // More calls than the app or the account may make in an hour; a number that gets a higher rate just now.
            4 or 80007 or 80008 or 131057 => Minute,
            // Locked, unpaid, reported as spam, not registered.
            368 or 131031 or 131042 or 131048 or 131045 or 133010 => BlockedPause,
            _ => null,
        };

    private static bool IsFinal(int code) => CodeOf(code) != SendError.GatewayError;
}
