namespace FlowChat.Storage;

/// <summary>
/// A change that an inbox can see. It says beforehand what it touches, and then changes the loaded state in memory;
/// many of them share one transaction.
/// </summary>
internal abstract class TenantChange<TResult>
{
    public abstract void Declare(WorkKeys keys);

    /// <summary>Runs again from the start when the transaction is repeated: keep no state between calls.</summary>
    public abstract TResult Apply(Workspace work);
}
