using System.Globalization;
using FailoverLab.Scenarios;

namespace FailoverLab.WanDrivers;

/// <summary>netem's settings as <c>tc</c>'s arguments. Pure.</summary>
internal static class NetemArguments
{
    /// <summary>
    /// All settings, named every time: what a change leaves out keeps its old value in the kernel for rate, corruption and reordering, and goes to
    /// nothing for delay, loss and duplication.
    /// </summary>
    /// <param name="settings">The settings.</param>
    /// <param name="table">The table to hand over; <see langword="null"/> keeps the one in place.</param>
    public static IReadOnlyList<string> Of(NetemSettings settings, DelayTable? table)
    {
        var words = new List<string> { "netem", "limit", Number(settings.Limit) };
        if (settings.DelayUs > 0 || settings.SpreadUs > 0)
        {
            words.AddRange(["delay", $"{Number(settings.DelayUs)}us"]);
        }

        if (settings.SpreadUs > 0)
        {
            words.Add($"{Number(settings.SpreadUs)}us");
            if (table is not null)
            {
                words.AddRange(["distribution", table.Name]);
            }
        }

        words.AddRange(settings.Model switch
        {
            GilbertElliottPlan g => ["loss", "gemodel", Percent(g.ToBad.Value), Percent(g.ToGood.Value), Percent(g.InBad.Value), Percent(g.InGood.Value)],
            StateLossPlan s => ["loss", "state", Percent(s.P13.Value), Percent(s.P31.Value), Percent(s.P32.Value), Percent(s.P23.Value), Percent(s.P14.Value)],
            _ => ["loss", "random", Percent(settings.Loss)],
        });
        words.AddRange(["duplicate", Percent(settings.Duplicate), "corrupt", Percent(settings.Corrupt)]);
        words.AddRange(["rate", $"{Number(settings.Rate)}bit"]);
        words.AddRange(["reorder", Percent(settings.Reorder)]);
        if (settings.Reorder > 0)
        {
            words.AddRange(["gap", "1"]);
        }

        if (settings.Seed is { } seed)
        {
            words.AddRange(["seed", seed.ToString(CultureInfo.InvariantCulture)]);
        }

        return words;
    }

    private static string Percent(double share) => (share * 100).ToString("0.##########", CultureInfo.InvariantCulture) + "%";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
