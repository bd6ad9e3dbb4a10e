using System.CommandLine;
using Dapper;
using FlowChat.Accounts;
using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Commands;

internal static class CreateUserCommand
{
    private const string FindTenants = """
        select id from tenants where @tenant is null or id::text = @tenant or name = @tenant limit 2
        """;

    public static Command Build(Func<CancellationToken, Task<IServiceProvider>> services)
    {
        var email = AdminCommand.Email();
        var name = new Option<string>("--name")
        {
            Description = "What the team calls the person.",
            Required = true,
        };
        var role = new Option<string>("--role")
        {
            Description = "What the person may do.",
            DefaultValueFactory = _ => Role.Agent.Text(),
        };
        role.AcceptOnlyFromAmong([.. Enum.GetValues<Role>().Select(Roles.Text)]);
        var password = AdminCommand.Password();
        var tenant = new Option<string?>("--tenant")
        {
            Description = "The tenant's name or id; needed when there are several.",
        };
        var command = new Command("create-user", "Add a user to a tenant.")
        {
            email,
            name,
            role,
            password,
            tenant,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var provider = await services(cancellationToken);
                var user = new NewUser(
                    EmailAddress.Normalize(parsed.GetRequiredValue(email)),
                    parsed.GetRequiredValue(name),
                    Roles.Parse(parsed.GetRequiredValue(role))!.Value
                );
                return await RunAsync(
                    provider,
                    user,
                    parsed.GetValue(password),
                    parsed.GetValue(tenant),
                    parsed.InvocationConfiguration,
                    cancellationToken
                );
            }
        );
        return command;
    }

    private static async Task<int> RunAsync(
        IServiceProvider services,
        NewUser user,
        string? password,
        string? tenant,
        InvocationConfiguration console,
        CancellationToken cancellationToken
    )
    {
        var database = services.GetRequiredService<Database>();
        if (await FindTenantAsync(database, tenant, cancellationToken) is not { } tenantId)
        {
            await console.Error.WriteLineAsync("Name one tenant with --tenant, by its name or id.");
            return 1;
        }

        var (hash, generated) = await services.HashPasswordAsync(password, cancellationToken);
        await using var transaction = await database.BeginAsync(tenantId, cancellationToken);
        try
        {
            await services
                .GetRequiredService<UserWriter>()
                .AddAsync(transaction, tenantId, user, hash, cancellationToken);
        }
        catch (PostgresException error) when (error.ConstraintName == "users_email")
        {
            await console.Error.WriteLineAsync(
                $"{user.Email} already has an account: addresses are unique on a server."
            );
            return 1;
        }

        console.Output.PrintSignIn(user.Email, generated);
        return 0;
    }

    private static async Task<Guid?> FindTenantAsync(
        Database database,
        string? tenant,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.System.OpenConnectionAsync(cancellationToken);
        var found = (
            await connection.QueryAsync<Guid>(
                new CommandDefinition(
                    FindTenants,
                    new { tenant },
                    cancellationToken: cancellationToken
                )
            )
        ).AsList();
        return found is [var one] ? one : null;
    }
}
