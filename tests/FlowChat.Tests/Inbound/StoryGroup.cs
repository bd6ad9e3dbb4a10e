using System.Text.Json.Nodes;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Inbound;

/// <summary>Who is in a story's group beside its number, and who of them is an admin: as WhatsApp has it, whatever is told.</summary>
internal sealed class StoryGroup(DateTimeOffset namedAt)
{
    private readonly SortedDictionary<int, bool> _admins = [];

    public void Take(string action, int who)
    {
        switch (action)
        {
            case "add":
                _admins.TryAdd(who, false);
                break;
            case "remove":
                _admins.Remove(who);
                break;
            default:
                _admins[who] = action == "promote";
                break;
        }
    }

    /// <summary>All of it, as its gateway tells it now.</summary>
    public Func<Scene, JsonObject> Metadata()
    {
        var now = _admins.ToArray();
        return scene =>
            scene.Group!.Metadata(
                scene.Group!.Subject,
                namedAt,
                now.Select(member =>
                        (scene.People[member.Key], member.Value ? "admin" : (string?)null)
                    )
                    .Prepend((scene.Line.Number.Owner, "superadmin"))
            );
    }

    public string Describe() =>
        string.Join(", ", _admins.Select(member => $"Person {member.Key} {member.Value}"));
}
