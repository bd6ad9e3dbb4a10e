using FlowChat.Media.Store;
using FlowChat.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace FlowChat.Tests.Media;

/// <summary>A media store that a test takes away and gives back.</summary>
internal sealed class SwitchedStore(IMediaStore store) : IMediaStore
{
    /// <summary>What every call ends in; null = it works.</summary>
    public Exception? Failure { get; set; }

    /// <summary>What a removal ends in.</summary>
    public Exception? RemovalFailure { get; set; }

    public string Place => store.Place;

    public Task SaveAsync(Guid tenantId, SpooledFile file, CancellationToken cancellationToken) =>
        Failure is { } error
            ? Task.FromException(error)
            : store.SaveAsync(tenantId, file, cancellationToken);

    public Task<Stream> OpenAsync(
        Guid tenantId,
        string sha256,
        CancellationToken cancellationToken
    ) =>
        Failure is { } error
            ? Task.FromException<Stream>(error)
            : store.OpenAsync(tenantId, sha256, cancellationToken);

    public Task<bool> ExistsAsync(
        Guid tenantId,
        string sha256,
        CancellationToken cancellationToken
    ) =>
        Failure is { } error
            ? Task.FromException<bool>(error)
            : store.ExistsAsync(tenantId, sha256, cancellationToken);

    public Task DeleteAsync(Guid tenantId, string sha256, CancellationToken cancellationToken) =>
        (RemovalFailure ?? Failure) is { } error
            ? Task.FromException(error)
            : store.DeleteAsync(tenantId, sha256, cancellationToken);

    public IAsyncEnumerable<StoredBytes> ListAsync(
        Guid tenantId,
        string prefix,
        CancellationToken cancellationToken
    ) => Failure is { } error ? throw error : store.ListAsync(tenantId, prefix, cancellationToken);
}

/// <summary>FlowChat with a media store that tests take away.</summary>
public sealed class SwitchedStoreFlowChat(SharedPostgres postgres)
    : SendingFlowChat(
        postgres,
        services: services =>
            services.AddSingleton<IMediaStore>(provider => new SwitchedStore(
                new FolderMediaStore(provider.GetRequiredService<FlowChatSettings>())
            ))
    )
{
    internal SwitchedStore Store => (SwitchedStore)Server.Get<IMediaStore>();
}
