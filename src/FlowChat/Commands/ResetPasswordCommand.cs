using System.CommandLine;
using Dapper;
using FlowChat.Accounts;
using FlowChat.Storage;

namespace FlowChat.Commands;

internal static class ResetPasswordCommand
{
    private const string FindUser = "select tenant_id, id from users where lower(email) = @email";

    public static Command Build(Func<CancellationToken, Task<IServiceProvider>> services)
    {
        var email = AdminCommand.Email();
        var password = AdminCommand.Password();
        var command = new Command(
            "reset-password",
            "Give a user a new password and end their sessions."
        )
        {
            email,
            password,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var provider = await services(cancellationToken);
                return await RunAsync(
                    provider,
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
        string email,
        string? password,
        InvocationConfiguration console,
        CancellationToken cancellationToken
    )
    {
        var database = services.GetRequiredService<Database>();
        if (
            await FindUserAsync(database, email, cancellationToken)
            is not
            (var tenantId, var userId)
        )
        {
            await console.Error.WriteLineAsync($"No user has the address {email}.");
            return 1;
        }

        var (hash, generated) = await services.HashPasswordAsync(password, cancellationToken);
        await using var transaction = await database.BeginAsync(tenantId, cancellationToken);
        await UserAccess.SetPasswordAsync(
            transaction,
            userId,
            hash,
            except: null,
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
        await services.GetRequiredService<SignInLock>().ForgetAsync(email, cancellationToken);
        console.Output.PrintSignIn(email, generated);
        return 0;
    }

    private static async Task<(Guid TenantId, Guid UserId)?> FindUserAsync(
        Database database,
        string email,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.System.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<(Guid, Guid)?>(
            new CommandDefinition(FindUser, new { email }, cancellationToken: cancellationToken)
        );
    }
}
