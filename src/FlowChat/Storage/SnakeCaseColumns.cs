using System.Runtime.CompilerServices;
using Dapper;

namespace FlowChat.Storage;

/// <summary>Dapper reads <c>created_at</c> into <c>CreatedAt</c>, before the first statement runs.</summary>
internal static class SnakeCaseColumns
{
    [ModuleInitializer]
    internal static void Match() => DefaultTypeMap.MatchNamesWithUnderscores = true;
}
