using FlowChat.Gateways;
using FlowChat.Instances;
using FlowChat.Media.Store;
using FlowChat.Queues;
using FlowChat.Settings;

namespace FlowChat.Pictures;

/// <summary>Keeps somebody's picture as WhatsApp has it.</summary>
internal sealed class ProfilePictureHandler(
    InstanceQuery instances,
    GatewayCatalog gateways,
    PictureKeeper pictures,
    FlowChatSettings settings,
    TimeProvider clock,
    MediaStoreAlarm alarm
) : IJobHandler<ProfilePictureJob>
{
    private static readonly TimeSpan NotConnectedDelay = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StoreDelay = TimeSpan.FromMinutes(1);

    public async ValueTask<JobOutcome> HandleAsync(
        ProfilePictureJob job,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        var instance = await instances.FindAsync(
            context.TenantId,
            job.InstanceId,
            cancellationToken
        );
        if (instance is null || gateways.PeopleOf(instance) is not { } people || context.Expired)
        {
            return JobOutcome.Done;
        }
        if (!InstanceState.CanSend(instance.State))
        {
            return JobOutcome.Park(NotConnectedDelay, "The number isn't connected.");
        }
        var answer = await people.FindPictureAsync(instance, job.Jid, cancellationToken);
        try
        {
            return await ShowAsync(job, answer, context.TenantId, cancellationToken);
        }
        catch (MediaStoreException error)
        {
            // The picture can wait, and an operator can mend it: no attempt.
            alarm.Raise(error);
            return JobOutcome.Snooze(StoreDelay, error.Message);
        }
    }

    private async Task<JobOutcome> ShowAsync(
        ProfilePictureJob job,
        PictureAnswer answer,
        Guid tenantId,
        CancellationToken cancellationToken
    )
    {
        switch (answer)
        {
            case PictureAnswer.Found found:
                var failure = await pictures.KeepAsync(
                    tenantId,
                    found.Url,
                    picture => Show(job, picture, PictureSource.Of(found.Url.OriginalString)!),
                    cancellationToken
                );
                return failure is null ? JobOutcome.Done : JobOutcome.Retry(failure);
            case PictureAnswer.None:
                await pictures.DropAsync(
                    tenantId,
                    Show(job, null, PictureSource.None),
                    cancellationToken
                );
                return JobOutcome.Done;
            case PictureAnswer.NotConnected lost:
                return JobOutcome.Park(NotConnectedDelay, lost.Reason);
            default:
                return JobOutcome.Retry(((PictureAnswer.Failed)answer).Reason);
        }
    }

    private ShowContactPicture Show(ProfilePictureJob job, StoredPicture? picture, string source) =>
        new(job.ContactId, picture, source, clock.GetUtcNow() + settings.Media.PictureAge);
}
