namespace FailoverLab.Hosts;

/// <summary>What the kernel reads the time from: a slow source costs microseconds each time, and differs between virtual machines.</summary>
internal sealed class ClockSourceCheck : IHostCheck
{
    private static readonly ShellCommand Current = new("cat", "/sys/devices/system/clocksource/clocksource0/current_clocksource");

    public string Name => "clock source";

    public IReadOnlyList<ShellCommand> Questions(HostSubject subject) => [Current];

    public IEnumerable<Finding> Judge(HostSnapshot answers)
    {
        yield return answers.Line(Current) switch
        {
            null => answers.Unanswered(Name, Current),
            "tsc" or "kvm-clock" or "arch_sys_counter" or "hyperv_clocksource_tsc_page" => answers.Ok(Name, answers.Line(Current)!),
            var slow => answers.Note(Name, $"{slow}: reading the clock takes a system call or a device access", "boot with clocksource=tsc where the processor has a constant one"),
        };
    }
}
