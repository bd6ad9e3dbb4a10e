using FlowChat.Operations.Health;
using FlowChat.Tests.Accounts;

namespace FlowChat.Tests.Operations.Health;

public sealed class SharedLookTests
{
    private readonly FakeClock _clock = new();
    private readonly List<TaskCompletionSource<int>> _looks = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_who_ask_meanwhile_get_the_answer_of_one_look()
    {
        var look = Look();

        var asked = Enumerable.Range(0, 50).Select(_ => look.AskAsync(Ct)).ToList();
        (await BegunAsync(1)).SetResult(7);

        Assert.All(await Task.WhenAll(asked), answer => Assert.Equal(7, answer));
        Assert.Single(_looks);
    }

    [Fact]
    public async Task An_answer_counts_for_a_second_from_its_end()
    {
        var look = Look();
        var first = look.AskAsync(Ct);
        var begun = await BegunAsync(1);
        _clock.Advance(TimeSpan.FromSeconds(5));
        begun.SetResult(1);
        await first;

        _clock.Advance(TimeSpan.FromSeconds(0.999));
        Assert.Equal(1, await look.AskAsync(Ct));
        _clock.Advance(TimeSpan.FromSeconds(0.001));
        var second = look.AskAsync(Ct);
        (await BegunAsync(2)).SetResult(2);

        Assert.Equal(2, await second);
    }

    [Fact]
    public async Task Who_gives_up_ends_nobody_elses_wait()
    {
        var look = Look();
        using var gone = new CancellationTokenSource();
        var impatient = look.AskAsync(gone.Token);
        var patient = look.AskAsync(Ct);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        (await BegunAsync(1)).SetResult(3);

        Assert.Equal(3, await patient);
    }

    [Fact]
    public async Task A_look_that_fails_is_not_repeated_within_its_second_either()
    {
        var look = Look();
        var first = look.AskAsync(Ct);
        (await BegunAsync(1)).SetException(new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(() => first);

        await Assert.ThrowsAsync<TimeoutException>(() => look.AskAsync(Ct));
        _clock.Advance(TimeSpan.FromSeconds(1));
        var second = look.AskAsync(Ct);
        (await BegunAsync(2)).SetResult(4);

        Assert.Equal(4, await second);
    }

    private SharedLook<int> Look() =>
        new(
            () =>
            {
                var look = new TaskCompletionSource<int>();
                lock (_looks)
                {
                    _looks.Add(look);
                }
                return look.Task;
            },
            TimeSpan.FromSeconds(1),
            _clock
        );

    private async Task<TaskCompletionSource<int>> BegunAsync(int count)
    {
        while (true)
        {
            lock (_looks)
            {
                if (_looks.Count >= count)
                {
                    return _looks[count - 1];
                }
            }
            await Task.Yield();
        }
    }
}
