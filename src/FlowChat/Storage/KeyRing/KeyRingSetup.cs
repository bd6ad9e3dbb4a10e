using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.Options;
using Npgsql;

namespace FlowChat.Storage.KeyRing;

internal static class KeyRingSetup
{
    /// <remarks>Needs a <see cref="MasterKey"/> among the services.</remarks>
    public static IServiceCollection AddKeyRing(this IServiceCollection services)
    {
        // The name, not the folder the program runs from, tells whose secrets these are.
        services.AddDataProtection().SetApplicationName("FlowChat");
        services.AddSingleton<SealedXmlRepository>();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(
            provider => new ConfigureOptions<KeyManagementOptions>(options =>
            {
                options.XmlRepository = provider.GetRequiredService<SealedXmlRepository>();
                // The repository seals whole elements.
                options.XmlEncryptor = new NullXmlEncryptor();
            })
        );
        services.AddSingleton<SecretBox>();
        return services;
    }

    public static async Task<bool> IsEmptyAsync(
        Database database,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.System.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            "select not exists (select from key_ring)",
            connection
        );
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Inside the migration lock: proves the master key and makes the first key of the ring.</summary>
    /// <remarks>Two nodes that each made one would not open each other's secrets until they read the ring again.</remarks>
    /// <exception cref="MasterKeyException">The master key doesn't open the ring.</exception>
    public static void OpenKeyRing(this IServiceProvider services)
    {
        services.GetRequiredService<SealedXmlRepository>().GetAllElements();
        services.GetRequiredService<SecretBox>().Seal("");
    }
}
