using System.Text.Json;
using FlowChat.Accounts;
using FlowChat.Contacts;
using FlowChat.Inbound;
using FlowChat.Json;
using FlowChat.Media;
using FlowChat.Messages;
using FlowChat.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FlowChat.Gateways.Sandbox;

/// <summary>The phone in the browser: writes to the inbox as a gateway would, and reads what it is sent.</summary>
internal static class SandboxEndpoints
{
    public static void MapSandbox(this IEndpointRouteBuilder routes)
    {
        var sandbox = routes
            .MapGroup("/api/sandbox/{instanceId:guid}")
            .WithTags("Sandbox")
            .RequireAuthorization(Policies.Agent)
            .AddEndpointFilter(RequireSandboxAsync)
            .ProducesProblem(StatusCodes.Status404NotFound);
        sandbox.MapPost("messages", WriteAsync).WithSummary("A message from the phone");
        sandbox.MapGet("messages", ReadAsync).WithSummary("What the phone shows");
        sandbox
            .MapPost("receipts", ReceiptAsync)
            .WithSummary("The phone received or read what it was sent");
    }

    /// <summary>What is written here would look like a customer's: never on a real number.</summary>
    private static async ValueTask<object?> RequireSandboxAsync(
        EndpointFilterInvocationContext context,
        EndpointFilterDelegate next
    )
    {
        var http = context.HttpContext;
        var phone = http.RequestServices.GetRequiredService<SandboxPhone>();
        var instanceId = Guid.Parse((string)http.GetRouteValue("instanceId")!);
        return await phone.IsSandboxAsync(
            Caller.Of(http.User)!.TenantId,
            instanceId,
            http.RequestAborted
        )
            ? await next(context)
            : Problems.NotFound("sandbox instance");
    }

    private static ValidationProblem NoNumber() =>
        Problems.Field(
            "phone",
            "Give the number with its country code, such as +55 11 98765-4321."
        );

    private static async Task<Results<Created<SandboxMessage>, ValidationProblem>> WriteAsync(
        Guid instanceId,
        SandboxWrite request,
        Caller caller,
        AttachmentQuery attachments,
        TenantWriter writer,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (SandboxPhone.Digits(request.Phone) is not { } digits)
        {
            return NoNumber();
        }
        if (request.AttachmentId is null && string.IsNullOrWhiteSpace(request.Text))
        {
            return Problems.Field("text", "Give the text of the message.");
        }
        var file = request.AttachmentId is { } id
            ? await attachments.FindAsync(caller.TenantId, id, cancellationToken)
            : null;
        if (request.AttachmentId is not null && file is not { MessageId: null, Sha256: not null })
        {
            return Problems.Field(
                "attachment_id",
                "Give the id that POST /api/attachments answered, of a file that is in no other message."
            );
        }
        var waId = SandboxGateway.NewWaId();
        var message = new InboundMessage
        {
            InstanceId = instanceId,
            WaId = waId,
            FromMe = false,
            IsEcho = false,
            Chat = [new(IdentityKind.Phone, digits)],
            SenderName = request.Name is { Length: > 0 } name ? StorableText.Clean(name) : null,
            Type = file?.View.Kind ?? MessageType.Text,
            Text = request.Text is { Length: > 0 } text ? StorableText.Clean(text) : null,
            Media = file is null ? null : MediaOf(file, waId),
            SentAt = WhatsAppTime.Of(clock.GetUtcNow()),
        };
        await writer.WriteAsync(caller.TenantId, new ReceiveMessage(message), cancellationToken);
        return TypedResults.Created((string?)null, new SandboxMessage(message.WaId));
    }

    /// <summary>Its bytes are in the store, as those of a webhook would be.</summary>
    private static InboundMedia MediaOf(AttachmentRow file, string waId) =>
        new()
        {
            Kind = file.View.Kind,
            MimeType = file.View.MimeType,
            FileName = file.View.FileName,
            SizeBytes = file.View.SizeBytes,
            Width = file.View.Width,
            Height = file.View.Height,
            DurationSeconds = file.View.DurationSeconds,
            Waveform = file.View.Waveform,
            Sha256 = file.Sha256,
            Source = JsonSerializer.Serialize(new MediaSource(waId, null), FlowChatJson.Options),
        };

    private static async Task<Results<Ok<SandboxThread>, ValidationProblem>> ReadAsync(
        Guid instanceId,
        string phone,
        Caller caller,
        SandboxPhone sandbox,
        MessageQuery messages,
        CancellationToken cancellationToken
    )
    {
        if (SandboxPhone.Digits(phone) is not { } digits)
        {
            return NoNumber();
        }
        var conversationId = await sandbox.FindConversationAsync(
            caller.TenantId,
            instanceId,
            digits,
            cancellationToken
        );
        var page = conversationId is { } id
            ? await messages.ReadPageAsync(caller.TenantId, id, null, null, 100, cancellationToken)
            : null;
        return TypedResults.Ok(
            new SandboxThread(conversationId, page?.Items ?? [], page?.Seq ?? 0)
        );
    }

    private static async Task<Results<NoContent, ValidationProblem>> ReceiptAsync(
        Guid instanceId,
        SandboxReceipt request,
        Caller caller,
        SandboxPhone sandbox,
        TenantWriter writer,
        CancellationToken cancellationToken
    )
    {
        if (request.Status is not (MessageStatus.Delivered or MessageStatus.Read))
        {
            return Problems.Field("status", "Give delivered or read.");
        }
        if (SandboxPhone.Digits(request.Phone) is not { } digits)
        {
            return NoNumber();
        }
        var waIds = await sandbox.FindUnreadAsync(
            caller.TenantId,
            instanceId,
            digits,
            request.Status,
            cancellationToken
        );
        await Task.WhenAll(
            waIds.Select(waId =>
                writer.WriteAsync(
                    caller.TenantId,
                    new ReceiveReceipt(new(instanceId, waId, request.Status, null)),
                    cancellationToken
                )
            )
        );
        return TypedResults.NoContent();
    }
}

/// <summary>A text, or a file with or without one.</summary>
public sealed record SandboxWrite(
    string? Phone,
    string? Name,
    string? Text,
    Guid? AttachmentId = null
);

public sealed record SandboxMessage(string WaId);

public sealed record SandboxReceipt(string? Phone, string? Status);

public sealed record SandboxThread(
    Guid? ConversationId,
    IReadOnlyList<MessageView> Items,
    long Seq
);
