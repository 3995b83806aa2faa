using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FailoverLab.Services.Tests;

/// <summary>What the OpenAPI documents say is what the services do: asked over HTTP, route by route.</summary>
public sealed class OpenApiTests
{
    /// <summary>The published API: what must be there whatever the code says of itself.</summary>
    private static readonly Dictionary<string, string[]> Published = new()
    {
        ["balancer"] =
        [
            "GET /business_info", "GET /controller_info", "GET /decision/{endpoint_id}", "GET /health", "GET /metrics", "GET /openapi.json", "GET /status",
            "POST /metrics", "POST /register_business", "POST /register_controller",
        ],
        ["controller"] =
        [
            "GET /allocations", "GET /device/{device_id}", "GET /devices", "GET /health", "GET /metrics", "GET /openapi.json", "GET /topology",
            "POST /allocate_ip", "POST /config", "POST /push_config/{device_id}", "POST /register", "POST /status",
        ],
    };

    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "PATCH"];

    [TestCase("balancer")]
    [TestCase("controller")]
    public async Task Document_EveryPathAndMethod_AnswersExactlyWhereDocumented(string name)
    {
        await using var service = await StartAsync(name);
        var document = await service.GetJsonAsync("openapi.json");
        Assert.That(document.GetProperty("openapi").GetString(), Does.StartWith("3.1."));
        Assert.That(Operations(document).Select(o => $"{o.Method} {o.Path}").Order(StringComparer.Ordinal), Is.EqualTo(Published[name]));
        Assert.That(Operations(document).Select(o => o.Operation.GetProperty("operationId").GetString()), Is.Unique);
        foreach (var path in Operations(document).Select(o => o.Path).Distinct())
        {
            foreach (var method in Methods)
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), Fill(path)) { Content = method == "GET" ? null : Json("{}") };
                using var response = await service.Client.SendAsync(request);
                var isDocumented = Operations(document).Any(o => o.Path == path && o.Method == method);
                Assert.That(response.StatusCode == HttpStatusCode.MethodNotAllowed, Is.Not.EqualTo(isDocumented), $"{method} {path}: {response.StatusCode}");
            }
        }
    }

    [TestCase("balancer")]
    [TestCase("controller")]
    public async Task Document_EveryOperation_AnswersWithTheMembersItSays(string name)
    {
        await using var service = await StartAsync(name);
        var document = await service.GetJsonAsync("openapi.json");
        foreach (var (method, path, operation) in Operations(document))
        {
            var (status, type, text) = await SendAsync(service, method, path, ValidBody(operation));
            Assert.That(status, Is.EqualTo(200), $"{method} {path}: {text}");
            var content = operation.GetProperty("responses").GetProperty("200").GetProperty("content").EnumerateObject().Single();
            Assert.That(type, Is.EqualTo(content.Name), $"{method} {path}");
            if (content.Value.GetProperty("schema").TryGetProperty("properties", out _))
            {
                CheckMembers(JsonDocument.Parse(text).RootElement, content.Value.GetProperty("schema"), $"{method} {path}");
            }
        }
    }

    [TestCase("balancer")]
    [TestCase("controller")]
    public async Task Document_EveryRuleOfABody_IsEnforced(string name)
    {
        await using var service = await StartAsync(name);
        var document = await service.GetJsonAsync("openapi.json");
        var tried = 0;
        foreach (var (method, path, operation) in Operations(document).Where(o => o.Operation.TryGetProperty("requestBody", out _)))
        {
            var schema = Schema(operation);
            var required = schema.GetProperty("required").EnumerateArray().Select(r => r.GetString()).ToHashSet();
            foreach (var property in schema.GetProperty("properties").EnumerateObject())
            {
                foreach (var (what, value) in Breaches(property.Value, required.Contains(property.Name)))
                {
                    var body = ValidBody(operation)!;
                    body.Remove(property.Name);
                    if (what != "absent")
                    {
                        body[property.Name] = value;
                    }

                    var (status, _, text) = await SendAsync(service, method, path, body);
                    Assert.That(status, Is.EqualTo(422), $"{method} {path} with {property.Name} {what}: {text}");
                    Assert.That(JsonDocument.Parse(text).RootElement.GetProperty("detail").GetString(), Does.Contain($"'{property.Name}'"), $"{method} {path}: the reason names the member");
                    tried++;
                }
            }
        }

        Assert.That(tried, Is.GreaterThan(10));
        Assert.That((await service.GetJsonAsync("health")).GetProperty("status").GetString(), Is.EqualTo("healthy"));
    }

    [Test]
    public async Task Document_WithTokens_SaysWhichOperationsAskForOne()
    {
        await using var service = RunningService.Balancer(access: new AccessRules(false, [new AccessToken("0123456789abcdef", AccessRole.Reader)]));
        var document = await service.GetJsonAsync("openapi.json");
        foreach (var (method, path, operation) in Operations(document))
        {
            var (status, _, _) = await SendAsync(service, method, path, ValidBody(operation));
            Assert.That(operation.TryGetProperty("security", out _), Is.EqualTo(status == 401), $"{method} {path}");
        }
    }

    private static async Task<RunningService> StartAsync(string name)
    {
        var service = name == "balancer" ? RunningService.Balancer() : RunningService.Controller(addresses: 100);
        var (path, body) = name == "balancer" ? ("metrics", Bodies.Metrics) : ("register", Bodies.Register);
        Assert.That((await service.PostAsync(path, body)).Status, Is.EqualTo(HttpStatusCode.OK));
        return service;
    }

    private static IEnumerable<(string Method, string Path, JsonElement Operation)> Operations(JsonElement document) =>
        document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject().Select(o => (o.Name.ToUpperInvariant(), p.Name, o.Value)));

    private static JsonElement Schema(JsonElement operation) => operation.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema");

    private static string Fill(string path) => path.Replace("{endpoint_id}", "endpoint_1", StringComparison.Ordinal).Replace("{device_id}", "endpoint_1", StringComparison.Ordinal);

    /// <summary>The smallest body the document allows.</summary>
    private static JsonObject? ValidBody(JsonElement operation)
    {
        if (!operation.TryGetProperty("requestBody", out _))
        {
            return null;
        }

        var schema = Schema(operation);
        var required = schema.GetProperty("required").EnumerateArray().Select(r => r.GetString()!).ToList();
        var body = new JsonObject();
        foreach (var name in required.Count > 0 ? required : ["device_id"])
        {
            var property = schema.GetProperty("properties").GetProperty(name);
            body[name] = name == "device_id" ? "endpoint_1"
                : property.TryGetProperty("enum", out var words) ? words[0].GetString()
                : property.TryGetProperty("minimum", out var min) ? min.GetDouble()
                : "a text";
        }

        return body;
    }

    private static IEnumerable<(string What, JsonNode? Value)> Breaches(JsonElement property, bool isRequired)
    {
        if (isRequired)
        {
            yield return ("absent", null);
            yield return ("null", null);
        }

        if (!property.TryGetProperty("type", out var type))
        {
            yield break;
        }

        yield return ("an object", new JsonObject());
        yield return type.ToString().Contains("string", StringComparison.Ordinal) ? ("a number", 7) : ("a text", "7");
        if (property.TryGetProperty("maxLength", out var length))
        {
            yield return ("too long", new string('x', length.GetInt32() + 1));
            yield return ("empty", "");
        }

        if (property.TryGetProperty("enum", out _))
        {
            yield return ("another word", "toaster");
        }

        if (property.TryGetProperty("minimum", out var min) && min.GetDouble() > -1e300)
        {
            yield return ("too small", min.GetDouble() < 0 ? min.GetDouble() * 2 : -1);
        }

        if (property.TryGetProperty("maximum", out var max) && max.GetDouble() < 1e300)
        {
            yield return ("too large", (max.GetDouble() * 2) + 1);
        }
    }

    private static void CheckMembers(JsonElement answer, JsonElement schema, string where)
    {
        Assert.That(answer.EnumerateObject().Select(m => m.Name), Is.EqualTo(schema.GetProperty("properties").EnumerateObject().Select(m => m.Name)), where);
        foreach (var property in schema.GetProperty("properties").EnumerateObject())
        {
            var member = answer.GetProperty(property.Name);
            var kind = member.ValueKind switch { JsonValueKind.True or JsonValueKind.False => "boolean", var k => k.ToString().ToLowerInvariant() };
            Assert.That(property.Value.TryGetProperty("type", out var type) ? type.ToString() : kind, Does.Contain(kind), $"{where} {property.Name}");
            if (kind == "array" && property.Value.GetProperty("items").TryGetProperty("properties", out _))
            {
                foreach (var item in member.EnumerateArray())
                {
                    CheckMembers(item, property.Value.GetProperty("items"), $"{where} {property.Name}");
                }
            }
            else if (kind == "object" && property.Value.TryGetProperty("properties", out _))
            {
                CheckMembers(member, property.Value, $"{where} {property.Name}");
            }
        }
    }

    private static async Task<(int Status, string Type, string Text)> SendAsync(RunningService service, string method, string path, JsonObject? body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), Fill(path)) { Content = body is null ? null : Json(body.ToJsonString()) };
        using var response = await service.Client.SendAsync(request);
        return ((int)response.StatusCode, response.Content.Headers.ContentType?.ToString() ?? "", await response.Content.ReadAsStringAsync());
    }

    private static StringContent Json(string text) => new(text, new MediaTypeHeaderValue("application/json"));
}
