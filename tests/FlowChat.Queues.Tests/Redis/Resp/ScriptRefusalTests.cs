using System.Text;
using FlowChat.Queues.Redis.Resp;

namespace FlowChat.Queues.Tests.Redis.Resp;

/// <summary>The errors of commands in scripts, as Redis 6.2 and 7.0 tell them.</summary>
public sealed class ScriptRefusalTests
{
    private const string Of62 =
        "ERR Error running script (call to f_e0e1f9): @user_script:9: @user_script: 9: -";

    [Theory]
    [InlineData("")]
    [InlineData(Of62)]
    public async Task A_server_that_can_serve_nobody_is_away(string wrapping)
    {
        await using var server = Refusing(wrapping + "MISCONF Errors writing to the AOF file");
        await using var client = RedisBed.Client(server.Url);
        await Assert.ThrowsAsync<QueueUnavailableException>(() => client.AskAsync("PING"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(Of62)]
    public async Task A_full_server_is_told_by_its_code(string wrapping)
    {
        await using var server = Refusing(wrapping + "OOM command not allowed");
        await using var client = RedisBed.Client(server.Url);
        var refusal = await Assert.ThrowsAsync<RedisException>(() => client.AskAsync("PING"));
        Assert.Equal("OOM", refusal.Code);
    }

    private static ScriptedServer Refusing(string error) =>
        new(
            async (stream, ct) =>
            {
                await stream.ReadExactlyAsync(new byte["*1\r\n$4\r\nPING\r\n".Length], ct);
                await stream.WriteAsync(Encoding.UTF8.GetBytes($"-{error}\r\n"), ct);
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
            }
        );
}
