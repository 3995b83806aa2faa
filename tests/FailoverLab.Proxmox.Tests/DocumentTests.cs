namespace FailoverLab.Proxmox.Tests;

/// <summary>docs/PROXMOX.md lists the calls there are; <c>UPDATE_GOLDEN=1</c> writes the list.</summary>
public sealed class DocumentTests
{
    private const string Begin = "<!-- calls -->\n";
    private const string End = "<!-- /calls -->";

    [Test]
    public void Calls_InTheDocument_AreThoseOfTheProgram()
    {
        var root = TestContext.CurrentContext.TestDirectory;
        while (!File.Exists(Path.Combine(root, "FailoverLab.sln")))
        {
            root = Path.GetDirectoryName(root)!;
        }

        var file = Path.Combine(root, "docs", "PROXMOX.md");
        var text = File.ReadAllText(file);
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, text[..begin] + Table() + text[end..]);
            Assert.Ignore("written");
        }

        Assert.That(text[begin..end], Is.EqualTo(Table()));
    }

    private static string Table() => "\n| call | sends | privilege |\n|---|---|---|\n" + string.Concat(PveCalls.All.Select(c => $"| `{c.Value}` | {Sends(c.Value)} | {Needs(c.Value)} |\n")) + "\n";

    private static string Sends(PveCall call) =>
        string.Join(", ", call.Parameters.Where(p => !call.Path.Contains($"{{{p.Name}}}", StringComparison.Ordinal)).Select(p => $"`{p.Name}`")) is { Length: > 0 } names ? names : "—";

    private static string Needs(PveCall call) =>
        call.Privileges.Split('@') is [{ Length: > 0 } privileges, var on] ? $"{string.Join(" or ", privileges.Split('|').Select(p => $"`{p}`"))} on `{on}`" : "any credential";
}
