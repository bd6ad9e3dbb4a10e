using System.CommandLine;
using FlowChat.Accounts;
using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Commands;

internal static class CreateTenantCommand
{
    public static Command Build(Func<CancellationToken, Task<IServiceProvider>> services)
    {
        var name = new Option<string>("--name")
        {
            Description = "What the company is called.",
            Required = true,
        };
        var email = AdminCommand.Email();
        var password = AdminCommand.Password();
        var command = new Command("create-tenant", "Make a tenant with its first owner.")
        {
            name,
            email,
            password,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var provider = await services(cancellationToken);
                return await RunAsync(
                    provider,
                    parsed.GetRequiredValue(name),
                    EmailAddress.Normalize(parsed.GetRequiredValue(email)),
                    parsed.GetValue(password),
                    parsed.InvocationConfiguration,
                    cancellationToken
                );
            }
        );
        return command;
    }

    private static async Task<int> RunAsync(
        IServiceProvider services,
        string name,
        string email,
        string? password,
        InvocationConfiguration console,
        CancellationToken cancellationToken
    )
    {
        var (hash, generated) = await services.HashPasswordAsync(password, cancellationToken);
        var tenant = new NewTenant(name, email, "Owner", hash);
        var database = services.GetRequiredService<Database>();
        await using var connection = await database.Migrator.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            await tenant.InsertAsync(connection, cancellationToken);
        }
        catch (PostgresException error) when (error.ConstraintName == "users_email")
        {
            await console.Error.WriteLineAsync(
                $"{email} already has an account: addresses are unique on a server."
            );
            return 1;
        }

        await transaction.CommitAsync(cancellationToken);
        await console.Output.WriteLineAsync($"Tenant:   {name} ({tenant.TenantId})");
        console.Output.PrintSignIn(email, generated);
        return 0;
    }
}
