using FlowChat.Groups;
using FlowChat.Media.Store;
using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Tests.Media;
using Group = FlowChat.Testing.Evolution.Payloads.Group;

namespace FlowChat.Tests.Groups;

/// <summary>A group's picture, while FlowChat can't keep it.</summary>
public sealed class GroupPictureTests(SwitchedStoreFlowChat flowChat)
    : IClassFixture<SwitchedStoreFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task It_waits_for_the_store_without_an_attempt()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var (ana, group) = (Person.Number(1), Group.Suppliers);
        number.Fake.Groups[group.Jid] = group.Metadata("Fornecedores", number.Now, (ana, null));
        number.Gateway.Pictures.Set(group.Jid, TestFile.Jpeg(seed: 81));
        flowChat.Store.Failure = new MediaStoreException("it is away", new IOException());

        await number.Fake.PostAsync(
            new TextMessage(number.Fake.Number, ana, "Bom dia")
            {
                Group = group,
                SentAt = number.Now,
            }.ToEnvelope()
        );

        var job = await number.WaitForJobAsync(
            GroupInfoJob.Queue,
            // It was tried and given back.
            row => row is { Token: null, Reason: not null },
            Ct
        );
        Assert.Equal(("available", 0, "it is away"), (job.State, job.Attempt, job.Reason));
        flowChat.Store.Failure = null;
        await number.ExecuteAsync(
            "update jobs set due_at = now() where queue = @Queue",
            new { GroupInfoJob.Queue }
        );
        await number.WaitAsync(live => live.Conversation?.Group?.Picture is not null, Ct);
    }
}
