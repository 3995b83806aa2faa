using FailoverLab.Dataplane;
using FailoverLab.Hosts;
using FailoverLab.Linux;
using FailoverLab.Scenarios;

namespace FailoverLab.EmbeddedLab;

/// <summary>The lab process: PID 1 inside the private namespaces. Answers requests, one line each; ends when its input ends.</summary>
public static class LabServer
{
    /// <summary>The hidden verb that starts it.</summary>
    public const string Verb = LabLauncher.InitVerb;

    /// <summary>Serves until the input ends.</summary>
    /// <param name="input">Requests.</param>
    /// <param name="output">Answers, events and figures.</param>
    /// <param name="self">How this program is started, for the stack's programs.</param>
    /// <param name="isDetached">Whether the lab outlives its starter (<c>lab up</c>): the end of input then means nothing.</param>
    /// <returns>Exit status.</returns>
    public static int Run(TextReader input, TextWriter output, SelfCommand self, bool isDetached)
    {
        // Ctrl-C at the terminal is for the program outside, which ends the run in good order.
        ProcessControl.SetSid();
        var clock = SystemClock.Shared;
        var reporter = new LabReporter(output, clock);
        using var lab = new Lab(reporter, clock, self);
        while (input.ReadLine() is { } line)
        {
            reporter.Answer(Serve(lab, LabWire.ReadRequest(line), reporter, clock));
        }

        if (isDetached)
        {
            Thread.CurrentThread.Join(Timeout.Infinite);
        }

        return 0;
    }

    private static LabReply Serve(Lab lab, LabRequest request, LabReporter reporter, IClock clock)
    {
        try
        {
            switch (request.Kind)
            {
                case LabRequestKind.Up:
                    lab.Up(PlanJson.Read(request.Plan!));
                    break;
                case LabRequestKind.Arm:
                    lab.Arm(request.RunDirectory!);
                    break;
                case LabRequestKind.Fire:
                    lab.Fire(request.StartNs!.Value);
                    break;
                case LabRequestKind.Stop:
                    return new LabReply { Captures = lab.Stop() };
                case LabRequestKind.Gauge:
                    using (var bench = new GaugeBench(request.RunDirectory!, reporter, clock))
                    {
                        return new LabReply { Gauge = bench.Run(request.Gauge!) };
                    }
            }

            return new LabReply();
        }
        catch (Exception failure) when (failure is LabException or LinuxException or IOException or StepFailedException)
        {
            return new LabReply { Failure = failure.Message };
        }
    }
}
