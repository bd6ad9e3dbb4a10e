using FlowChat.Instances;

namespace FlowChat.Gateways.Evolution;

/// <summary>What is asked of a gateway, by its key.</summary>
/// <param name="Instance">Whose gateway and key.</param>
/// <param name="Method">GET, POST, DELETE.</param>
/// <param name="Path">The whole route; names in it are escaped.</param>
internal sealed record EvolutionRequest(Instance Instance, HttpMethod Method, string Path)
{
    public HttpContent? Content { get; init; }

    /// <summary>Of an operation on the instance.</summary>
    public static EvolutionRequest Get(Instance instance, string operation, string query = "") =>
        new(instance, HttpMethod.Get, Route(instance, operation) + query);

    /// <inheritdoc cref="Get"/>
    public static EvolutionRequest Post(Instance instance, string operation, object body) =>
        Of(instance, HttpMethod.Post, operation, body);

    /// <inheritdoc cref="Get"/>
    public static EvolutionRequest Delete(Instance instance, string operation) =>
        new(instance, HttpMethod.Delete, Route(instance, operation));

    /// <inheritdoc cref="Get"/>
    public static EvolutionRequest Of(
        Instance instance,
        HttpMethod method,
        string operation,
        object body
    ) =>
        new(instance, method, Route(instance, operation))
        {
            Content = body as HttpContent ?? EvolutionBody.ToContent(body),
        };

    private static string Route(Instance instance, string operation) =>
        $"{operation}/{Uri.EscapeDataString(instance.InstanceName!)}";
}
