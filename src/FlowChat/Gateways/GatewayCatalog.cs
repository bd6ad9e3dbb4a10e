using FlowChat.Instances;

namespace FlowChat.Gateways;

/// <summary>The gateways by the name that an instance's row holds.</summary>
internal sealed class GatewayCatalog(IEnumerable<IGateway> gateways)
{
    private readonly Dictionary<string, IGateway> _byName = gateways.ToDictionary(
        gateway => gateway.Name,
        StringComparer.Ordinal
    );

    public IGateway For(Instance instance) => _byName[instance.Gateway];

    public bool Knows(string name) => _byName.ContainsKey(name);
}
