using FlowChat.Accounts;
using FlowChat.Operations;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowChat.Tests.Accounts;

public sealed class HousekeepingTests(AccountsApp app) : IClassFixture<AccountsApp>
{
    [Fact]
    public async Task Ended_sessions_and_old_failures_go_and_nothing_else()
    {
        var tenant = await app.CreateTenantAsync();
        using var browser = app.Browser();
        var subject = new AccountsHousekeeping(
            app.Database,
            app.Clock,
            new Alarms(TimeProvider.System, NullLogger<Alarms>.Instance),
            NullLogger<AccountsHousekeeping>.Instance
        );
        await browser.SignInAsync(tenant.Email);
        await browser.SignInAsync(tenant.Email, "wrong");

        var early = await subject.RunOnceAsync(TestContext.Current.CancellationToken);
        app.Clock.Advance(TimeSpan.FromDays(1));
        var afterADay = await subject.RunOnceAsync(TestContext.Current.CancellationToken);
        app.Clock.Advance(TimeSpan.FromDays(29));
        var afterAMonth = await subject.RunOnceAsync(TestContext.Current.CancellationToken);

        Assert.Equal([(0, 0), (0, 1), (1, 0)], [early, afterADay, afterAMonth]);
    }
}
