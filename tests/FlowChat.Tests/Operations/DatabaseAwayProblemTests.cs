using FlowChat.Operations;
using FlowChat.Storage;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace FlowChat.Tests.Operations;

/// <summary>What a read that fails with its connection is answered.</summary>
public sealed class DatabaseAwayProblemTests : IProblemDetailsService
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<Exception> Passing =>
        [
            Refusal(PostgresErrorCodes.AdminShutdown),
            Refusal(PostgresErrorCodes.CrashShutdown),
            Refusal(PostgresErrorCodes.CannotConnectNow),
            Refusal(PostgresErrorCodes.TooManyConnections),
            new NpgsqlException("Exception while reading from stream", new EndOfStreamException()),
            new NpgsqlException("The connection is broken"),
            new StorageUnavailableException("The database is away."),
        ];

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task It_is_503_and_when_to_come_back(Exception error)
    {
        var context = new DefaultHttpContext();

        Assert.True(await new ProblemWriter(this).TryHandleAsync(context, error, Ct));

        Assert.Equal(StatusCodes.Status503ServiceUnavailable, context.Response.StatusCode);
        Assert.Equal("5", context.Response.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_mistake_of_ours_is_not()
    {
        var error = Refusal(PostgresErrorCodes.UndefinedTable);

        Assert.False(
            await new ProblemWriter(this).TryHandleAsync(new DefaultHttpContext(), error, Ct)
        );
    }

    ValueTask IProblemDetailsService.WriteAsync(ProblemDetailsContext context) => default;

    ValueTask<bool> IProblemDetailsService.TryWriteAsync(ProblemDetailsContext context) =>
        ValueTask.FromResult(true);

    private static PostgresException Refusal(string code) => new("refused", "FATAL", "FATAL", code);
}
