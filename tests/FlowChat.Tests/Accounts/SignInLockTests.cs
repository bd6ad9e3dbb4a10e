using FlowChat.Accounts;
using Microsoft.Extensions.DependencyInjection;

namespace FlowChat.Tests.Accounts;

public sealed class SignInLockTests(AccountsApp app) : IClassFixture<AccountsApp>
{
    private readonly string _email = $"{Guid.CreateVersion7():N}@example.com";

    private SignInLock Subject => app.Services.GetRequiredService<SignInLock>();

    [Fact]
    public async Task The_wait_doubles_up_to_fifteen_minutes()
    {
        await FailAsync(SignInLock.AllowedFailures);
        foreach (var minutes in new[] { 1, 2, 4, 8, 15, 15 })
        {
            Assert.Equal(TimeSpan.FromMinutes(minutes), await TryAsync());
            app.Clock.Advance(TimeSpan.FromMinutes(minutes));
            Assert.Null(await TryAsync());
        }
    }

    [Fact]
    public async Task A_success_in_between_starts_the_count_anew()
    {
        await FailAsync(SignInLock.AllowedFailures - 1);
        await Subject.ForgetAsync(_email, TestContext.Current.CancellationToken);
        await FailAsync(SignInLock.AllowedFailures);

        Assert.NotNull(await TryAsync());
    }

    [Fact]
    public async Task A_hundred_guesses_at_once_are_five()
    {
        var waits = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => TryAsync()));

        Assert.Equal(SignInLock.AllowedFailures, waits.Count(wait => wait is null));
    }

    private Task<TimeSpan?> TryAsync() =>
        Subject.TryAsync(_email, TestContext.Current.CancellationToken);

    private async Task FailAsync(int times)
    {
        for (var time = 0; time < times; time++)
            Assert.Null(await TryAsync());
    }
}
