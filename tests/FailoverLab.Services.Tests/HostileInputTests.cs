using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using FailoverLab.Primitives;

namespace FailoverLab.Services.Tests;

/// <summary>Bodies made to harm: every answer is a success or a 4xx with a reason, and the service is as well as before.</summary>
public sealed class HostileInputTests
{
    private const ulong Seed = 4;

    private static readonly string[] Tokens =
    [
        "null", "true", "NaN", "Infinity", "-0", "1e999", "-1e999", "9223372036854775808", "1e-400", "0x10", "00", "'x'", "\"\\ud800\"", "\"\\u0000\"", "\"\\", "{}", "[]",
        "[[[[", "}", "]", ",", ":", "\"server_id\":\"a\",", "\"device_id\":\"a\",", "\"cpu_percent\":1e999,", "/*x*/", "\uFEFF", "\u202E", "\0",
    ];

    public static IEnumerable<TestCaseData> BodyRoutes() =>
    [
        new TestCaseData("balancer", "metrics", Bodies.Metrics), new TestCaseData("controller", "register", Bodies.Register), new TestCaseData("controller", "config", Bodies.Config),
        new TestCaseData("controller", "status", Bodies.Status), new TestCaseData("controller", "allocate_ip", Bodies.Allocate),
    ];

    [TestCaseSource(nameof(BodyRoutes))]
    public async Task Post_ValidBodyChangedAnyhow_AcceptedOrRefusedWithAReason(string name, string path, string valid)
    {
        await using var service = Start(name);
        var random = new SeededRandom(Seed).Split(path);
        var codes = new SortedDictionary<int, int>();
        for (var turn = 0; turn < 2000; turn++)
        {
            var body = Mutate(Encoding.UTF8.GetBytes(valid), random);
            var code = await RefusedOrDoneAsync(service, path, body, $"seed {Seed}, turn {turn}: {Encoding.UTF8.GetString(body)}");
            codes[code] = codes.GetValueOrDefault(code) + 1;
        }

        TestContext.Out.WriteLine($"seed {Seed}: {string.Join(", ", codes)}");
        Assert.That(codes.Keys, Has.Some.EqualTo(400).And.Some.EqualTo(422), "both kinds of fault were met");
        await AssertWellAsync(service, path, valid);
    }

