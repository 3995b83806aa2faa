using System.Text.Json;
using FailoverLab.Proxmox.Testing;

namespace FailoverLab.Proxmox.Tests;

/// <summary>Every call this program makes against PVE's published API.</summary>
public sealed class PveCallsTests
{
    public static IEnumerable<TestCaseData> Calls() => PveCalls.All.Select(c => new TestCaseData(c.Value).SetArgDisplayNames(c.Key));

    [Test]
    public void All_OfTheCalls_AreListedOnce() =>
        Assert.That(PveCalls.All.Select(c => c.Value.ToString()).Distinct().Count(), Is.EqualTo(PveCalls.All.Count).And.GreaterThan(20));

    [TestCaseSource(nameof(Calls))]
    public void Call_WithEveryParameter_IsOneThePublishedApiAllows(PveCall call)
    {
        var schema = Published();
        Assert.That(schema.Find(call.Method.Method, call.Path), Is.Not.Null, $"{call} does not exist");
        var values = call.Parameters.Where(p => !call.Path.Contains($"{{{p.Name}}}", StringComparison.Ordinal)).Select(p => KeyValuePair.Create(p.Name.Replace("[n]", "0", StringComparison.Ordinal), p.Example));
        var path = call.Parameters.Aggregate(call.Path, (text, p) => text.Replace($"{{{p.Name}}}", p.Example, StringComparison.Ordinal));
        Assert.That(schema.FaultsOf(call.Method.Method, path, values), Is.Empty);
    }

    [TestCaseSource(nameof(Calls))]
    public void Call_WithWhatItNeedsOnly_IsOneThePublishedApiAllows(PveCall call)
    {
        var schema = Published();
        var values = call.Parameters.Where(p => p.IsRequired && !call.Path.Contains($"{{{p.Name}}}", StringComparison.Ordinal)).Select(p => KeyValuePair.Create(p.Name.Replace("[n]", "31", StringComparison.Ordinal), p.Example));
        var path = call.Parameters.Aggregate(call.Path, (text, p) => text.Replace($"{{{p.Name}}}", p.Example, StringComparison.Ordinal));
        Assert.That(schema.FaultsOf(call.Method.Method, path, values), Is.Empty);
    }

    [TestCaseSource(nameof(Calls))]
    public void Call_ItsBounds_AreThoseOfThePublishedApiOrNarrower(PveCall call)
    {
        var info = Published().Find(call.Method.Method, call.Path)!.Value;
        var properties = info.GetProperty("parameters").TryGetProperty("properties", out var named) ? named : default;
        foreach (var parameter in call.Parameters)
        {
            var rule = properties.GetProperty(parameter.Name);
            Assert.That(parameter.Kind, Is.EqualTo(rule.GetProperty("type").GetString() switch { "boolean" => PveKind.Flag, "integer" => PveKind.Number, "array" => PveKind.List, _ => PveKind.Text }), parameter.Name);
            Assert.That(parameter.FaultOf(parameter.Example), Is.Null, parameter.Name);
            if (parameter.Kind == PveKind.Number)
            {
                Assert.That(parameter.Least, Is.GreaterThanOrEqualTo(Bound(rule, "minimum", long.MinValue)), parameter.Name);
                Assert.That(parameter.Most, Is.LessThanOrEqualTo(Bound(rule, "maximum", long.MaxValue)), parameter.Name);
            }

            Assert.That(parameter.MaxLength, Is.LessThanOrEqualTo(Bound(rule, "maxLength", long.MaxValue)), parameter.Name);
        }

        foreach (var needed in properties.ValueKind == JsonValueKind.Object ? properties.EnumerateObject().Where(p => !p.Value.TryGetProperty("optional", out _)) : [])
        {
            Assert.That(call.Parameters.Any(p => p.Name == needed.Name && p.IsRequired), $"{needed.Name} is needed");
        }
    }

    [TestCaseSource(nameof(Calls))]
    public void Call_ItsPrivileges_AreThoseOfThePublishedApi(PveCall call)
    {
        var info = Published().Find(call.Method.Method, call.Path)!.Value;
        var needed = call.Privileges.Split('@')[0].Split('|', StringSplitOptions.RemoveEmptyEntries);
        var permissions = info.GetProperty("permissions");
        string[] allowed = permissions.TryGetProperty("check", out var check) ? [.. check[2].EnumerateArray().Select(p => p.GetString()!)]
            : call == PveCalls.Machines ? ["VM.Audit"]
            : [];
        Assert.That(needed, call == PveCalls.SetConfig ? Is.SubsetOf(allowed) : Is.EqualTo(allowed));
        Assert.That(call.Privileges.Split('@').ElementAtOrDefault(1), Is.EqualTo(permissions.TryGetProperty("check", out check) ? check[1].GetString() : call == PveCalls.Machines ? "/vms/{vmid}" : null));
    }

    [Test]
    public void Schema_OfCallsThatAreWrong_HasFaults()
    {
        var schema = Published();
        Assert.That(schema.Methods, Is.GreaterThan(600));
        Assert.That(schema.FaultsOf("GET", "/nodes/pve1/qemu/99/config", []), Is.EqualTo(new[] { "vmid: 99 is less than 100" }));
        Assert.That(schema.FaultsOf("PUT", "/nodes/pve1/qemu/101/config", [new("net0", "virtio,bridge=a,tag=0,zz=1"), new("digset", "x")]), Has.Exactly(3).Items);
        Assert.That(schema.FaultsOf("PUT", "/nodes/pve1/qemu/101/config", [new("net0", "bridge=vmbr0")]), Is.EqualTo(new[] { "net0: 'model' is missing" }));
        Assert.That(schema.FaultsOf("POST", "/nodes/pve1/qemu/101/termproxy", [new("serial", "serial4")]), Has.Exactly(1).Items);
        Assert.That(schema.FaultsOf("GET", "/nodes/pve1/qemu/101/vncwebsocket", [new("port", "6000")]), Has.Exactly(2).Items);
        Assert.That(schema.FaultsOf("POST", "/nodes/pve1/qemu/101/agent/run", []), Has.Exactly(1).Items);
    }

    private static PveSchema Published()
    {
        if (PveSchema.Published is null)
        {
            Assert.Ignore(PveSchema.Absence);
        }

        return PveSchema.Published!;
    }

    private static long Bound(JsonElement rule, string name, long otherwise) => rule.TryGetProperty(name, out var bound) ? bound.GetInt64() : otherwise;
}
