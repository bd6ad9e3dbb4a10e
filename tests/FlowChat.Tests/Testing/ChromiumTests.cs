using FlowChat.Testing.Browser;
using FlowChat.Testing.Evolution;

namespace FlowChat.Tests.Testing;

public sealed class ChromiumTests
{
    [Fact]
    public async Task Axe_names_the_serious_faults_of_a_page_and_the_console_its_errors()
    {
        Assert.SkipWhen(Chromium.ExecutablePath is null, Chromium.HowToInstall);
        await using var server = await FakeEvolution.StartAsync();
        await using var chromium = await Chromium.LaunchAsync();
        await using var window = await chromium.OpenAsync(server.BaseUrl, Screen.Phone);
        await window.Page.SetContentAsync(
            "<html lang=pt><title>t</title><main><h1>t</h1><button></button></main><script>console.error('oh')</script></html>"
        );

        var violations = await window.SeriousViolationsAsync();

        Assert.StartsWith("button-name:", Assert.Single(violations), StringComparison.Ordinal);
        Assert.Equal("oh", Assert.Single(window.Errors));
    }
}
