using System.Text.Json;

namespace FailoverLab.Hosts.Tests;

public class LinkSnapshotTests
{
    [Test]
    public void Snapshot_ThroughJson_StaysTheSame()
    {
        var snapshot = new LinkSnapshot
        {
            Link = "byu",
            Host = "pve",
            Kind = "netem",
            Undo = [new ShellCommand("tc", "-batch", "-") { Input = "qdisc del dev a root\n"u8.ToArray(), Timeout = TimeSpan.FromSeconds(5) }],
            Checks = [new LinkCheck(new ShellCommand("tc", "qdisc", "show", "dev", "a"), "[]")],
            Words = "a: kernel default",
        };

        var text = JsonSerializer.Serialize(snapshot);
        var read = JsonSerializer.Deserialize<LinkSnapshot>(text)!;

        Assert.That(JsonSerializer.Serialize(read), Is.EqualTo(text));
        Assert.That(read.Undo[0].Arguments, Is.EqualTo(["tc", "-batch", "-"]));
        Assert.That(read.Undo[0].Input.ToArray(), Is.EqualTo("qdisc del dev a root\n"u8.ToArray()));
    }

    [TestCase("[]\n", 0, false, ExpectedResult = true)]
    [TestCase("[]", 1, false, ExpectedResult = false)]
    [TestCase("[]", 0, true, ExpectedResult = false)]
    [TestCase("[ ]", 0, false, ExpectedResult = false)]
    public bool Check_WhatWasPrinted_IsMetByTheSameTextOfACommandThatWorked(string output, int status, bool isTimedOut) =>
        new LinkCheck(new ShellCommand("tc"), "[]").IsMetBy(new ShellResult(status, output, "", isTimedOut));
}
