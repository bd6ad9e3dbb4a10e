namespace FlowChat.Instances;

/// <summary>What a gateway holds one session for: of two numbers here only the last would hear of its messages.</summary>
internal readonly record struct GatewayPlace(string BaseUrl, string InstanceName)
{
    /// <returns>Null = its gateway has no sessions.</returns>
    public static GatewayPlace? Of(Instance instance) =>
        instance is { BaseUrl: { } url, InstanceName: { } name }
            ? new(url.TrimEnd('/'), name)
            : null;
}
