using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FlowChat.Accounts;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace FlowChat.Operations;

/// <summary>Says of a request that doesn't fit its route which field or parameter is wrong, and what is expected there.</summary>
internal static class UnreadableRequest
{
    public static ProblemDetails Describe(HttpContext context, BadHttpRequestException error)
    {
        context.Response.StatusCode = error.StatusCode;
        if (error.StatusCode != StatusCodes.Status400BadRequest)
        {
            return new() { Status = error.StatusCode, Detail = StatusDetail.Of(context) };
        }
        if (FailedParameter(error.Message) is { } name)
        {
            return Wrong(name, $"Give {ParameterType(context, name)}.");
        }
        var body = BodyType(context);
        return error.InnerException is JsonException json ? DescribeJson(body, json)
            : body is not null ? Unreadable($"Send {Form(body)}.")
            : Unreadable("It came incomplete, or isn't what this address takes.");
    }

    /// <summary>The framework names it only in words: Failed to bind parameter "int limit" from "abc".</summary>
    private static string? FailedParameter(string message) =>
        message.Split('"') is [_, var parameter, ..]
        && (
            message.StartsWith("Failed to bind", StringComparison.Ordinal)
            || message.Contains("not provided from query", StringComparison.Ordinal)
        )
            ? parameter.Split(' ')[^1]
            : null;

    private static ProblemDetails DescribeJson(JsonTypeInfo? body, JsonException json)
    {
        // The reader's own error is inside when the text itself is broken.
        if (json.InnerException is JsonException)
        {
            return Unreadable(
                $"The body is no valid JSON, at line {json.LineNumber + 1}, byte {json.BytePositionInLine}."
            );
        }
        if (body is null || FieldOf(json.Path) is not { } name)
        {
            return Unreadable($"Send {(body is null ? "a JSON object" : Form(body))}.");
        }
        return body.Properties.FirstOrDefault(field => IsNamed(field, name)) is { } known
            ? Wrong(known.Name, $"Give {Kind(known.PropertyType)}.")
            : Wrong(name, $"There is no such field: the fields are {Fields(body)}.");
    }

    /// <summary>The outermost name of a path: $.name, $['na.me'] or $.name[0].</summary>
    private static string? FieldOf(string? path) =>
        path is { Length: > 2 }
            ? path.StartsWith("$['", StringComparison.Ordinal)
                ? path[3..].Split("']")[0]
                : path[2..].Split('.', '[')[0]
            : null;

    private static bool IsNamed(JsonPropertyInfo field, string name) =>
        string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase);

    private static string Form(JsonTypeInfo body) =>
        $"a JSON object with the fields {Fields(body)}";

    private static string Fields(JsonTypeInfo body) =>
        string.Join(", ", body.Properties.Select(field => field.Name));

    private static JsonTypeInfo? BodyType(HttpContext context) =>
        Endpoint(context)?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType is { } type
            ? context
                .RequestServices.GetRequiredService<IOptions<JsonOptions>>()
                .Value.SerializerOptions.GetTypeInfo(type)
            : null;

    private static string ParameterType(HttpContext context, string name) =>
        Endpoint(context)
            ?.Metadata.GetOrderedMetadata<IParameterBindingMetadata>()
            .FirstOrDefault(parameter => parameter.Name == name)
            is { } known
            ? Kind(known.ParameterInfo.ParameterType)
            : "a value of the right kind";

    // The exception handler clears the endpoint, but keeps it in its feature.
    private static Endpoint? Endpoint(HttpContext context) =>
        context.Features.Get<Microsoft.AspNetCore.Diagnostics.IExceptionHandlerFeature>()?.Endpoint
        ?? context.GetEndpoint();

    private static string Kind(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain == typeof(Guid) ? "an id, such as 0197a0b4-5d7e-7c3a-9f10-2b6c8d4e1f00"
            : plain == typeof(int) || plain == typeof(long) ? "a whole number"
            : plain == typeof(bool) ? "true or false"
            : plain == typeof(string) ? "a text"
            : "a value of the right kind";
    }

    private static HttpValidationProblemDetails Wrong(string name, string remedy) =>
        new(new Dictionary<string, string[]>(StringComparer.Ordinal) { [name] = [remedy] })
        {
            Status = StatusCodes.Status400BadRequest,
            Detail = $"{name}: {remedy}",
            Extensions = { ["code"] = ProblemCode.OfField(name) },
        };

    private static ProblemDetails Unreadable(string detail) =>
        new()
        {
            Status = StatusCodes.Status400BadRequest,
            Title = "The request can't be read",
            Detail = detail,
            Extensions = { ["code"] = ProblemCode.Invalid },
        };
}
