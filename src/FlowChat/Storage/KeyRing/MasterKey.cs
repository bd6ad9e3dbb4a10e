using System.Security.Cryptography;
using System.Text;

namespace FlowChat.Storage.KeyRing;

/// <summary>Encrypts the key ring: FLOWCHAT_MASTER_KEY, or a file in the data folder made at the first start.</summary>
internal sealed class MasterKey : IDisposable
{
    public const string Setting = "FLOWCHAT_MASTER_KEY";
    public const string FileName = "master.key";

    private const int KeySize = 32;
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly AesGcm _cipher;

    private MasterKey(byte[] key) => _cipher = new AesGcm(key, TagSize);

    /// <summary>Only inside the migration lock: of two nodes on one folder the second must find the file of the first.</summary>
    /// <exception cref="MasterKeyException">The message says what to do.</exception>
    public static MasterKey LoadOrCreate(string folder, string? setting, bool ringIsEmpty)
    {
        if (setting is not null)
            return new MasterKey(Decode(setting) ?? throw MasterKeyException.BadSetting());
        var path = Path.Combine(folder, FileName);
        if (File.Exists(path))
            return new MasterKey(Read(path));
        if (!ringIsEmpty)
            throw MasterKeyException.Missing(path);
        return new MasterKey(Create(path));
    }

    /// <param name="plaintext">What to hide.</param>
    /// <param name="name">What it is called: a sealed text opens under its own name only.</param>
    public string Seal(string plaintext, string name)
    {
        var text = Encoding.UTF8.GetBytes(plaintext);
        var sealedBytes = new byte[NonceSize + TagSize + text.Length];
        var (nonce, tag, cipherText) = Split(sealedBytes);
        RandomNumberGenerator.Fill(nonce.Span);
        _cipher.Encrypt(nonce.Span, text, cipherText.Span, tag.Span, Encoding.UTF8.GetBytes(name));
        return Convert.ToBase64String(sealedBytes);
    }

    /// <exception cref="MasterKeyException">Another key sealed it.</exception>
    public string Open(string sealedText, string name)
    {
        try
        {
            var (nonce, tag, cipherText) = Split(Convert.FromBase64String(sealedText));
            var text = new byte[cipherText.Length];
            _cipher.Decrypt(
                nonce.Span,
                cipherText.Span,
                tag.Span,
                text,
                Encoding.UTF8.GetBytes(name)
            );
            return Encoding.UTF8.GetString(text);
        }
        catch (Exception error)
            when (error is CryptographicException or FormatException or ArgumentException)
        {
            throw MasterKeyException.Wrong(error);
        }
    }

    public void Dispose() => _cipher.Dispose();

    private static (Memory<byte> Nonce, Memory<byte> Tag, Memory<byte> CipherText) Split(
        byte[] bytes
    ) =>
        (
            bytes.AsMemory(0, NonceSize),
            bytes.AsMemory(NonceSize, TagSize),
            bytes.AsMemory(NonceSize + TagSize)
        );

    private static byte[]? Decode(string text)
    {
        var key = new byte[KeySize];
        return Convert.TryFromBase64String(text.Trim(), key, out var length) && length == KeySize
            ? key
            : null;
    }

    private static byte[] Read(string path)
    {
        const UnixFileMode Others = ~(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        if (
            !OperatingSystem.IsWindows()
            && (File.GetUnixFileMode(path) & Others) != UnixFileMode.None
        )
            throw MasterKeyException.TooOpen(path);
        return Decode(File.ReadAllText(path)) ?? throw MasterKeyException.BadFile(path);
    }

    private static byte[] Create(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var key = RandomNumberGenerator.GetBytes(KeySize);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var half = path + ".new";
        using (var file = new FileStream(half, options))
        {
            file.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(key) + "\n"));
            // The ring is worth nothing without it: it is on the disk before the first element is.
            file.Flush(flushToDisk: true);
        }

        File.Move(half, path);
        return key;
    }
}
