using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace FlowChat.Tests;

/// <summary>One FlowChat with workers for all tests of a class; each test connects a number of its own.</summary>
public class SendingFlowChat : IAsyncLifetime
{
    private readonly SharedPostgres _postgres;
    private readonly IReadOnlyDictionary<string, string?>? _settings;
    private readonly bool _workers;
    private readonly Action<IServiceCollection>? _services;

    public SendingFlowChat(SharedPostgres postgres)
        : this(postgres, settings: null) { }

    protected SendingFlowChat(
        SharedPostgres postgres,
        IReadOnlyDictionary<string, string?>? settings = null,
        bool workers = true,
        Action<IServiceCollection>? services = null
    ) => (_postgres, _settings, _workers, _services) = (postgres, settings, workers, services);

    public FlowChatServer Server { get; private set; } = null!;

    /// <summary>For a second node on the same database.</summary>
    public string ConnectionString { get; private set; } = "";

    public Guid TenantId { get; private set; }

    public async ValueTask InitializeAsync()
    {
        ConnectionString = await _postgres.CreateDatabaseAsync();
        Server = await FlowChatServer.StartAsync(ConnectionString, _settings, _services, _workers);
        var me = await Server.Client.GetAsync<Me>("/api/me", CancellationToken.None);
        TenantId = me.Tenant.Id;
    }

    public Task<TestNumber> ConnectAsync(CancellationToken cancellationToken) =>
        TestNumber.ConnectAsync(Server, cancellationToken);

    /// <summary>A number whose gateway tells nothing of what it sent, and does so with the next sends.</summary>
    public async Task<TestNumber> ConnectMuteAsync(
        CancellationToken cancellationToken,
        params Reply[] replies
    )
    {
        var number = await ConnectAsync(cancellationToken);
        number.Gateway.Echo = new EchoPlan { Copies = 0 };
        number.Gateway.Script.Next(replies);
        return number;
    }

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

    private sealed record Me(Tenant Tenant);

    private sealed record Tenant(Guid Id);

    /// <summary>The inbox alone: what sends is a process of its own, which a test can kill.</summary>
    public sealed class WithoutWorkers(SharedPostgres postgres)
        : SendingFlowChat(postgres, null, workers: false),
            IAsyncDisposable
    {
        private readonly string _data = Directory
            .CreateTempSubdirectory("flowchat-sender-")
            .FullName;

        /// <summary>For any other process beside the inbox.</summary>
        public IReadOnlyDictionary<string, string> Settings =>
            new Dictionary<string, string>
            {
                ["DATABASE_URL"] = ConnectionString,
                ["FLOWCHAT_DATA"] = _data,
                ["FLOWCHAT_MASTER_KEY"] = FlowChatServer.MasterKey,
            };

        public Task<FlowChatProcess> StartSenderAsync(CancellationToken cancellationToken) =>
            FlowChatProcess.StartAsync(Settings, cancellationToken);

        async ValueTask IAsyncDisposable.DisposeAsync()
        {
            await DisposeAsync();
            Directory.Delete(_data, recursive: true);
        }
    }
}
