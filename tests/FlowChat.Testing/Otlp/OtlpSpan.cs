using System.Text;

namespace FlowChat.Testing.Otlp;

/// <summary>A span as it was exported; ids are hex digits.</summary>
/// <param name="TraceId">Of all spans that belong together.</param>
/// <param name="SpanId">Its own.</param>
/// <param name="ParentId">Empty: it is the first of its trace.</param>
/// <param name="Name">What was done.</param>
/// <param name="Kind">2 server, 3 client, 4 producer, 5 consumer.</param>
/// <param name="Instance">The process: service.instance.id.</param>
/// <param name="Attributes">Those that are texts.</param>
/// <param name="Links">The spans that it names besides its parent.</param>
public sealed record OtlpSpan(
    string TraceId,
    string SpanId,
    string ParentId,
    string Name,
    long Kind,
    string? Instance,
    IReadOnlyDictionary<string, string> Attributes,
    IReadOnlyList<string> Links
)
{
    public const long Producer = 4;
    public const long Consumer = 5;

    // ExportTraceServiceRequest › resource_spans › scope_spans › spans, by their field numbers.
    internal static IEnumerable<OtlpSpan> ReadAll(ReadOnlyMemory<byte> request) =>
        from resource in Protobuf.Read(request, 1)
        let instance = Protobuf
            .Read(resource, 1)
            .SelectMany(described => ReadAttributes(described, 1))
            .FirstOrDefault(pair => pair.Key == "service.instance.id")
            .Value
        from scope in Protobuf.Read(resource, 2)
        from span in Protobuf.Read(scope, 2)
        select ReadOne(span, instance);

    private static OtlpSpan ReadOne(ReadOnlyMemory<byte> span, string? instance) =>
        new(
            Hex(span, 1),
            Hex(span, 2),
            Hex(span, 4),
            Text(span, 5),
            Protobuf.ReadNumber(span, 6),
            instance,
            ReadAttributes(span, 9).ToDictionary(StringComparer.Ordinal),
            [.. Protobuf.Read(span, 13).Select(link => Hex(link, 2))]
        );

    private static IEnumerable<KeyValuePair<string, string>> ReadAttributes(
        ReadOnlyMemory<byte> owner,
        int field
    ) =>
        from pair in Protobuf.Read(owner, field)
        from value in Protobuf.Read(pair, 2)
        select KeyValuePair.Create(Text(pair, 1), Text(value, 1));

    private static string Hex(ReadOnlyMemory<byte> message, int field) =>
        Convert.ToHexStringLower(Protobuf.Read(message, field).FirstOrDefault().Span);

    private static string Text(ReadOnlyMemory<byte> message, int field) =>
        Encoding.UTF8.GetString(Protobuf.Read(message, field).FirstOrDefault().Span);
}

internal static class OtlpMetric
{
    // ExportMetricsServiceRequest › resource_metrics › scope_metrics › metrics › name.
    public static IEnumerable<string> ReadNames(ReadOnlyMemory<byte> request) =>
        from resource in Protobuf.Read(request, 1)
        from scope in Protobuf.Read(resource, 2)
        from metric in Protobuf.Read(scope, 2)
        from name in Protobuf.Read(metric, 1)
        select Encoding.UTF8.GetString(name.Span);
}
