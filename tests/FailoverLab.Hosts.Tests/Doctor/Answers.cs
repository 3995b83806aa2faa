using FailoverLab.Scenarios;

namespace FailoverLab.Hosts.Tests;

/// <summary>A host that answers from a list written down; what is not in it is not there.</summary>
internal sealed class Answers(params (string Command, int Status, string Output)[] known) : IShell
{
    public string Host => "h";

    /// <summary>What was asked, in order.</summary>
    public List<string> Asked { get; } = [];

    public Task<ShellResult> RunAsync(ShellCommand command, CancellationToken cancellationToken)
    {
        var text = command.ToString();
        Asked.Add(text);
        var answer = known.FirstOrDefault(k => k.Command == text || (k.Command.EndsWith('*') && text.StartsWith(k.Command[..^1], StringComparison.Ordinal)));
        return Task.FromResult(answer.Command is null ? new ShellResult(127, "", "not found", false)
            : answer.Status == 0 ? new ShellResult(0, answer.Output, "", false)
            : new ShellResult(answer.Status, "", answer.Output, false));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Asks and judges one check on a host.</summary>
    public async Task<IReadOnlyList<Finding>> JudgeAsync(IHostCheck check, HostSubject subject) =>
        HostExamination.Judge(await HostExamination.AskAsync(subject, this, [check], CancellationToken.None), [check]);

    public static HostSubject Remote(params IReadOnlyList<LinkPlan> links) =>
        new() { Host = new HostPlan("h", HostTransport.Ssh, "") { Ssh = SshPlan.Alias }, Links = links };

    public static LinkPlan Link(LinkDriver driver = LinkDriver.Netem, string? lan = "eth1", string? wan = "eth2") =>
        new() { Name = "sl1", Path = "sl1", Driver = driver, Host = "h", Lan = lan, Wan = wan, Serial = driver == LinkDriver.Wanulator ? "/run/103.serial0" : null, VmId = 103, Profile = new LinkChange() };
}
