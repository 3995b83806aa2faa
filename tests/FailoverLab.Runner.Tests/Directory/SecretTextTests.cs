namespace FailoverLab.Runner.Tests;

public sealed class SecretTextTests
{
    [TestCase("psk: hunter2", "psk: ***")]
    [TestCase("  password: \"with blanks # and more\"", "  password: ***")]
    [TestCase("{ token: abc, other: 1 }", "{ token: ***, other: 1 }")]
    [TestCase("default_psk: 'x'", "default_psk: ***")]
    public void Redact_SecretValue_IsReplaced(string yaml, string expected) =>
        Assert.That(SecretText.Redact(yaml), Is.EqualTo(expected));

    [TestCase("psk: env:LAB_PSK")]
    [TestCase("psk: \"file:./psk\"")]
    [TestCase("tokens_per_second: 5")]
    [TestCase("# a psk is a secret")]
    public void Redact_ReferenceOrOtherText_Stays(string yaml) =>
        Assert.That(SecretText.Redact(yaml), Is.EqualTo(yaml));
}
