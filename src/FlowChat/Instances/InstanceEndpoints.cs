using System.Text.Json;
using FlowChat.Accounts;
using FlowChat.Gateways.OutboundHttp;
using FlowChat.Inbound;
using FlowChat.Json;
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
            .WithSummary("Connect a number; its webhook secret is shown this once")
            .ProducesProblem(StatusCodes.Status409Conflict);
        manage
            .MapPatch("{id:guid}", ChangeAsync)
            .WithSummary("Rename a number or change its gateway's address or key")
            .ProducesProblem(StatusCodes.Status404NotFound);
        manage
            .MapGet("{id:guid}/qr", QrAsync)
            .WithSummary("The pairing code as it is now")
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

    private static async Task<
        Results<Created<CreatedInstance>, ProblemHttpResult, ValidationProblem>
    > CreateAsync(
        CreateInstanceRequest request,
        Caller caller,
        InstanceCreation creation,
        InstanceQuery query,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var errors = new FieldErrors();
        var fields = await creation.ReadAsync(request, errors, cancellationToken);
        fields.RequireOf(request.Gateway, errors);
        await RequireFreeAsync(query, caller, null, fields, errors, cancellationToken);
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
        return created is null
            ? Problems.Conflict(
                "Another number here has this instance of the gateway: use that one, or remove it first.",
                ProblemCode.InstanceTaken
            )
            : TypedResults.Created($"/api/instances/{created.Id}", created);
    }

    private static async Task<
        Results<Ok<InstanceView>, ProblemHttpResult, ValidationProblem>
    > ChangeAsync(
        Guid id,
        ChangeInstanceRequest request,
        Caller caller,
        InstanceSession session,
        InstanceQuery query,
        SecretBox secrets,
        AddressPolicy policy,
        CancellationToken cancellationToken
    )
    {
        if (await query.FindAsync(caller.TenantId, id, cancellationToken) is not { } known)
        {
            return Problems.NotFound("instance");
        }
        var errors = new FieldErrors();
        var fields = await InstanceFields.ReadAsync(request, errors, policy, cancellationToken);
        fields.RequireOf(known.Gateway, errors);
        await RequireFreeAsync(query, caller, id, fields, errors, cancellationToken);
        if (errors.Problem is { } problem)
        {
            return problem;
        }
        var sealedKey = fields.ApiKey is { } key ? secrets.Seal(key) : null;
        var sealedSecret = fields.AppSecret is { } secret ? secrets.Seal(secret) : null;
        var change = new ChangeInstance(
            id,
            (instance, _) =>
            {
                // Another gateway, or another instance there, hasn't heard of us yet.
                instance.WebhookSetAt =
                    fields.BaseUrl is { } url && url != instance.BaseUrl
                    || fields.InstanceName is { } name && name != instance.InstanceName
                        ? null
                        : instance.WebhookSetAt;
                // What went wrong with the old ones says nothing.
                instance.WebhookTriedAt = null;
                instance.Name = fields.Name ?? instance.Name;
                instance.BaseUrl = fields.BaseUrl ?? instance.BaseUrl;
                instance.InstanceName = fields.InstanceName ?? instance.InstanceName;
                instance.ApiKeyEncrypted = sealedKey ?? instance.ApiKeyEncrypted;
                instance.PhoneNumberId = fields.PhoneNumberId ?? instance.PhoneNumberId;
                instance.BusinessAccountId = fields.BusinessAccountId ?? instance.BusinessAccountId;
                instance.AppSecretEncrypted = sealedSecret ?? instance.AppSecretEncrypted;
                instance.SendsPerSecond = fields.SendsPerSecond ?? instance.SendsPerSecond;
                if (fields.VerifyToken is { } token)
                {
                    instance.WebhookSecretHashes = [WebhookSecret.Hash(token)];
                }
            }
        );
        return await session.ChangeAsync(caller.TenantId, id, change, cancellationToken) is { } view
            ? TypedResults.Ok(view)
            : Problems.NotFound("instance");
    }

    /// <summary>A webhook names a number by Meta's id of it: of two it could mean either.</summary>
    private static async Task RequireFreeAsync(
        InstanceQuery query,
        Caller caller,
        Guid? self,
        InstanceFields fields,
        FieldErrors errors,
        CancellationToken cancellationToken
    )
    {
        if (fields.PhoneNumberId is not { Length: > 0 } id)
        {
            return;
        }
        var (all, _) = await query.ReadAllAsync(caller.TenantId, cancellationToken);
        errors.Require(
            !all.Any(other => other.PhoneNumberId == id && other.Id != self),
            "phone_number_id",
            "Another number here has this ID: change that one, or remove it first.",
            ProblemCode.PhoneNumberIdTaken
        );
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
}

/// <summary>Of the Cloud API the key is Meta's access token, and the address is Meta's unless another one is given.</summary>
public sealed record CreateInstanceRequest(
    string? Name,
    string? Gateway,
    string? BaseUrl,
    string? ApiKey,
    string? InstanceName
)
{
    public string? PhoneNumberId { get; init; }
    public string? BusinessAccountId { get; init; }
    public string? AppSecret { get; init; }
    public string? VerifyToken { get; init; }
    public int? SendsPerSecond { get; init; }
}

public sealed record ChangeInstanceRequest(
    string? Name,
    string? BaseUrl,
    string? ApiKey,
    string? InstanceName
)
{
    public string? PhoneNumberId { get; init; }
    public string? BusinessAccountId { get; init; }
    public string? AppSecret { get; init; }
    public string? VerifyToken { get; init; }
    public int? SendsPerSecond { get; init; }
}

/// <summary>
/// The answer to POST /api/instances, the only one that holds the secret. Its gateway has that already when there is a
/// time at which it was set, and gets it as soon as it answers when there is none.
/// </summary>
public sealed record CreatedInstance(
    Guid Id,
    string Name,
    string Gateway,
    string? BaseUrl,
    string? InstanceName,
    string State,
    string? StateReason,
    Uri? WebhookUrl,
    string WebhookSecret,
    DateTimeOffset? WebhookSetAt
)
{
    /// <summary>The same secret under the name by which Meta's page asks for it; null on other gateways.</summary>
    public string? VerifyToken { get; init; }
}
