using System.Diagnostics;
using System.Text.Json.Nodes;
using FlowChat.Storage.Embedded;
using FlowChat.Testing;
using Npgsql;
using static FlowChat.Tests.Storage.EmbeddedServer;

namespace FlowChat.Tests.Storage;

/// <summary>What crashes, strangers and an unreachable folder leave in the way of a start.</summary>
public sealed class EmbeddedPostgresTraceTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_pid_file_that_names_another_program_stops_nobody()
    {
        await using var folder = new EmbeddedServer();
        await (await folder.StartAsync()).DisposeAsync();
        // Of the server's own user, else PostgreSQL itself would know that it can't be a server.
        var stranger = new ProcessStartInfo("sleep", ["600"]) { UseShellExecute = false };
        if (ServerAccount.Choose().UserName is { } user)
            stranger.UserName = user;
        using var sleep = Process.Start(stranger)!;
        try
        {
            await File.WriteAllTextAsync(
                folder.PidFile,
                $"{sleep.Id}\n{folder.Cluster}\n1\n5432\n/tmp\n\n  1  1\nready   \n",
                Ct
            );

            var server = await folder.StartAsync();
            Assert.Equal(1, await QueryAsync<int>(server.ConnectionString, "select 1"));
            Assert.False(sleep.HasExited);
        }
        finally
        {
            sleep.Kill();
        }
    }

    [Fact]
    public async Task After_a_kill_of_everything_the_next_start_recovers()
    {
        await using var folder = new EmbeddedServer();
        var holder = folder.StartHolder();
        var address = await holder.StandardOutput.ReadLineAsync(Ct);
        await QueryAsync<object>(address!, "create table kept ()");
        holder.Kill();
        await holder.WaitForExitAsync(Ct);
        await KillAsync(folder.Pid);

        var server = await folder.StartAsync();
        Assert.Equal(
            0,
            await QueryAsync<long>(server.ConnectionString, "select count(*) from kept")
        );
    }

    [Fact]
    public async Task Work_of_a_killed_server_that_still_runs_is_waited_for()
    {
        await using var folder = new EmbeddedServer();
        var holder = folder.StartHolder();
        var address = await holder.StandardOutput.ReadLineAsync(Ct);
        await using var connection = new NpgsqlConnection(address);
        await connection.OpenAsync(Ct);
        using var backend = Process.GetProcessById(connection.ProcessID);
        await ServerAccount.Self.RunAsync("kill", ["-STOP", $"{backend.Id}"], Ct);
        holder.Kill();
        await holder.WaitForExitAsync(Ct);
        await KillAsync(folder.Pid);

        var start = folder.StartAsync();
        var refusal = folder.WaitForLogFileAsync("pre-existing shared memory block");
        Assert.Same(refusal, await Task.WhenAny(refusal, start));
        backend.Kill();

        Assert.Equal(1, await QueryAsync<int>((await start).ConnectionString, "select 1"));
    }

    [Fact]
    public async Task An_interrupted_first_start_is_done_again()
    {
        await using var folder = new EmbeddedServer();
        using var watcher = new FileSystemWatcher(folder.Options.DataFolder, "postgres.new-*");
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        watcher.Created += (_, _) => begun.TrySetResult();
        watcher.EnableRaisingEvents = true;
        var holder = folder.StartHolder();
        Assert.Same(begun.Task, await Task.WhenAny(begun.Task, holder.WaitForExitAsync(Ct)));
        holder.Kill();
        await holder.WaitForExitAsync(Ct);
        Assert.False(Directory.Exists(folder.Cluster));

        var server = await folder.StartAsync();
        Assert.Equal(1, await QueryAsync<int>(server.ConnectionString, "select 1"));
    }

    [Fact]
    public async Task A_socket_folder_that_somebody_planted_is_not_used()
    {
        await using var folder = new EmbeddedServer();
        await (await folder.StartAsync()).DisposeAsync();
        var memory = Path.Combine(folder.Options.DataFolder, "postgres.json");
        var remembered = JsonNode.Parse(await File.ReadAllTextAsync(memory, Ct))![
            "SocketFolder"
        ]!.GetValue<string>();
        Directory.CreateSymbolicLink(remembered, folder.Options.DataFolder);
        try
        {
            var server = await folder.StartAsync();
            Assert.DoesNotContain(remembered, server.ConnectionString, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(remembered);
        }
    }

    [Fact]
    public async Task Where_roots_unprivileged_user_may_not_go_programs_and_database_go_elsewhere()
    {
        await using var folder = new EmbeddedServer();
        File.SetUnixFileMode(
            folder.Options.DataFolder,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );

        await using (var first = await folder.StartAsync())
            await QueryAsync<object>(first.ConnectionString, "create table kept ()");
        var second = await folder.StartAsync();

        Assert.Equal(
            0,
            await QueryAsync<long>(second.ConnectionString, "select count(*) from kept")
        );
        Assert.Equal(Environment.IsPrivilegedProcess, !Directory.Exists(folder.Cluster));
        Assert.Equal(
            Environment.IsPrivilegedProcess,
            folder.Logged.Any(line => line.Contains("the database is in", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task Programs_that_the_user_may_not_reach_run_from_a_copy()
    {
        await using var folder = new EmbeddedServer();
        var hidden = Directory.CreateDirectory(Path.Combine(folder.Options.DataFolder, "hidden"));
        var binaries = Directory.CreateSymbolicLink(
            Path.Combine(hidden.FullName, "native"),
            Checkout.PostgresFolder()
        );
        hidden.UnixFileMode =
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        var account = ServerAccount.Choose();

        var found = await PostgresBinaries
            .Find(binaries.FullName)
            .ReachableByAsync(account, folder.Options.SystemFolder, Ct);

        Assert.Equal(
            Environment.IsPrivilegedProcess,
            found.Folder == Path.Combine(folder.Options.SystemFolder, "postgresql-18.4")
        );
        Assert.Contains(
            "18.4",
            await account.RunAsync(found.Postgres, ["--version"], Ct),
            StringComparison.Ordinal
        );
    }
}
