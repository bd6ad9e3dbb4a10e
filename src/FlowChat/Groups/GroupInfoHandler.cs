using FlowChat.Gateways;
using FlowChat.Media.Store;
using FlowChat.Pictures;
using FlowChat.Queues;
using FlowChat.Storage;

namespace FlowChat.Groups;

/// <summary>Keeps a group's name, picture, members and admins as WhatsApp has them.</summary>
internal sealed class GroupInfoHandler(
    GroupQuestion question,
    TenantWriter writer,
    PictureQuery shown,
    PictureKeeper pictures,
    MediaStoreAlarm alarm
) : IJobHandler<GroupInfoJob>
{
    private static readonly TimeSpan NotConnectedDelay = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StoreDelay = TimeSpan.FromMinutes(15);

    public async ValueTask<JobOutcome> HandleAsync(
        GroupInfoJob job,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        switch (await question.AskAsync(context.TenantId, job, cancellationToken))
        {
            case null:
                return JobOutcome.Done;
            case GroupAnswer.NotConnected lost:
                return context.Expired
                    ? JobOutcome.Done
                    : JobOutcome.Park(NotConnectedDelay, lost.Reason);
            case GroupAnswer.Found found:
                await writer.WriteAsync(
                    context.TenantId,
                    new ReceiveGroup(found.Group),
                    cancellationToken
                );
                return await ShowAsync(job, found.Picture, context, cancellationToken);
            case GroupAnswer.Failed failed:
                await AskedAsync();
                return JobOutcome.Retry(failed.Reason);
            // Whoever writes in it an hour later has it asked for again.
            default:
                await AskedAsync();
                return JobOutcome.Done;
        }

        Task AskedAsync() =>
            writer.WriteAsync(context.TenantId, new GroupAsked(job.GroupJid), cancellationToken);
    }

    private async Task<JobOutcome> ShowAsync(
        GroupInfoJob job,
        PictureAnswer answer,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        var tenantId = context.TenantId;
        try
        {
            switch (answer)
            {
                case PictureAnswer.Found { Url: var url }:
                    return await ShowAsync(job, url, tenantId, cancellationToken) is { } failure
                        ? JobOutcome.Retry(failure)
                        : JobOutcome.Done;
                case PictureAnswer.None:
                    var none = new ShowGroupPicture(job.GroupJid, null, PictureSource.None);
                    await pictures.DropAsync(tenantId, none, cancellationToken);
                    return JobOutcome.Done;
                default:
                    return JobOutcome.Retry(((PictureAnswer.Failed)answer).Reason);
            }
        }
        catch (MediaStoreException error)
        {
            // The picture can wait, and an operator can mend it: no attempt. Whoever writes later has it asked for again.
            alarm.Raise(error);
            return context.Expired ? JobOutcome.Done : JobOutcome.Snooze(StoreDelay, error.Message);
        }
    }

    private async Task<string?> ShowAsync(
        GroupInfoJob job,
        Uri url,
        Guid tenantId,
        CancellationToken cancellationToken
    )
    {
        var source = PictureSource.Of(url.OriginalString)!;
        return await shown.HasAsync(tenantId, job.GroupJid, source, cancellationToken)
            ? null
            : await pictures.KeepAsync(
                tenantId,
                url,
                picture => new ShowGroupPicture(job.GroupJid, picture, source),
                cancellationToken
            );
    }
}
