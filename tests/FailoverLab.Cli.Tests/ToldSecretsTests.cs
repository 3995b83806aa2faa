namespace FailoverLab.Cli.Tests;

public sealed class ToldSecretsTests
{
    private const string Name = "FAILOVERLAB_TOLD_SECRET";

    [Test]
    public void Read_LinesUpToAnEmptyOne_AreThereUntilForgottenAndTheGateIsLeft()
    {
        using var input = new StringReader($"{Name}=canary=x\n\ngo\n");

        using (ToldSecrets.Read(input))
        {
            Assert.That(Environment.GetEnvironmentVariable(Name), Is.EqualTo("canary=x"));
        }

        Assert.That((Environment.GetEnvironmentVariable(Name), input.ReadLine()), Is.EqualTo(((string?)null, "go")));
    }

    [Test]
    public async Task Router_KeyToldOnInput_ConfigFindsItAndTheGateIsStillThere()
    {
        var folder = Directory.CreateTempSubdirectory("failoverlab-told-");
        var config = Path.Combine(folder.FullName, "router.yaml");
        await File.WriteAllTextAsync(config, "tunnel:\n  psk: env:FAILOVERLAB_TOLD_SECRET\n");

        var without = await CommandRun.OfAsync("router", "--config", config, "--gate");
        var told = await CommandRun.WithInputAsync(() => new StringReader($"{Name}=0123456789abcdef0123456789abcdef\n\n"), "router", "--config", config, "--gate", "--secrets");

        // The file is not whole; what it lacks is told either way, the missing variable only in the first.
        Assert.That(without.Error, Does.Contain($"'{Name}', which is not set"), without.Error);
        Assert.That(told.Error, Does.Not.Contain("which is not set"), told.Error);
        Assert.That(Environment.GetEnvironmentVariable(Name), Is.Null);
        folder.Delete(recursive: true);
    }
}
