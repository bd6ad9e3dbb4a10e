using System.Text.Json.Nodes;
using FlowChat.Testing;

namespace FlowChat.Tests.Operations.Deployment;

/// <summary>What Railway and Docker Compose read, held to what they refuse or take for something else.</summary>
public sealed class DeploymentFileTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_image_declares_no_volume_which_Railway_refuses()
    {
        var lines = await File.ReadAllLinesAsync(PathOf("deploy/Dockerfile"), Ct);

        Assert.DoesNotContain(
            lines,
            line => line.StartsWith("VOLUME", StringComparison.OrdinalIgnoreCase)
        );
    }

    [Fact]
    public async Task Railways_worker_names_the_program_and_is_asked_for_no_health()
    {
        var node = await ReadAsync("railway.json");
        var worker = await ReadAsync("deploy/railway.worker.json");

        Assert.True(JsonNode.DeepEquals(node["build"], worker["build"]));
        var deploy = worker["deploy"]!.AsObject();
        Assert.Equal("./flowchat worker", $"{deploy["startCommand"]}");
        Assert.DoesNotContain(
            deploy,
            setting => setting.Key.StartsWith("healthcheck", StringComparison.Ordinal)
        );
        Assert.Equal("/health/ready", $"{node["deploy"]!["healthcheckPath"]}");
    }

    [Fact]
    public async Task Each_compose_project_builds_an_image_of_its_own()
    {
        var lines = await File.ReadAllLinesAsync(PathOf("deploy/compose.yaml"), Ct);

        Assert.Contains(
            "  image: ${FLOWCHAT_IMAGE:-${COMPOSE_PROJECT_NAME:-flowchat}}",
            lines,
            StringComparer.Ordinal
        );
    }

    private static string PathOf(string name) => Path.Combine(Checkout.Root, name);

    private static async Task<JsonNode> ReadAsync(string name) =>
        JsonNode.Parse(await File.ReadAllTextAsync(PathOf(name), Ct))!;
}
