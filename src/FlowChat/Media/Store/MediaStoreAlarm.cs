using FlowChat.Operations;

namespace FlowChat.Media.Store;

/// <summary>Says once that the store is away, however many media wait for it, and that it takes them again.</summary>
internal sealed class MediaStoreAlarm(Alarms alarms, IMediaStore store)
{
    private const string Code = "media_store";

    private int _isRaised;

    public void Raise(MediaStoreException error)
    {
        if (Interlocked.Exchange(ref _isRaised, 1) == 0)
        {
            alarms.Raise(Code, error.Message);
        }
    }

    /// <summary>Only a save shows it: a store that is full can still be read.</summary>
    public void Saved()
    {
        if (Volatile.Read(ref _isRaised) == 1 && Interlocked.Exchange(ref _isRaised, 0) == 1)
        {
            alarms.Clear(Code, $"{store.Place} takes media.");
        }
    }
}