    [TestCaseSource(nameof(BodyRoutes))]
    public async Task Post_BodyOfAWrongKind_RefusedWithItsCode(string name, string path, string valid)
    {
        await using var service = Start(name);
        await service.PostAsync("register", Bodies.Register);
        var comma = valid.IndexOf(',', StringComparison.Ordinal);
        var member = valid[1..(comma < 0 ? valid.Length - 1 : comma)];
        (string What, byte[] Body, string? Type, int Code)[] cases =
        [
            ("64 KiB and more", Encoding.UTF8.GetBytes(valid + new string(' ', 64 << 10)), "application/json", 413),
            ("10 MB", new byte[10_000_000], "application/json", 413),
            ("nested", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 5000)) + "1" + new string('}', 5000)), "application/json", 400),
            ("arrays", Encoding.UTF8.GetBytes(new string('[', 60_000)), "application/json", 400),
            ("17 levels", Encoding.UTF8.GetBytes(valid[..valid.LastIndexOf('}')] + ",\"x\":" + new string('[', 16) + new string(']', 16) + "}"), "application/json", 400),
            ("a member twice", Encoding.UTF8.GetBytes("{" + member + "," + valid[1..]), "application/json", 400),
            ("two objects", Encoding.UTF8.GetBytes(valid + valid), "application/json", 400),
            ("an array", Encoding.UTF8.GetBytes($"[{valid}]"), "application/json", 422),
            ("broken UTF-8", [.. Encoding.UTF8.GetBytes(valid)[..^3], 0xFF, 0xFE, (byte)'}'], "application/json", 400),
            ("UTF-16", Encoding.Unicode.GetBytes(valid), "application/json", 400),
            ("nothing", [], "application/json", 400),
            ("a form", Encoding.UTF8.GetBytes(valid), "application/x-www-form-urlencoded", 415),
            ("text", Encoding.UTF8.GetBytes(valid), "text/plain", 415),
            ("no type", Encoding.UTF8.GetBytes(valid), null, 415),
            ("a wrong type", Encoding.UTF8.GetBytes(valid), "application/jsonx", 415),
        ];
        foreach (var (what, body, type, code) in cases)
        {
            Assert.That(await RefusedOrDoneAsync(service, path, body, what, type), Is.EqualTo(code), what);
        }

        Assert.That(await RefusedOrDoneAsync(service, path, Encoding.UTF8.GetBytes(valid), "a charset", "application/json; charset=utf-8"), Is.EqualTo(200));
        await AssertWellAsync(service, path, valid);
    }

    [TestCase("balancer", "decision")]
    [TestCase("controller", "device")]
    [TestCase("controller", "push_config")]
    public async Task Path_OfAnyText_AnsweredBelow500(string name, string path)
    {
        await using var service = Start(name);
        var random = new SeededRandom(Seed).Split(path);
        string[] ids = ["%00", "%0a", "%ff", "%c0%af", "..%2f..%2fetc%2fpasswd", "%25s%25n", new('x', 257), new('x', 7000), "'%20OR%201=1--", "%e2%80%ae", "a%2fb", "+", "%20", "{", "*", "..."];
        foreach (var id in ids.Concat(Enumerable.Range(0, 500).Select(_ => string.Concat(Enumerable.Range(0, 1 + random.Next(12)).Select(_ => $"%{random.Next(256):x2}")))))
        {
            var head = $"{(path == "push_config" ? "POST" : "GET")} /{path}/{id} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            var answer = await RawHttp.SendAsync(service.EndPoint, Encoding.ASCII.GetBytes(head));
            var status = RawHttp.Status(answer);
            var isEmptyBalancer = path == "decision" && status == 503;
            Assert.That(isEmptyBalancer || status is 200 or (>= 400 and < 500), $"seed {Seed}, {id}: {answer}");
        }

        Assert.That((await service.GetJsonAsync("health")).GetProperty("status").GetString(), Is.EqualTo("healthy"));
    }

    /// <summary>Another HTTP version gets 505, as RFC 9110 wants it, and the beginning of HTTP/2 a farewell in HTTP/2.</summary>
    [TestCase("balancer")]
    [TestCase("controller")]
    public async Task Head_OfAnyBytes_AnsweredBelow500OrClosed(string name)
    {
        await using var service = Start(name);
        var random = new SeededRandom(Seed).Split(name);
        var valid = Encoding.ASCII.GetBytes("POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
        byte[][] known =
        [
            "GET / HTTP/9.9\r\n\r\n"u8.ToArray(), "GET\r\n\r\n"u8.ToArray(), "\r\n\r\n\r\n"u8.ToArray(), [0x16, 0x03, 0x01, 0x02, 0x00], "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray(),
            Encoding.ASCII.GetBytes($"GET /health HTTP/1.1\r\nHost: x\r\nX: {new string('x', 100_000)}\r\n\r\n"),
            Encoding.ASCII.GetBytes($"GET /{new string('x', 100_000)} HTTP/1.1\r\nHost: x\r\n\r\n"),
            Encoding.ASCII.GetBytes("GET /health HTTP/1.1\r\nHost: x\r\n" + string.Concat(Enumerable.Range(0, 1000).Select(i => $"X{i}: y\r\n")) + "\r\n"),
            "POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG"u8.ToArray(),
            "POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n"u8.ToArray(),
            "POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"u8.ToArray(), "POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n"u8.ToArray(),
        ];
        foreach (var bytes in known.Concat(Enumerable.Range(0, 500).Select(_ => Mutate(valid, random))))
        {
            var answer = await RawHttp.SendAsync(service.EndPoint, bytes, isAll: true);
            var isOther = !answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) || (RawHttp.Status(answer) == 505 && !Encoding.ASCII.GetString(bytes).Split('\n')[0].EndsWith(" HTTP/1.1\r", StringComparison.Ordinal));
            Assert.That(isOther || RawHttp.Status(answer) is >= 200 and < 500, $"seed {Seed}: {Encoding.ASCII.GetString(bytes)}: {answer}");
        }

        Assert.That((await service.GetJsonAsync("health")).GetProperty("status").GetString(), Is.EqualTo("healthy"));
    }

    private static RunningService Start(string name) => name == "balancer" ? RunningService.Balancer() : RunningService.Controller(addresses: 10_000);

    /// <summary>One to four changes: bytes flipped, cut out, doubled, or a token put in.</summary>
    private static byte[] Mutate(byte[] valid, SeededRandom random)
    {
        var body = valid.ToList();
        for (var i = random.Next(4); i >= 0 && body.Count > 1; i--)
        {
            var at = random.Next(body.Count);
            var length = Math.Min(random.Next(20), body.Count - at);
            switch (random.Next(5))
            {
                case 0: body[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: body.RemoveRange(at, length); break;
                case 2: body.InsertRange(at, body.GetRange(at, length)); break;
                case 3: body.InsertRange(at, Encoding.UTF8.GetBytes(Tokens[random.Next(Tokens.Length)])); break;
                default: ReplaceValue(body, at, Tokens[random.Next(Tokens.Length)]); break;
            }
        }

        return [.. body];
    }

    private static void ReplaceValue(List<byte> body, int from, string token)
    {
        var colon = body.IndexOf((byte)':', from);
        var end = colon < 0 ? -1 : body.FindIndex(colon, b => b is (byte)',' or (byte)'}');
        if (end > colon)
        {
            body.RemoveRange(colon + 1, end - colon - 1);
            body.InsertRange(colon + 1, Encoding.UTF8.GetBytes(token));
        }
    }

    private static async Task<int> RefusedOrDoneAsync(RunningService service, string path, byte[] body, string what, string? type = "application/json")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        request.Headers.ExpectContinue = body.Length > 1_000_000;
        using var response = await service.Client.SendAsync(request);
        var code = (int)response.StatusCode;
        Assert.That(code, Is.EqualTo(200).Or.InRange(400, 499), what);
        if (code != 200)
        {
            using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
            Assert.That(json.RootElement.GetProperty("detail").GetString(), Is.Not.Empty, what);
        }

        return code;
    }

    private static async Task AssertWellAsync(RunningService service, string path, string valid)
    {
        Assert.That((await service.GetJsonAsync("health")).GetProperty("status").GetString(), Is.EqualTo("healthy"));
        await service.PostAsync("register", Bodies.Register);
        Assert.That((await service.PostAsync(path, valid)).Status, Is.EqualTo(HttpStatusCode.OK));
        var samples = Exposition.Read(await service.Client.GetStringAsync("metrics"));
        Assert.That(samples.Where(s => s.Labels.TryGetValue("code", out var code) && int.Parse(code, CultureInfo.InvariantCulture) >= 500), Is.Empty);
    }
}
