using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlowChat.Accounts;

/// <summary>What a user or a key may do. Each role includes the ones before it.</summary>
[JsonConverter(typeof(RoleJson))]
internal enum Role
{
    /// <summary>Reads.</summary>
    Viewer,

    /// <summary>Answers.</summary>
    Agent,

    /// <summary>Instances, users, keys, settings, dead letters.</summary>
    Admin,

    /// <summary>Makes and changes owners.</summary>
    Owner,
}

internal sealed class RoleJson()
    : JsonStringEnumConverter<Role>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);

internal static class Roles
{
    public static string Text(this Role role) =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(role.ToString());

    public static Role? Parse(string? text)
    {
        foreach (var role in Enum.GetValues<Role>())
        {
            if (role.Text() == text)
                return role;
        }

        return null;
    }

    public static Role Lower(Role one, Role other) => one < other ? one : other;
}
