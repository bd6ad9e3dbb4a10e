using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Tests.Storage;

public sealed class DatabaseUrlTests
{
    [Theory]
    [InlineData(
        "postgres://ana:secret@db.example.com:6432/chat",
        "db.example.com",
        6432,
        "ana",
        "secret",
        "chat"
    )]
    [InlineData("postgresql://ana@db/chat", "db", 5432, "ana", null, "chat")]
    [InlineData("postgres://db/chat", "db", 5432, null, null, "chat")]
    [InlineData(
        "postgres://a%40b:p%3A%2F%3F%23%25@db/ch%20at",
        "db",
        5432,
        "a@b",
        "p:/?#%",
        "ch at"
    )]
    [InlineData("postgres://ana:a:b@10.0.0.1:5432/chat", "10.0.0.1", 5432, "ana", "a:b", "chat")]
    [InlineData(
        "Host=/run/postgresql;Username=ana;Database=chat",
        "/run/postgresql",
        5432,
        "ana",
        null,
        "chat"
    )]
    public void An_address_is_read(
        string url,
        string host,
        int port,
        string? user,
        string? password,
        string database
    )
    {
        var read = new NpgsqlConnectionStringBuilder(DatabaseUrl.TryParse(url));

        Assert.Equal(
            (host, port, user, password, database),
            (read.Host, read.Port, read.Username, read.Password, read.Database)
        );
    }

    [Theory]
    [InlineData("disable", SslMode.Disable)]
    [InlineData("prefer", SslMode.Prefer)]
    [InlineData("require", SslMode.Require)]
    [InlineData("verify-ca", SslMode.VerifyCA)]
    [InlineData("verify-full", SslMode.VerifyFull)]
    public void The_modes_of_TLS_are_libpqs(string mode, SslMode expected) =>
        Assert.Equal(
            expected,
            new NpgsqlConnectionStringBuilder(
                DatabaseUrl.TryParse($"postgres://db/chat?sslmode={mode}&Timeout=7")
            ).SslMode
        );

    [Theory]
    [InlineData("")]
    [InlineData("db.example.com")]
    [InlineData("mysql://ana@db/chat")]
    [InlineData("postgres://")]
    [InlineData("postgres:///chat")]
    [InlineData("postgres://ana@db:port/chat")]
    [InlineData("postgres://ana@db:99999/chat")]
    [InlineData("postgres://db/chat?sslmode=maybe")]
    [InlineData("postgres://db/chat?no_such_option=1")]
    [InlineData("Username=ana;Database=chat")]
    [InlineData("Host=db;Port=many")]
    [InlineData("Host=db;Port=99999999999")]
    [InlineData("Host=db;Nonsense=1")]
    public void What_cannot_be_read_is_null_and_no_exception(string url) =>
        Assert.Null(DatabaseUrl.TryParse(url));
}
