using FlowChat.Gateways;
using FlowChat.Instances;
using FlowChat.Media.Forms;
using FlowChat.Media.Store;
using FlowChat.Messages;
using FlowChat.Queues;
using FlowChat.Storage;

namespace FlowChat.Media.Incoming;

/// <summary>Brings one medium into the store: fetch, check, keep, show. It may be brought twice: the bytes are the same.</summary>
internal sealed class ProcessMediaHandler(
    Database database,
    MediaFetch fetch,
    MediaLibrary library,
    TenantWriter writer,
    InstanceMonitor monitor,
    MediaStoreAlarm alarm
) : IJobHandler<ProcessMediaJob>
{
    private static readonly TimeSpan NotConnectedDelay = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan StoreDelay = TimeSpan.FromSeconds(15);

    public async ValueTask<JobOutcome> HandleAsync(
        ProcessMediaJob job,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        var medium = await PendingMedium.FindAsync(
            database,
            context.TenantId,
            job.AttachmentId,
            cancellationToken
        );
        if (medium is null)
        {
            return JobOutcome.Done;
        }
        try
        {
            using var fetched = await fetch.FetchAsync(context.TenantId, medium, cancellationToken);
            if (fetched is { File: not null, IsAsSent: false } && context.Attempt == 1)
            {
                // A line that broke it breaks it otherwise the next time; a gateway that converts does as it did, and is believed.
                return JobOutcome.Retry("The bytes that came aren't those that were sent.");
            }
            return fetched.File is { } file
                ? await KeepAsync(medium, file, fetched.Type, context, cancellationToken)
                : await GiveUpAsync(medium, fetched.Missing!, context);
        }
        catch (MediaStoreException error)
        {
            // The medium can wait, and an operator can mend it: no attempt.
            alarm.Raise(error);
            return JobOutcome.Snooze(StoreDelay, error.Message);
        }
    }

    private async Task<JobOutcome> KeepAsync(
        PendingMedium medium,
        SpooledFile file,
        MediaType type,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        var view = medium.View with
        {
            // What isn't what it says is a file to save, and nothing to show.
            Kind = type.IsAsSaid ? medium.View.Kind : MessageType.Document,
            MimeType = type.MimeType,
            SizeBytes = file.Size,
            State = AttachmentState.Ready,
            Reason = null,
            ReasonCode = null,
        };
        if (view.Width is null && file.ReadImageSize() is var (width, height))
        {
            view = view with { Width = width, Height = height };
        }
        await using var hold = await library.KeepAsync(context.TenantId, file, cancellationToken);
        return await FinishAsync(medium, view, hold.Sha256, context, JobOutcome.Done);
    }

    private async Task<JobOutcome> GiveUpAsync(
        PendingMedium medium,
        MediaResult missing,
        JobContext context
    )
    {
        if (missing is MediaResult.NotConnected lost)
        {
            monitor.CheckSoon(medium.Instance!.Id);
            return context.Expired
                ? await FailAsync(
                    medium,
                    (lost.Reason, MediaLoss.NotConnected),
                    context,
                    JobOutcome.Dead(lost.Reason)
                )
                : JobOutcome.Park(NotConnectedDelay, lost.Reason);
        }
        if (missing is MediaResult.Refused refused)
        {
            return await FailAsync(
                medium,
                (refused.Reason, refused.Code),
                context,
                JobOutcome.Done
            );
        }
        var reason = ((MediaResult.Failed)missing).Reason;
        return context.IsLastAttempt
            ? await FailAsync(
                medium,
                (reason, MediaLoss.GatewayError),
                context,
                JobOutcome.Dead(reason)
            )
            : JobOutcome.Retry(reason);
    }

    private Task<JobOutcome> FailAsync(
        PendingMedium medium,
        (string Text, string Code) reason,
        JobContext context,
        JobOutcome outcome
    ) =>
        FinishAsync(
            medium,
            medium.View with
            {
                State = AttachmentState.Unavailable,
                Reason = reason.Text,
                ReasonCode = reason.Code,
            },
            medium.Sha256,
            context,
            outcome
        );

    private async Task<JobOutcome> FinishAsync(
        PendingMedium medium,
        AttachmentView view,
        string? sha256,
        JobContext context,
        JobOutcome outcome
    )
    {
        var finish = new FinishMedia(medium.MessageId, view, sha256, context.Lease, outcome);
        await writer.WriteAsync(context.TenantId, finish, CancellationToken.None);
        return JobOutcome.SettledAs(outcome);
    }
}
