using Microsoft.Playwright;

namespace FlowChat.Testing.Browser;

/// <summary>The system's Chromium, silent towards the internet, driven by Playwright.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Places =
    [
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
    ];

    private readonly IPlaywright playwright;
    private readonly IBrowser browser;

    private Chromium(IPlaywright playwright, IBrowser browser)
    {
        this.playwright = playwright;
        this.browser = browser;
    }

    /// <summary>FLOWCHAT_CHROMIUM, else where distributions install it; null where there is none.</summary>
    public static string? ExecutablePath { get; } =
        Environment.GetEnvironmentVariable("FLOWCHAT_CHROMIUM") ?? Array.Find(Places, File.Exists);

    /// <summary>For the tests that skip without one.</summary>
    public static string HowToInstall { get; } =
        "There is no Chromium here. Install it (Debian: apt-get install chromium) or name its "
        + "program in FLOWCHAT_CHROMIUM.";

    public static async Task<Chromium> LaunchAsync()
    {
        var driver = await Playwright.CreateAsync();
        var launched = await driver.Chromium.LaunchAsync(
            new()
            {
                ExecutablePath =
                    ExecutablePath ?? throw new InvalidOperationException(HowToInstall),
                Args =
                [
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    "--no-first-run",
                    // A microphone that beeps, and is given without being asked for.
                    "--use-fake-device-for-media-stream",
                    "--use-fake-ui-for-media-stream",
                ],
            }
        );
        return new Chromium(driver, launched);
    }

    /// <summary>A page with a profile of its own: other cookies, other storage.</summary>
    public async Task<BrowserPage> OpenAsync(Uri server, Screen? screen = null)
    {
        screen ??= Screen.Desktop;
        var context = await browser.NewContextAsync(
            new()
            {
                BaseURL = server.ToString(),
                ViewportSize = new() { Width = screen.Width, Height = screen.Height },
                ColorScheme = screen.Dark ? ColorScheme.Dark : ColorScheme.Light,
                Locale = screen.Locale,
                TimezoneId = screen.Timezone,
                ReducedMotion = ReducedMotion.Reduce,
                HasTouch = screen.Touch,
            }
        );
        return new BrowserPage(context, await context.NewPageAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }
}

public sealed record Screen(int Width, int Height)
{
    public static Screen Desktop { get; } = new(1440, 900);

    public static Screen Phone { get; } = new(390, 844) { Touch = true };

    public bool Dark { get; init; }

    public bool Touch { get; init; }

    public string Locale { get; init; } = "pt-BR";

    /// <summary>This machine's own when absent.</summary>
    public string? Timezone { get; init; }
}
