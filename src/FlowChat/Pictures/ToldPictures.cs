using System.Collections.Concurrent;
using FlowChat.Contacts;

namespace FlowChat.Pictures;

/// <summary>Which pictures events told of last: they come beside each message, and nearly all of them tell nothing new.</summary>
internal sealed class ToldPictures
{
    // Some megabytes. Whoever is forgotten is looked up once more.
    private const int Most = 20_000;

    private readonly ConcurrentDictionary<(Guid, WhatsAppAddress), string> _told = new();

    public bool IsNew(PictureNews news) =>
        !_told.TryGetValue((news.InstanceId, news.Address), out var source)
        || source != news.Source;

    public void Remember(PictureNews news)
    {
        if (_told.Count >= Most)
        {
            _told.Clear();
        }
        _told[(news.InstanceId, news.Address)] = news.Source;
    }
}
