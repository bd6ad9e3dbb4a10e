using System.CommandLine;
using FlowChat.Accounts;
using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Commands;

internal static class CreateUserCommand
{
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
        var tenant = TenantChoice.Option();
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
        if (await TenantChoice.FindAsync(database, tenant, cancellationToken) is not { } tenantId)
        {
            await console.Error.WriteLineAsync(TenantChoice.Remedy);
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
}
