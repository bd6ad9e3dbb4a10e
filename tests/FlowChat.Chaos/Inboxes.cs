using FlowChat.Chaos.Traffic;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Testing.Servers;
using FlowChat.Testing.Stack;
using Conversation = FlowChat.Testing.Api.Conversation;

namespace FlowChat.Chaos;

/// <summary>The tenants of a run with their numbers, of which the first has two, and a conversation with each person.</summary>
internal static class Inboxes
{
    public static async Task<IReadOnlyList<Line>> CreateAsync(
        FlowChatStack stack,
        ChaosOptions options,
        CancellationToken ct
    )
    {
        var lines = new List<Line>();
        for (var tenant = 0; tenant < options.Tenants; tenant++)
        {
            var client = await OpenAsync(stack, tenant, ct);
            for (var number = 0; number < (tenant == 0 ? 2 : 1); number++)
                lines.Add(await ConnectAsync(stack, client, $"t{tenant}n{number}", options, ct));
        }
        return lines;
    }

    private static async Task<FlowChatClient> OpenAsync(
        FlowChatStack stack,
        int tenant,
        CancellationToken ct
    )
    {
        var key = FlowChatStack.ApiKey;
        // The first start made the first one.
        if (tenant > 0)
        {
            var email = $"owner{tenant}@stack.example";
            string[] create = ["admin", "create-tenant", "--name", $"Tenant {tenant}"];
            string[] owner = ["--email", email, "--password", FlowChatStack.Password];
            await FlowChatProcess.RunAsync(stack.CommandSettings, ct, [.. create, .. owner]);
            key = await OwnerKey.CreateAsync(stack.Address, email, FlowChatStack.Password, ct);
        }
        return new FlowChatClient(stack.Address, key);
    }

    private static async Task<Line> ConnectAsync(
        FlowChatStack stack,
        FlowChatClient client,
        string name,
        ChaosOptions options,
        CancellationToken ct
    )
    {
        var fake = stack.Gateway.AddInstance(name);
        var instance = await client.CreateEvolutionInstanceAsync(
            name,
            stack.GatewayAddress,
            stack.Gateway.ApiKey,
            name,
            ct
        );
        var talks = new List<Talk>();
        for (var n = 0; n < options.People; n++)
        {
            var person = Person.Number(n);
            var conversation = await client.PostAsync<Conversation>(
                "/api/conversations",
                new { InstanceId = instance.Id, person.Phone },
                ct
            );
            talks.Add(new Talk(conversation.Id, person));
        }
        return fake.Webhook is not null
            ? new Line(client, instance, fake, talks)
            : throw new InvalidOperationException($"{name} has no webhook: {instance.StateReason}");
    }
}
