using static FlowChat.Tests.Storage.EmbeddedServer;

namespace FlowChat.Tests.Storage;

/// <summary>Several processes on one data folder, some of which die.</summary>
public sealed class EmbeddedPostgresSharingTests
{
    private const string StartTime = "select pg_postmaster_start_time()";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_many_that_start_together_one_starts_the_server_and_the_last_one_out_stops_it()
    {
        await using var folder = new EmbeddedServer();
        var users = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => Task.Run(folder.StartAsync, Ct))
        );

        var starts = await Task.WhenAll(
            users.Select(user => QueryAsync<DateTime>(user.ConnectionString, StartTime))
        );
        Assert.Single(starts.Distinct());

        foreach (var user in users.Skip(1))
            await user.DisposeAsync();
        Assert.Equal(starts[0], await QueryAsync<DateTime>(users[0].ConnectionString, StartTime));

        await users[0].DisposeAsync();
        Assert.False(File.Exists(folder.PidFile));
    }

    [Fact]
    public async Task Another_process_attaches_and_its_end_stops_nothing()
    {
        await using var folder = new EmbeddedServer();
        var server = await folder.StartAsync();
        var holder = folder.StartHolder();
        Assert.Equal(server.ConnectionString, await holder.StandardOutput.ReadLineAsync(Ct));

        holder.StandardInput.Close();
        await holder.WaitForExitAsync(Ct);

        Assert.Equal(0, holder.ExitCode);
        Assert.Equal(1, await QueryAsync<int>(server.ConnectionString, "select 1"));
    }

    [Fact]
    public async Task A_server_left_behind_by_a_kill_is_adopted_and_then_stopped()
    {
        await using var folder = new EmbeddedServer();
        var holder = folder.StartHolder();
        var address = await holder.StandardOutput.ReadLineAsync(Ct);
        var start = await QueryAsync<DateTime>(address!, StartTime);
        holder.Kill();
        await holder.WaitForExitAsync(Ct);

        await using (var server = await folder.StartAsync())
            Assert.Equal(start, await QueryAsync<DateTime>(server.ConnectionString, StartTime));
        Assert.False(File.Exists(folder.PidFile));
    }

    [Fact]
    public async Task A_server_that_is_killed_under_its_users_comes_back_at_the_same_address()
    {
        await using var folder = new EmbeddedServer();
        var server = await folder.StartAsync();
        await QueryAsync<object>(server.ConnectionString, "create table kept ()");

        await KillAsync(folder.Pid);

        await folder.WaitForLogAsync("was started again");
        Assert.Equal(
            0,
            await QueryAsync<long>(server.ConnectionString, "select count(*) from kept")
        );
    }

    [Fact]
    public async Task A_data_folder_made_anew_does_not_meet_the_server_of_the_old_one()
    {
        await using var old = new EmbeddedServer();
        var before = await old.StartAsync();
        await QueryAsync<object>(before.ConnectionString, "create table ours ()");
        var moved = $"{old.Options.DataFolder}.old";
        Directory.Move(old.Options.DataFolder, moved);

        await using (var after = await old.StartAsync())
        {
            Assert.NotEqual(before.ConnectionString, after.ConnectionString);
            Assert.Equal(
                0,
                await QueryAsync<long>(
                    after.ConnectionString,
                    "select count(*) from pg_tables where tablename = 'ours'"
                )
            );
        }

        Directory.Delete(old.Options.DataFolder, recursive: true);
        Directory.Move(moved, old.Options.DataFolder);
        Assert.Equal(
            0,
            await QueryAsync<long>(before.ConnectionString, "select count(*) from ours")
        );
    }
}
