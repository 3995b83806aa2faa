namespace FailoverLab.Scenarios.Tests;

/// <summary>What <c>plan</c> prints and <c>plan.json</c> holds, against files kept beside these tests.</summary>
public sealed class PlanOutputTests
{
    private static readonly string Golden = Path.Combine(Repository.Root, "tests", "FailoverLab.Scenarios.Tests", "Golden");

    [TestCase("starlink-drop")]
    [TestCase("router-crash")]
    public void Write_ShippedScenario_TextAsKept(string name)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        PlanText.Write(Plan(name), writer);
        Compare(Path.Combine(Golden, name + ".plan.txt"), writer.ToString());
    }

    [Test]
    public void Write_StarlinkDrop_JsonAsKept() => Compare(Path.Combine(Golden, "starlink-drop.plan.json"), PlanJson.Write(Plan("starlink-drop")) + "\n");

    [TestCaseSource(typeof(Repository), nameof(Repository.ScenarioNames))]
    public void Read_WrittenPlan_SamePlan(string name)
    {
        var json = PlanJson.Write(Plan(name));
        Assert.That(PlanJson.Write(PlanJson.Read(json)), Is.EqualTo(json));
    }

    private static RunPlan Plan(string name) => ScenarioLoader.Load(Repository.Scenario(name), Repository.Hosts, new ScenarioOverrides()).Plan!;

    /// <summary>Set UPDATE_GOLDEN=1 to keep the output of this run instead; look at the difference before committing it.</summary>
    private static void Compare(string file, string actual)
    {
        var portable = actual.Replace(Repository.Root, "ROOT", StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, portable);
        }
        Assert.That(portable, Is.EqualTo(File.ReadAllText(file)));
    }
}
