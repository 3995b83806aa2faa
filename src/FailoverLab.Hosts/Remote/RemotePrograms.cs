using FailoverLab.Scenarios;

namespace FailoverLab.Hosts;

/// <summary>Our programs of one host and run: senders and receivers of probe traffic, and the one program of the failover stack.</summary>
/// <param name="shell">The host.</param>
/// <param name="directory">Tells the far side's own directory.</param>
/// <param name="key">The run's tunnel key, which the stack's programs are told as <c>FAILOVERLAB_PSK</c> on their standard input; it is never written down.</param>
internal sealed class RemotePrograms(SshShell shell, Func<CancellationToken, Task<string>> directory, string key)
{
    private readonly List<RemoteProgram> _all = [];
    private RemoteProgram? _stack;

    /// <summary>Every program, in the order of their starts.</summary>
    public IReadOnlyList<RemoteProgram> All => _all;

    /// <summary>Starts a sender for a step's flows.</summary>
    /// <returns>Text for the shell that lets it send.</returns>
    public async Task<string> SendAsync(StepPlan step, CancellationToken cancellationToken) => (await ProbeAsync(step.Name, [step], isSender: true, cancellationToken)).OpenScript;

    /// <summary>Starts what receives on this host, which waits for no gate.</summary>
    /// <param name="steps">Steps whose flows end here.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task ReceiveAsync(IReadOnlyList<StepPlan> steps, CancellationToken cancellationToken) => ProbeAsync("probe-receiver", steps, isSender: false, cancellationToken);

    /// <summary>Starts the program of the failover stack.</summary>
    /// <returns>Text for the shell that lets it serve.</returns>
    public async Task<string> StackAsync(StepPlan step, StackStart stack, CancellationToken cancellationToken)
    {
        var config = await PutAsync($"stack-{_all.Count}.yaml", await File.ReadAllBytesAsync(stack.ConfigFile, cancellationToken), cancellationToken);
        _stack = await BeginAsync(step.Name, [stack.Verb, "--config", config, "--gate", "--secrets"], isStack: true, isSender: false, cancellationToken);
        return _stack.OpenScript;
    }

    /// <summary>Text for the shell that signals the stack's program.</summary>
    /// <exception cref="StepHostException">None runs here.</exception>
    public Task<string> SignalStackAsync(StepPlan step, string signal) =>
        _stack?.SignalScriptAsync(signal) ?? throw new StepHostException($"step {step.Name}: no program of the failover stack is started on '{shell.Host}' before it");

    /// <summary>Text for the shell that ends all sending.</summary>
    public async Task<string> StopSendingAsync() => string.Join('\n', await Task.WhenAll(_all.Where(p => p.IsSender).Select(p => p.SignalScriptAsync("TERM"))));

    /// <summary>Waits until all are armed.</summary>
    public Task ArmedAsync(CancellationToken cancellationToken) => Task.WhenAll(_all.Select(p => p.ArmedAsync(cancellationToken)));

    /// <summary>Ends what still sends.</summary>
    public Task EndSendingAsync() => Task.WhenAll(_all.Where(p => p.IsSender).Select(p => p.EndAsync()));

    /// <summary>Ends all and brings what they printed to the run directory.</summary>
    /// <param name="runDirectory">The run directory.</param>
    /// <returns>Files of the stack's events.</returns>
    public async Task<IReadOnlyList<string>> EndAsync(string runDirectory)
    {
        await Task.WhenAll(_all.Select(p => p.EndAsync()));
        var logs = Path.Combine(runDirectory, "logs", shell.Host);
        var files = new List<string>();
        foreach (var program in _all)
        {
            if (await program.KeepAsync(logs) is { } file && program.IsStack)
            {
                files.Add(file);
            }
        }

        return files;
    }

    /// <summary>The part of a plan that is about flows, which is all a host is told of it.</summary>
    private static RunPlan Only(IReadOnlyList<StepPlan> steps) => new()
    {
        Scenario = "probes",
        Description = "",
        Duration = TimeSpan.Zero,
        Seed = 0,
        Topology = null,
        Hosts = [],
        Steps = steps,
        Expectations = [],
    };

    private async Task<RemoteProgram> ProbeAsync(string name, IReadOnlyList<StepPlan> steps, bool isSender, CancellationToken cancellationToken)
    {
        var file = await PutAsync($"probes-{_all.Count}.json", System.Text.Encoding.UTF8.GetBytes(PlanJson.Write(Only(steps))), cancellationToken);
        return await BeginAsync(name, ["probe-session", file, shell.Host, isSender ? "send" : "receive"], isStack: false, isSender, cancellationToken);
    }

    private async Task<RemoteProgram> BeginAsync(string name, IReadOnlyList<string> words, bool isStack, bool isSender, CancellationToken cancellationToken)
    {
        if (shell.Program is null)
        {
            throw new StepHostException($"host '{shell.Host}': step {name} needs our program there, and it is not; write 'agent: yes'");
        }

        var first = isStack ? $"FAILOVERLAB_PSK={key}\n\n" : "";
        var program = await RemoteProgram.BeginAsync(shell, await directory(cancellationToken), _all.Count, name, words, first, cancellationToken);
        program = program with { IsStack = isStack, IsSender = isSender };
        _all.Add(program);
        return program;
    }

    private async Task<string> PutAsync(string name, byte[] content, CancellationToken cancellationToken)
    {
        var path = $"{await directory(cancellationToken)}/{name}";
        var result = await shell.RunAsync(new ShellCommand("sh", "-c", "cat >\"$1\"", "sh", path) { Input = content }, cancellationToken);
        return result.IsSuccess ? path : throw new StepHostException($"host '{shell.Host}': {path} cannot be written: {SshFailureReader.Printable(result.Error)}");
    }
}
