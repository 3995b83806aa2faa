using System.Globalization;

namespace FailoverLab.Tunnel.Tests;

/// <summary>One thing that happens in a timeline.</summary>
/// <param name="AtMs">When, from the start of the timeline.</param>
/// <param name="Kind">What.</param>
/// <param name="Target">Which path, router or clock.</param>
/// <param name="Amount">How much; its unit depends on the kind.</param>
internal readonly record struct Disturbance(int AtMs, DisturbanceKind Kind, int Target, int Amount)
{
    public static Disturbance Parse(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new Disturbance(
            int.Parse(words[0], CultureInfo.InvariantCulture),
            Enum.Parse<DisturbanceKind>(words[1]),
            int.Parse(words[2], CultureInfo.InvariantCulture),
            int.Parse(words[3], CultureInfo.InvariantCulture));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{AtMs} {Kind} {Target} {Amount}");
}
