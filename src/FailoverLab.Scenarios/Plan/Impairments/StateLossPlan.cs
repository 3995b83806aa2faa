using System.Text.Json.Serialization;
using FailoverLab.Primitives;

namespace FailoverLab.Scenarios;

/// <summary>
/// Loss by a table of four states, as netem's <c>loss state</c>: 1 received within gaps, 2 received within bursts, 3 lost within bursts,
/// 4 lost alone within gaps. It begins in 1; from 4 it always goes back to 1.
/// </summary>
/// <param name="P13">Chance from 1 to 3.</param>
/// <param name="P31">Chance from 3 to 1.</param>
/// <param name="P32">Chance from 3 to 2; with <paramref name="P31"/> at most 100 %.</param>
/// <param name="P23">Chance from 2 to 3.</param>
/// <param name="P14">Chance from 1 to 4; with <paramref name="P13"/> at most 100 %.</param>
public sealed record StateLossPlan(Ratio P13, Ratio P31, Ratio P32, Ratio P23, Ratio P14) : LossPlan
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override double MeanShare
    {
        get
        {
            // Balance of the chain: what goes from 1 to 3 comes back, and so between 3 and 2, and between 1 and 4.
            if (P13.Value == 0)
            {
                return P14.Value / (1 + P14.Value);
            }
            var ofTwo = P32.Value == 0 ? 0 : P23.Value == 0 ? double.PositiveInfinity : P32.Value / P23.Value;
            if (double.IsInfinity(ofTwo))
            {
                return 0;
            }
            if (P31.Value == 0)
            {
                return 1 / (1 + ofTwo);
            }
            var three = P13.Value / P31.Value;
            return (three + P14.Value) / (1 + P14.Value + three + (three * ofTwo));
        }
    }
}
