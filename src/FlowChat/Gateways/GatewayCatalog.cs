using FlowChat.Instances;

namespace FlowChat.Gateways;

/// <summary>The gateways by the name that an instance's row holds.</summary>
internal sealed class GatewayCatalog(
    IEnumerable<IGateway> gateways,
    IEnumerable<IGatewayAccount> accounts,
    IEnumerable<IGatewayGroups> groups,
    IEnumerable<IGatewayPeople> people
)
{
    private readonly Dictionary<string, IGateway> _byName = gateways.ToDictionary(
        gateway => gateway.Name,
        StringComparer.Ordinal
    );

    private readonly Dictionary<string, IGatewayAccount> _accounts = accounts.ToDictionary(
        account => account.Name,
        StringComparer.Ordinal
    );

    private readonly Dictionary<string, IGatewayGroups> _groups = groups.ToDictionary(
        knower => knower.Name,
        StringComparer.Ordinal
    );

    private readonly Dictionary<string, IGatewayPeople> _people = people.ToDictionary(
        knower => knower.Name,
        StringComparer.Ordinal
    );

    public IGateway For(Instance instance) => _byName[instance.Gateway];

    /// <summary>Null = its gateway has nothing to set up.</summary>
    public IGatewayAccount? AccountOf(Instance instance) =>
        _accounts.GetValueOrDefault(instance.Gateway);

    /// <summary>Null = its gateway knows none.</summary>
    public IGatewayGroups? GroupsOf(Instance instance) =>
        _groups.GetValueOrDefault(instance.Gateway);

    /// <summary>Null = its gateway tells nothing of people.</summary>
    public IGatewayPeople? PeopleOf(Instance instance) =>
        _people.GetValueOrDefault(instance.Gateway);

    public bool Knows(string name) => _byName.ContainsKey(name);
}
