using System.Text.Json.Serialization;
using FlowChat.Accounts;
using FlowChat.Contacts;
using FlowChat.Conversations;
using FlowChat.Gateways;
using FlowChat.Gateways.Cloud;
using FlowChat.Gateways.Evolution;
using FlowChat.Gateways.OutboundHttp;
using FlowChat.Gateways.Sandbox;
using FlowChat.Groups;
using FlowChat.Inbound;
using FlowChat.Inbound.Cloud;
using FlowChat.Inbound.Evolution;
using FlowChat.Instances;
using FlowChat.Json;
using FlowChat.Live;
using FlowChat.Media;
using FlowChat.Messages;
using FlowChat.Messages.Changes;
using FlowChat.Operations.Health;
using FlowChat.Operations.Metrics;
using FlowChat.Operations.Stopping;
using FlowChat.Operations.Work;
using FlowChat.Pictures;
using FlowChat.Settings;
using FlowChat.Storage;
using FlowChat.Storage.KeyRing;

namespace FlowChat.Operations;

/// <summary>The program's parts, put together. Which of them run is the command's choice.</summary>
internal static class FlowChatApp
{
    public static WebApplicationBuilder CreateBuilder()
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory }
        );
        builder.Configuration.AddFlowChatFiles();
        return builder;
    }

    /// <summary>For a process that answers no requests.</summary>
    public static HostApplicationBuilder CreateHostBuilder()
    {
        var builder = Host.CreateApplicationBuilder(
            new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory }
        );
        builder.Configuration.AddFlowChatFiles();
        return builder;
    }

    /// <summary>What every command needs: the database, the accounts, the writer.</summary>
    public static void AddCore(
        this IHostApplicationBuilder builder,
        FlowChatSettings settings,
        string connectionString
    )
    {
        var services = builder.Services;
        builder.Logging.AddFlowChatLogging(builder.Configuration);
        services.AddSingleton(settings);
        services.AddSingleton(_ => new Database(connectionString));
        services.AddSingleton(new DatabaseClock(OffsetClock.Read(builder.Configuration)));
        services.AddSingleton<TimeProvider>(all => all.GetRequiredService<DatabaseClock>());
        services.AddHostedService<DatabaseClockWatch>();
        services
            .AddSingleton<StorageStart>()
            .AddSingleton<FirstStart>()
            .AddSingleton<SandboxStart>();
        services.AddSingleton<MasterKey>(provider =>
            provider.GetRequiredService<StorageStart>().MasterKey
        );
        services.AddKeyRing();
        services.AddSingleton<TenantWriter>().AddSingleton<LiveSignal>().AddSingleton<Alarms>();
        services.Configure<AccountsOptions>(options =>
        {
            options.PublicUrl = settings.PublicUrl;
            options.IsLocal = settings.IsLocal;
            options.UploadLimit = settings.Media.MaxBytes;
        });
        services.AddAccounts();
        services.AddOutboundHttp(
            settings.PrivateHosts,
            settings.GatewayTimeout,
            settings.Media.MaxBytes
        );
        services.AddMedia(settings);
        services.AddSingleton<PictureFetch>().AddSingleton<PictureKeeper>();
        services
            .AddSingleton<IGateway, EvolutionGateway>()
            .AddSingleton<IGateway, SandboxGateway>()
            .AddSingleton<IGateway, CloudGateway>()
            .AddSingleton<GraphCalls>()
            .AddSingleton<CloudMedia>()
            .AddSingleton<CloudTemplates>()
            .AddSingleton<TemplateFill>()
            .AddSingleton<EvolutionCalls>()
            .AddSingleton<IGatewayAccount, EvolutionAccount>()
            .AddSingleton<IGatewayGroups, EvolutionGroups>()
            .AddSingleton<IGatewayPeople, EvolutionPeople>();
        services
            .AddSingleton<GatewayCatalog>()
            .AddSingleton<OutboundParts>()
            .AddSingleton<SendCall>()
            .AddSingleton<InstanceSetup>()
            .AddSingleton<InstanceQuery>();
        services.AddTelemetry(settings);
        services.Configure<HostOptions>(options => options.ShutdownTimeout = settings.Drain);
        services.AddDrain();
    }

    /// <summary>The API, the live streams and the page.</summary>
    public static void AddWeb(this WebApplicationBuilder builder, FlowChatSettings settings)
    {
        var services = builder.Services;
        services.AddHosted<MeterReadings>();
        services.ConfigureHttpJsonOptions(options =>
        {
            FlowChatJson.Configure(options.SerializerOptions);
            // Who misspells a field, or takes it for one that there is, must not believe that it counted.
            options.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        });
        services
            .AddSignalR()
            .AddJsonProtocol(options => FlowChatJson.Configure(options.PayloadSerializerOptions));
        services.AddSingleton<EventLog>().AddSingleton<LiveStream>().AddHealth();
        services
            .AddHosted<EventTail>()
            .AddHosted<NodeHints>()
            .AddHosted<InstanceMonitor>()
            .AddHosted<HistoryFill>()
            .AddHosted<ReleaseWatch>()
            .AddHosted<DoubtSearch>()
            .AddHosted<GroupRefresh>()
            .AddHosted<Housekeeping>()
            .AddHosted<EarlyChanges>()
            .AddHosted<ContactTyping>()
            .AddSingleton<Typing>();
        services
            .AddSingleton<InstanceDirectory>()
            .AddSingleton<InstanceCreation>()
            .AddSingleton<InstanceSession>();
        services
            .AddSingleton<Quarantine>()
            .AddSingleton<EmbeddedMedia>()
            .AddSingleton<MediaUpload>()
            .AddSingleton<OrphanedMedia>()
            .AddSingleton<MediaUpkeep>()
            .AddSingleton<ToldPictures>()
            .AddSingleton<EvolutionInbox>()
            .AddSingleton<EvolutionHistory>()
            .AddSingleton<EvolutionPages>()
            .AddSingleton<EvolutionWebhook>()
            .AddSingleton<WebhookBodies>()
            .AddSingleton<CloudApps>()
            .AddSingleton<CloudInbox>()
            .AddSingleton<CloudWebhook>();
        services
            .AddSingleton<ConversationQuery>()
            .AddSingleton<NumberCheck>()
            .AddSingleton<GroupQuery>()
            .AddSingleton<PictureQuery>()
            .AddSingleton<MessageQuery>()
            .AddSingleton<RawMessages>()
            .AddSingleton<ContactQuery>()
            .AddSingleton<SandboxPhone>();
        services.AddProblems();
        services.AddApiDescription();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Listen(settings.Bind, settings.Port);
            options.ListenForScrapes(settings);
        });
    }

    public static void MapEverything(this WebApplication app)
    {
        app.UseDrain();
        app.UseScrapes();
        app.UseProblems();
        app.UsePage();
        app.UseRouting();
        app.UseRequestSpans();
        app.UseAccounts();
        app.MapEvolutionWebhooks();
        app.MapCloudWebhooks();
        app.MapUnknownWebhooks();
        app.MapAccounts();
        app.MapInstances();
        app.MapInstanceSessions();
        app.MapTemplates();
        app.MapConversations();
        app.MapTyping();
        app.MapContacts();
        app.MapGroups();
        app.MapPictures();
        app.MapMessages();
        app.MapRawMessages();
        app.MapMessageChanges();
        app.MapAttachments();
        app.MapSandbox();
        app.MapLive();
        app.MapQueues();
        app.MapDeadLetters();
        app.MapHealth();
        app.MapMetrics();
        app.MapApiDescription();
        app.MapPage();
    }

    /// <summary>Beside the program, and in the folder that it is started from.</summary>
    private static void AddFlowChatFiles(this IConfigurationManager configuration)
    {
        configuration.AddJsonFile(
            Path.Combine(Environment.CurrentDirectory, "appsettings.json"),
            optional: true
        );
        configuration.AddEnvironmentVariables();
    }

    /// <summary>A duty that others also speak to. Named twice, it runs once.</summary>
    public static IServiceCollection AddHosted<T>(this IServiceCollection services)
        where T : class, IHostedService =>
        services.AddSingleton<T>().AddHostedService(provider => provider.GetRequiredService<T>());
}
