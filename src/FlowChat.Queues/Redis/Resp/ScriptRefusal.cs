namespace FlowChat.Queues.Redis.Resp;

/// <summary>
/// The error of a command in a script. Redis 7.0 tells it as it is; 6.2 says
/// <c>ERR Error running script (call to f_…): @user_script:9: @user_script: 9: -OOM command not allowed…</c>
/// </summary>
internal static class ScriptRefusal
{
    private const string Wrapping = "ERR Error running script",
        Wrapped = ": -";

    public static string Unwrap(string error) =>
        error.StartsWith(Wrapping, StringComparison.Ordinal)
        && error.IndexOf(Wrapped, StringComparison.Ordinal) is >= 0 and var at
            ? error[(at + Wrapped.Length)..]
            : error;
}
