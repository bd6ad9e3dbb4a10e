namespace FlowChat.Accounts;

internal sealed class AccountsOptions
{
    /// <summary>FLOWCHAT_PUBLIC_URL: its origin is ours, whatever host a proxy asks for.</summary>
    public Uri? PublicUrl { get; set; }

    /// <summary>Only this machine can ask, and there is no public address: no other name leads here honestly.</summary>
    public bool IsLocal { get; set; }

    /// <summary>FLOWCHAT_MEDIA_MAX_MB, in bytes: told to whoever signs in.</summary>
    public long UploadLimit { get; set; }
}
