using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using FlowChat.Json;
using FlowChat.Operations;
using FlowChat.Operations.Doctor;
using FlowChat.Settings;
using Spectre.Console;

namespace FlowChat.Commands;

/// <summary><c>flowchat doctor</c>: whether everything that FlowChat needs is there, and how fast it answers.</summary>
internal static class DoctorCommand
{
    public static Command Build()
    {
        var json = new Option<bool>("--json") { Description = "One JSON document." };
        var command = new Command(
            "doctor",
            "Check the connections and a job's round trip, with timings. Exit code 1 when something is wrong."
        )
        {
            json,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(
                    parsed.InvocationConfiguration.Output,
                    parsed.GetValue(json),
                    cancellationToken
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        TextWriter output,
        bool json,
        CancellationToken cancellationToken
    )
    {
        var builder = FlowChatApp.CreateHostBuilder();
        var settings = FlowChatSettings.Read(builder.Configuration);
        await using var server = await DatabaseServer.OpenAsync(
            settings,
            builder.Configuration,
            cancellationToken,
            command: true
        );
        var checks = await new Examination(
            server.ConnectionString,
            settings,
            TimeProvider.System
        ).RunAsync(cancellationToken);
        Print(checks, output, json);
        return checks.All(check => check.Ok) ? 0 : 1;
    }

    private static void Print(IReadOnlyList<Finding> findings, TextWriter output, bool json)
    {
        if (json)
        {
            var document = new { Ok = findings.All(finding => finding.Ok), Checks = findings };
            output.WriteLine(JsonSerializer.Serialize(document, FlowChatJson.Options));
            return;
        }
        var console = Terminal.Open(output);
        var table = console.Table("", "check", "time", "");
        foreach (var finding in findings)
        {
            table.AddPlainRow(
                finding.Ok ? "ok" : "FAILED",
                finding.Name,
                finding.Milliseconds.ToString("0.0", CultureInfo.InvariantCulture) + " ms",
                finding.Detail
            );
        }
        console.Write(table);
        var failed = findings.Count(finding => !finding.Ok);
        console.WriteLine($"{findings.Count - failed} passed, {failed} failed");
    }
}
