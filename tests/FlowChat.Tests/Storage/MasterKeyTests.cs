using System.Security.Cryptography;
using FlowChat.Storage.KeyRing;

namespace FlowChat.Tests.Storage;

public sealed class MasterKeyTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flowchat-key-");

    private string FilePath => Path.Combine(_folder.FullName, MasterKey.FileName);

    [Fact]
    public void The_first_start_makes_a_file_that_the_next_one_reads()
    {
        using var first = MasterKey.LoadOrCreate(
            _folder.FullName,
            setting: null,
            ringIsEmpty: true
        );
        using var second = MasterKey.LoadOrCreate(
            _folder.FullName,
            setting: null,
            ringIsEmpty: false
        );

        Assert.Equal("secret", second.Open(first.Seal("secret", "name"), "name"));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite,
            File.GetUnixFileMode(FilePath)
        );
        Assert.Equal([FilePath], Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public void The_setting_leaves_no_file()
    {
        using var key = MasterKey.LoadOrCreate(_folder.FullName, NewKey(), ringIsEmpty: true);

        Assert.Equal("secret", key.Open(key.Seal("secret", "name"), "name"));
        Assert.Empty(_folder.GetFiles());
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void A_setting_that_is_no_key_is_refused_with_the_remedy(string setting) =>
        Refused(
            "openssl rand -base64 32",
            () => MasterKey.LoadOrCreate(_folder.FullName, setting, true)
        );

    [Fact]
    public void A_ring_without_its_key_gets_no_new_one()
    {
        Refused(
            "FLOWCHAT_MASTER_KEY",
            () => MasterKey.LoadOrCreate(_folder.FullName, null, ringIsEmpty: false)
        );

        Assert.False(File.Exists(FilePath));
    }

    [Fact]
    public void A_file_that_others_can_read_or_that_holds_no_key_is_refused()
    {
        File.WriteAllText(FilePath, NewKey());
        File.SetUnixFileMode(FilePath, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Refused(
            "chmod 600",
            () => MasterKey.LoadOrCreate(_folder.FullName, null, ringIsEmpty: true)
        );

        File.SetUnixFileMode(FilePath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(FilePath, "");
        Refused("backup", () => MasterKey.LoadOrCreate(_folder.FullName, null, ringIsEmpty: true));
    }

    [Fact]
    public void What_is_sealed_opens_with_its_key_under_its_name_and_unchanged_only()
    {
        using var key = MasterKey.LoadOrCreate(_folder.FullName, NewKey(), ringIsEmpty: true);
        using var other = MasterKey.LoadOrCreate(_folder.FullName, NewKey(), ringIsEmpty: true);
        var text = key.Seal("secret", "name");
        var bytes = Convert.FromBase64String(text);
        bytes[^1] ^= 1;

        Refused("FLOWCHAT_MASTER_KEY", () => other.Open(text, "name"));
        Refused("FLOWCHAT_MASTER_KEY", () => key.Open(text, "another name"));
        Refused("FLOWCHAT_MASTER_KEY", () => key.Open(Convert.ToBase64String(bytes), "name"));
        Refused("FLOWCHAT_MASTER_KEY", () => key.Open("", "name"));
        Assert.NotEqual(text, key.Seal("secret", "name"));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static void Refused(string remedy, Func<object> action) =>
        Assert.Contains(
            remedy,
            Assert.Throws<MasterKeyException>(action).Message,
            StringComparison.Ordinal
        );
}
