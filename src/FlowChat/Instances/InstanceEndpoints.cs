using System.Text.Json;
using FlowChat.Accounts;
using FlowChat.Gateways.OutboundHttp;
using FlowChat.Inbound;
using FlowChat.Json;
using FlowChat.Storage;
using FlowChat.Storage.KeyRing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FlowChat.Instances;

internal static class InstanceEndpoints
{
    public static void MapInstances(this IEndpointRouteBuilder routes)
    {
        var read = routes
            .MapGroup("/api/instances")
            .WithTags("Instances")
            .RequireAuthorization(Policies.Viewer);
        read.MapGet("", ListAsync).WithSummary("The connected WhatsApp numbers");
        read.MapGet("{id:guid}", GetAsync)
            .WithSummary("One number")
            .ProducesProblem(StatusCodes.Status404NotFound);

        var manage = routes
            .MapGroup("/api/instances")
            .WithTags("Instances")
            .RequireAuthorization(Policies.Admin);
        manage
            .MapPost("", CreateAsync)
            .WithSummary("Connect a number; its webhook secret is shown this once");
        manage
            .MapPatch("{id:guid}", ChangeAsync)
            .WithSummary("Rename a number or change its gateway's address or key")
            .ProducesProblem(StatusCodes.Status404NotFound);
        manage
            .MapDelete("{id:guid}", DeleteAsync)
            .WithSummary("Remove a number; its conversations stay")
            .ProducesProblem(StatusCodes.Status404NotFound);
        manage
            .MapGet("{id:guid}/qr", QrAsync)
            .WithSummary("The pairing code as it is now")
            .ProducesProblem(StatusCodes.Status404NotFound);
        manage
            .MapPost("{id:guid}/rotate-secret", RotateSecretAsync)
            .WithSummary("A new webhook secret; the one before it stays valid for a while")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Ok<PageOf<InstanceView>>> ListAsync(
        Caller caller,
        InstanceQuery query,
        CancellationToken cancellationToken
    )
    {
        var (instances, seq) = await query.ReadAllAsync(caller.TenantId, cancellationToken);
        return TypedResults.Ok(
            new PageOf<InstanceView>(
                [.. instances.Select(instance => instance.ToView())],
                null,
                seq
            )
        );
    }

    private static async Task<Results<Ok<InstanceView>, ProblemHttpResult>> GetAsync(
        Guid id,
        Caller caller,
        InstanceQuery query,
        CancellationToken cancellationToken
    ) =>
        await query.FindAsync(caller.TenantId, id, cancellationToken) is { } instance
            ? TypedResults.Ok(instance.ToView())
            : Problems.NotFound("instance");

    private static async Task<Results<Created<CreatedInstance>, ValidationProblem>> CreateAsync(
        CreateInstanceRequest request,
        Caller caller,
        InstanceCreation creation,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var errors = new FieldErrors();
        var fields = await creation.ReadAsync(request, errors, cancellationToken);
        if (errors.Problem is { } problem)
        {
            return problem;
        }
        var created = await creation.CreateAsync(
            caller.TenantId,
            request.Gateway!,
            fields,
            context.Request,
            cancellationToken
        );
        return TypedResults.Created($"/api/instances/{created.Id}", created);
    }

    private static async Task<
        Results<Ok<InstanceView>, ProblemHttpResult, ValidationProblem>
    > ChangeAsync(
        Guid id,
        ChangeInstanceRequest request,
        Caller caller,
        TenantWriter writer,
        SecretBox secrets,
        AddressPolicy policy,
        InstanceDirectory directory,
        InstanceMonitor monitor,
        CancellationToken cancellationToken
    )
    {
        var errors = new FieldErrors();
        var fields = await InstanceFields.ReadAsync(request, errors, policy, cancellationToken);
        if (errors.Problem is { } problem)
        {
            return problem;
        }
        var sealedKey = fields.ApiKey is { } key ? secrets.Seal(key) : null;
        var change = new ChangeInstance(
            id,
            (instance, _) =>
            {
                instance.Name = fields.Name ?? instance.Name;
                instance.BaseUrl = fields.BaseUrl ?? instance.BaseUrl;
                instance.InstanceName = fields.InstanceName ?? instance.InstanceName;
                instance.ApiKeyEncrypted = sealedKey ?? instance.ApiKeyEncrypted;
            }
        );
        return
            await ApplyAsync(change, id, caller, writer, directory, monitor, cancellationToken)
                is { } view
            ? TypedResults.Ok(view)
            : Problems.NotFound("instance");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        Guid id,
        Caller caller,
        TenantWriter writer,
        InstanceDirectory directory,
        InstanceMonitor monitor,
        CancellationToken cancellationToken
    )
    {
        var change = new ChangeInstance(id, (instance, now) => instance.DeletedAt = now);
        return
            await ApplyAsync(change, id, caller, writer, directory, monitor, cancellationToken)
                is null
            ? Problems.NotFound("instance")
            : TypedResults.NoContent();
    }

    private static async Task<Results<Ok<QrCode>, NoContent, ProblemHttpResult>> QrAsync(
        Guid id,
        Caller caller,
        InstanceQuery query,
        CancellationToken cancellationToken
    ) =>
        await query.FindAsync(caller.TenantId, id, cancellationToken) switch
        {
            null => Problems.NotFound("instance"),
            { Qr: { } qr } => TypedResults.Ok(JsonSerializer.Deserialize<QrCode>(qr)!),
            _ => TypedResults.NoContent(),
        };

    private static async Task<Results<Ok<RotatedSecret>, ProblemHttpResult>> RotateSecretAsync(
        Guid id,
        Caller caller,
        TenantWriter writer,
        InstanceDirectory directory,
        InstanceMonitor monitor,
        CancellationToken cancellationToken
    )
    {
        var secret = WebhookSecret.New();
        // The gateway may hold requests with the old one for twenty minutes.
        var change = new ChangeInstance(
            id,
            (instance, now) =>
            {
                instance.WebhookSecretHashes =
                [
                    WebhookSecret.Hash(secret),
                    .. instance.WebhookSecretHashes.Take(1),
                ];
                instance.SecretRotatedAt = now;
            }
        );
        return
            await ApplyAsync(change, id, caller, writer, directory, monitor, cancellationToken)
                is null
            ? Problems.NotFound("instance")
            : TypedResults.Ok(new RotatedSecret(secret));
    }

    private static async Task<InstanceView?> ApplyAsync(
        ChangeInstance change,
        Guid id,
        Caller caller,
        TenantWriter writer,
        InstanceDirectory directory,
        InstanceMonitor monitor,
        CancellationToken cancellationToken
    )
    {
        var view = await writer.WriteAsync(caller.TenantId, change, cancellationToken);
        directory.Forget(id);
        monitor.CheckNow(id);
        return view;
    }
}

public sealed record CreateInstanceRequest(
    string? Name,
    string? Gateway,
    string? BaseUrl,
    string? ApiKey,
    string? InstanceName
);

public sealed record ChangeInstanceRequest(
    string? Name,
    string? BaseUrl,
    string? ApiKey,
    string? InstanceName
);

public sealed record RotatedSecret(string WebhookSecret);

/// <summary>The answer to POST /api/instances, the only one that holds the secret.</summary>
public sealed record CreatedInstance(
    Guid Id,
    string Name,
    string Gateway,
    string? BaseUrl,
    string? InstanceName,
    string State,
    string? StateReason,
    Uri? WebhookUrl,
    string WebhookSecret
);
