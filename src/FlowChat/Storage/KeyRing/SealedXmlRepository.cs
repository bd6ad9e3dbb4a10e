using System.Xml.Linq;
using Dapper;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace FlowChat.Storage.KeyRing;

/// <summary>Keeps the data protection keys in the database, each sealed as a whole. None is ever deleted.</summary>
internal sealed class SealedXmlRepository(Database database, MasterKey masterKey) : IXmlRepository
{
    private const string List = "select name, element from key_ring order by created_at, name";
    private const string Insert = "insert into key_ring (name, element) values (@name, @element)";

    /// <exception cref="MasterKeyException">The master key doesn't open them.</exception>
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var connection = database.System.OpenConnection();
        return
        [
            .. connection
                .Query<(string Name, string Element)>(List)
                .Select(row => XElement.Parse(masterKey.Open(row.Element, row.Name))),
        ];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        var name = $"{friendlyName}:{Guid.CreateVersion7():N}";
        var sealedElement = masterKey.Seal(element.ToString(SaveOptions.DisableFormatting), name);
        using var connection = database.System.OpenConnection();
        connection.Execute(Insert, new { name, element = sealedElement });
    }
}
