using Microsoft.Extensions.Options;

namespace FlowChat.Accounts;

/// <summary>Tells our own pages from another site's: by the request's host, or by FLOWCHAT_PUBLIC_URL.</summary>
internal sealed class OwnOrigin(IOptions<AccountsOptions> options)
{
    private readonly Uri? _publicUrl = options.Value.PublicUrl;
    private readonly bool _isLocal = options.Value.IsLocal;

    /// <summary>Whether the Origin header names us. False without one.</summary>
    public bool Sent(HttpRequest request) =>
        Uri.TryCreate(request.Headers.Origin, UriKind.Absolute, out var sent)
        && (IsPublic(sent) || IsRequested(sent, request));

    /// <summary>Whether the browser came over HTTPS, perhaps through a proxy that ends it.</summary>
    public bool IsHttps(HttpRequest request) =>
        request.IsHttps
        || (
            _publicUrl is { } url
            && url.Scheme == Uri.UriSchemeHttps
            && string.Equals(url.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase)
        );

    private bool IsPublic(Uri sent) =>
        _publicUrl is { } url && sent.Scheme == url.Scheme && sent.Authority == url.Authority;

    private bool IsRequested(Uri sent, HttpRequest request)
    {
        // A stranger's name can be made to point at this machine: then its page asks us under that name.
        if (_isLocal && !sent.IsLoopback)
            return false;
        if (
            sent.Scheme != Uri.UriSchemeHttps
            && (request.IsHttps || sent.Scheme != Uri.UriSchemeHttp)
        )
            return false;
        // Parsed under the sender's scheme: behind a proxy that ends TLS ours is http, and 443 must match no port.
        return Uri.TryCreate(
                $"{sent.Scheme}://{request.Host.Value}",
                UriKind.Absolute,
                out var ours
            )
            && ours.Authority == sent.Authority;
    }
}
