using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Testing.Cloud.Payloads;

/// <summary>JSON as Meta writes it: everything beyond ASCII and each slash escaped, with small letters.</summary>
public static class CloudJson
{
    public static byte[] Bytes(JsonNode node)
    {
        var escaped = new StringBuilder();
        foreach (var c in EvolutionJson.Text(node))
        {
            _ = c switch
            {
                '/' => escaped.Append("\\/"),
                > '~' => escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => escaped.Append(c),
            };
        }
        return Encoding.ASCII.GetBytes(escaped.ToString());
    }
}
