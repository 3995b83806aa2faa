using System.Globalization;
using FailoverLab.Primitives;

namespace FailoverLab.Scenarios;

/// <summary>Prints a plan for people: what happens when on which host, literally, and how it is undone.</summary>
public static class PlanText
{
    /// <summary>Writes the merged timeline of all hosts, then what is expected.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="writer">Takes plain lines without colour; not flushed.</param>
    public static void Write(RunPlan plan, TextWriter writer)
    {
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{plan.Scenario}: {Seconds(plan.Duration)}, seed {plan.Seed}"));
        if (plan.Description.Length > 0)
        {
            writer.WriteLine(plan.Description);
        }
        writer.WriteLine(Hosts(plan));
        writer.WriteLine();
        var timeWidth = plan.Steps.Select(s => Seconds(s.At).Length).Append(4).Max();
        var hostWidth = plan.Steps.Select(s => s.Host.Length).Append(4).Max();
        var nameWidth = plan.Steps.Select(s => s.Name.Length).Append(4).Max();
        writer.WriteLine($"{"at".PadLeft(timeWidth)}  {"host".PadRight(hostWidth)}  {"step".PadRight(nameWidth)}  what");
        foreach (var step in plan.Steps)
        {
            var margin = new string(' ', timeWidth + hostWidth + nameWidth + 6);
            var lines = step.Command.Split('\n');
            writer.WriteLine($"{Seconds(step.At).PadLeft(timeWidth)}  {step.Host.PadRight(hostWidth)}  {step.Name.PadRight(nameWidth)}  {Printable(lines[0])}");
            foreach (var line in lines.Skip(1))
            {
                writer.WriteLine($"{margin}{Printable(line)}");
            }
            if (step.Undo.Length > 0)
            {
                writer.WriteLine($"{margin}undo: {Printable(step.Undo)}");
            }
        }
        writer.WriteLine($"{Seconds(plan.Duration).PadLeft(timeWidth)}  end: every undo still open is run, newest first");
        WriteExpectations(plan, writer);
    }

    private static void WriteExpectations(RunPlan plan, TextWriter writer)
    {
        writer.WriteLine();
        writer.WriteLine(plan.Expectations.Count == 0 ? "nothing is expected" : "expected");
        foreach (var expectation in plan.Expectations)
        {
            writer.WriteLine($"  {Printable(expectation.Text)}");
        }
    }

    private static string Hosts(RunPlan plan) =>
        string.Join("; ", plan.Hosts.GroupBy(h => h.Transport).Select(g => $"{g.Key.ToString().ToLowerInvariant()}: {string.Join(", ", g.Select(h => h.Name))}"));

    private static string Seconds(TimeSpan value) =>
        value == TimeSpan.Zero ? "0s" : value < TimeSpan.FromMinutes(1) ? value.TotalSeconds.ToString("0.0#####", CultureInfo.InvariantCulture) + "s" : DurationText.Format(value);

    /// <summary>A file must not steer the terminal it is printed on.</summary>
    private static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c)).TrimEnd();
}
