using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Instances;

internal static class InstanceRow
{
    public const string Columns = """
        i.id, i.name, i.gateway, i.base_url, i.instance_name, i.api_key_encrypted, i.webhook_secret_hashes, i.state,
        i.state_reason, i.owner_jid, i.qr::text, i.qr_at, i.version, i.created_at, i.deleted_at,
        i.secret_rotated_at, i.webhook_url, i.webhook_set_at, i.state_at, i.opened_at, i.alarm, i.alarm_at,
        i.filled_at, i.phone_number_id, i.business_account_id, i.app_secret_encrypted, i.sends_per_second, i.paced_until,
        i.webhook_secret_sealed, i.webhook_tried_at, i.fill_claimed_at, i.silent_at, i.gateway_version, i.heeds_ids,
        i.searched_at, i.search_claimed_at, i.qr_told_at
        """;

    public const int ColumnCount = 37;

    public static Instance Read(NpgsqlDataReader row, int first = 0) =>
        new()
        {
            Id = row.GetGuid(first),
            Name = row.GetString(first + 1),
            Gateway = row.GetString(first + 2),
            BaseUrl = row.TextOrNull(first + 3),
            InstanceName = row.TextOrNull(first + 4),
            ApiKeyEncrypted = row.IsDBNull(first + 5) ? null : row.GetFieldValue<byte[]>(first + 5),
            WebhookSecretHashes = row.GetFieldValue<byte[][]>(first + 6),
            State = row.GetString(first + 7),
            StateReason = row.TextOrNull(first + 8),
            OwnerJid = row.TextOrNull(first + 9),
            Qr = row.TextOrNull(first + 10),
            QrAt = row.TimeOrNull(first + 11),
            Version = row.GetInt64(first + 12),
            CreatedAt = row.Time(first + 13),
            DeletedAt = row.TimeOrNull(first + 14),
            SecretRotatedAt = row.TimeOrNull(first + 15),
            WebhookUrl = row.TextOrNull(first + 16),
            WebhookSetAt = row.TimeOrNull(first + 17),
            StateAt = row.Time(first + 18),
            OpenedAt = row.TimeOrNull(first + 19),
            Alarm = row.TextOrNull(first + 20),
            AlarmAt = row.TimeOrNull(first + 21),
            FilledAt = row.TimeOrNull(first + 22),
            PhoneNumberId = row.TextOrNull(first + 23),
            BusinessAccountId = row.TextOrNull(first + 24),
            AppSecretEncrypted = row.IsDBNull(first + 25)
                ? null
                : row.GetFieldValue<byte[]>(first + 25),
            SendsPerSecond = row.IsDBNull(first + 26) ? null : row.GetInt32(first + 26),
            PacedUntil = row.TimeOrNull(first + 27),
            WebhookSecretSealed = row.IsDBNull(first + 28)
                ? null
                : row.GetFieldValue<byte[]>(first + 28),
            WebhookTriedAt = row.TimeOrNull(first + 29),
            FillClaimedAt = row.TimeOrNull(first + 30),
            SilentAt = row.TimeOrNull(first + 31),
            GatewayVersion = row.TextOrNull(first + 32),
            HeedsIds = row.IsDBNull(first + 33) ? null : row.GetBoolean(first + 33),
            SearchedAt = row.TimeOrNull(first + 34),
            SearchClaimedAt = row.TimeOrNull(first + 35),
            QrToldAt = row.TimeOrNull(first + 36),
        };
}
