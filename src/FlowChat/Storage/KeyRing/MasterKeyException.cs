namespace FlowChat.Storage.KeyRing;

/// <summary>The stored secrets can't be opened; the message names the remedy.</summary>
internal sealed class MasterKeyException : Exception
{
    private MasterKeyException(string message, Exception? inner = null)
        : base(message, inner) { }

    public static MasterKeyException BadSetting() =>
        new(
            $"{MasterKey.Setting} is no key: give 32 random bytes in base64 (openssl rand -base64 32)."
        );

    public static MasterKeyException BadFile(string path) =>
        new(
            $"{path} holds no key of 32 bytes in base64. Restore it from a backup of the data folder."
        );

    public static MasterKeyException TooOpen(string path) =>
        new($"{path} can be read by others. Run: chmod 600 {path}");

    public static MasterKeyException Missing(string path) =>
        new(
            $"The database holds secrets, but their key is not here: set {MasterKey.Setting} to the key that sealed them, "
                + $"or restore {path} from the data folder of the first start."
        );

    public static MasterKeyException Wrong(Exception inner) =>
        new(
            $"The database's secrets were sealed with another master key: set {MasterKey.Setting} to that key, "
                + $"or restore the {MasterKey.FileName} of the first start.",
            inner
        );
}
