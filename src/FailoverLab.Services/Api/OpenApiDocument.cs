using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace FailoverLab.Services;

/// <summary>Writes routes as an OpenAPI 3.1 document (spec.openapis.org/oas/v3.1.1).</summary>
internal static partial class OpenApiDocument
{
    private const string Json = "application/json";

    /// <summary>Writes the document.</summary>
    /// <param name="title">Name of the API.</param>
    /// <param name="routes">Every route of it.</param>
    /// <param name="hasTokens">Whether callers are asked for a token.</param>
    /// <returns>UTF-8 JSON.</returns>
    public static byte[] Write(string title, IReadOnlyList<ApiRoute> routes, bool hasTokens)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("openapi", "3.1.0");
        json.WriteStartObject("info");
        json.WriteString("title", title);
        json.WriteString("version", typeof(OpenApiDocument).Assembly.GetName().Version?.ToString(3));
        json.WriteEndObject();
        json.WriteStartObject("paths");
        foreach (var path in routes.GroupBy(r => r.Path))
        {
            json.WriteStartObject(path.Key);
            foreach (var route in path)
            {
                json.WriteStartObject(route.Method.ToLowerInvariant());
                WriteOperation(json, route, hasTokens);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
        WriteComponents(json);
        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    private static void WriteOperation(Utf8JsonWriter json, ApiRoute route, bool hasTokens)
    {
        json.WriteString("operationId", route.Method.ToLowerInvariant() + NotLetters().Replace(route.Path, "_").TrimEnd('_'));
        json.WriteString("summary", route.Summary);
        if (route.Parameter is { } parameter)
        {
            json.WriteStartArray("parameters");
            json.WriteStartObject();
            json.WriteString("name", parameter);
            json.WriteString("in", "path");
            json.WriteBoolean("required", true);
            json.WriteStartObject("schema");
            WriteText(json);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
        }

        if (route.Body is { } body)
        {
            json.WriteStartObject("requestBody");
            json.WriteBoolean("required", true);
            WriteContent(json, Json, () => WriteObject(json, body));
            json.WriteEndObject();
        }

        WriteResponses(json, route, hasTokens);
        if (route.Need != AccessNeed.Nothing && hasTokens)
        {
            json.WriteStartArray("security");
            json.WriteStartObject();
            json.WriteStartArray("token");
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
        }
    }

    private static void WriteResponses(Utf8JsonWriter json, ApiRoute route, bool hasTokens)
    {
        json.WriteStartObject("responses");
        json.WriteStartObject("200");
        json.WriteString("description", "Done.");
        WriteContent(json, route.AnswerType ?? Json, () =>
        {
            if (route.Answer is { } answer)
            {
                WriteObject(json, answer);
            }
        });
        json.WriteEndObject();
        var faults = new SortedDictionary<int, string>(route.Faults.ToDictionary());
        if (route.Body is not null)
        {
            faults[400] = "The body is not JSON, or names a member twice.";
            faults[408] = "The body came too slowly.";
            faults[413] = "The body is larger than 64 KiB.";
            faults[415] = "The body's Content-Type is not application/json.";
        }

        if (route.Body is not null || route.Parameter is not null)
        {
            faults[422] = "A value is missing or not allowed; all are named.";
        }

        if (route.Need != AccessNeed.Nothing && hasTokens)
        {
            faults[401] = "No known token.";
            faults[403] = "The token does not allow this.";
        }

        foreach (var (code, why) in faults)
        {
            json.WriteStartObject(code.ToString(CultureInfo.InvariantCulture));
            json.WriteString("description", why);
            WriteContent(json, Json, () => json.WriteString("$ref", "#/components/schemas/Fault"));
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteComponents(Utf8JsonWriter json)
    {
        json.WriteStartObject("components");
        json.WriteStartObject("schemas");
        json.WriteStartObject("Fault");
        WriteObject(json, [ApiField.Text("detail", "what is wrong")]);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("securitySchemes");
        json.WriteStartObject("token");
        json.WriteString("type", "http");
        json.WriteString("scheme", "bearer");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteContent(Utf8JsonWriter json, string type, Action schema)
    {
        json.WriteStartObject("content");
        json.WriteStartObject(type);
        json.WriteStartObject("schema");
        schema();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteObject(Utf8JsonWriter json, IReadOnlyList<ApiField> members)
    {
        json.WriteString("type", "object");
        json.WriteStartObject("properties");
        foreach (var field in members)
        {
            json.WriteStartObject(field.Name);
            WriteField(json, field);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartArray("required");
        foreach (var field in members.Where(f => f.IsRequired))
        {
            json.WriteStringValue(field.Name);
        }

        json.WriteEndArray();
    }

    private static void WriteField(Utf8JsonWriter json, ApiField field)
    {
        json.WriteString("description", field.About);
        if (field is { Type: "object", Members: { } members })
        {
            WriteObject(json, members);
            return;
        }

        WriteType(json, field);
        if (field is { Type: "string", Words: null })
        {
            WriteText(json, typed: true);
        }

        WriteLimits(json, field);
        if (field is { Type: "array" })
        {
            json.WriteStartObject("items");
            if (field.Members is { } items)
            {
                WriteObject(json, items);
            }

            json.WriteEndObject();
        }
    }

    private static void WriteType(Utf8JsonWriter json, ApiField field)
    {
        if (field.Type.Length == 0)
        {
            return;
        }

        if (field.IsRequired)
        {
            json.WriteString("type", field.Type);
            return;
        }

        json.WriteStartArray("type");
        json.WriteStringValue(field.Type);
        json.WriteStringValue("null");
        json.WriteEndArray();
    }

    private static void WriteLimits(Utf8JsonWriter json, ApiField field)
    {
        if (field.Min is { } min)
        {
            json.WriteNumber("minimum", min);
        }

        if (field.Max is { } max)
        {
            json.WriteNumber("maximum", max);
        }

        if (field.Words is { } words)
        {
            json.WriteStartArray("enum");
            foreach (var word in words)
            {
                json.WriteStringValue(word);
            }

            json.WriteEndArray();
        }
    }

    private static void WriteText(Utf8JsonWriter json, bool typed = false)
    {
        if (!typed)
        {
            json.WriteString("type", "string");
        }

        json.WriteNumber("minLength", 1);
        json.WriteNumber("maxLength", ApiText.MaxLength);
    }

    [GeneratedRegex("[^A-Za-z]+")]
    private static partial Regex NotLetters();
}
