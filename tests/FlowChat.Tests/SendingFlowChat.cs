using FlowChat.Testing.Api;

namespace FlowChat.Tests;

/// <summary>One FlowChat with workers for all tests of a class; each test connects a number of its own.</summary>
public class SendingFlowChat : IAsyncLifetime
{
    private readonly SharedPostgres _postgres;
    private readonly IReadOnlyDictionary<string, string?>? _settings;

    public SendingFlowChat(SharedPostgres postgres)
        : this(postgres, null) { }

    protected SendingFlowChat(
        SharedPostgres postgres,
        IReadOnlyDictionary<string, string?>? settings
    ) => (_postgres, _settings) = (postgres, settings);

    public FlowChatServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        Server = await FlowChatServer.StartAsync(await _postgres.CreateDatabaseAsync(), _settings);

    public Task<TestNumber> ConnectAsync(CancellationToken cancellationToken) =>
        TestNumber.ConnectAsync(Server, cancellationToken);

    public Task<Message> ResendAsync(Message message, CancellationToken cancellationToken) =>
        Server.Client.PostAsync<Message>(
            $"/api/messages/{message.Id}/resend",
            new { },
            cancellationToken
        );

    public Task<Message> DismissAsync(Message message, CancellationToken cancellationToken) =>
        Server.Client.PostAsync<Message>(
            $"/api/messages/{message.Id}/dismiss",
            new { },
            cancellationToken
        );

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
