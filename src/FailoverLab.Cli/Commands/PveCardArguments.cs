using System.CommandLine;
using System.Globalization;

namespace FailoverLab.Cli;

/// <summary>Which card of which machine a verb means.</summary>
internal sealed class PveCardArguments
{
    public Argument<int> Machine { get; } = new("VM") { Description = "Number of the machine, 100 and above." };

    public Argument<string> Net { get; } = new("NET") { Description = "Its card: net0 to net31." };

    /// <summary>Adds them to a verb, and refuses what is no card.</summary>
    public void AddTo(Command command)
    {
        Machine.Validators.Add(result =>
        {
            if (!int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var vmid) || vmid is < 100 or > 999_999_999)
            {
                result.AddError("VM is a number from 100 to 999999999.");
            }
        });
        Net.Validators.Add(result =>
        {
            if (NumberOf(result.Tokens[0].Value) is null)
            {
                result.AddError("NET is one of net0 to net31.");
            }
        });
        command.Arguments.Insert(0, Machine);
        command.Arguments.Insert(1, Net);
    }

    /// <summary>The number of the card.</summary>
    public int Number(ParseResult parsed) => NumberOf(parsed.GetRequiredValue(Net))!.Value;

    private static int? NumberOf(string text) =>
        text.StartsWith("net", StringComparison.Ordinal) && text.Length is 4 or 5 && int.TryParse(text.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < 32 ? number : null;
}
