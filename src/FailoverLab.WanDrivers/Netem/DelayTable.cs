using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FailoverLab.Scenarios;

namespace FailoverLab.WanDrivers;

/// <summary>
/// A delay distribution as netem's table: numbers from -32,768 to 32,767, one of which is drawn for each packet, 8,192 of them a spread.
/// Made from the plan's own distribution, so that no table of the host is needed and any shape can be asked.
/// </summary>
internal sealed record DelayTable
{
    /// <summary>Draws in a table: quantiles in the middle of as many equal steps.</summary>
    private const int Size = 2048;

    private const int Scale = 8192;

    private DelayTable(string text, string name) => (Text, Name) = (text, name);

    /// <summary>The table as <c>tc</c> reads it: numbers and blanks.</summary>
    public string Text { get; }

    /// <summary>A name that says its contents: <c>fl</c> and 16 hexadecimal digits.</summary>
    public string Name { get; }

    /// <summary>Makes the table of a distribution.</summary>
    /// <returns>The table, and the middle and spread it goes with, in microseconds.</returns>
    public static (DelayTable Table, long DelayUs, long SpreadUs) Of(DelayPlan model)
    {
        double[] delays = [.. Enumerable.Range(0, Size).Select(i => DelayQuantiles.Microseconds(model, (i + 0.5) / Size))];
        var spread = Math.Max(1, (long)Math.Ceiling((delays[^1] - delays[0]) / 8));
        var middle = (long)Math.Ceiling((delays[^1] + delays[0]) / 2);
        var text = new StringBuilder();
        for (var i = 0; i < delays.Length; i++)
        {
            var step = Math.Clamp(Math.Round((delays[i] - middle) / spread * Scale), short.MinValue, short.MaxValue);
            text.Append(((int)step).ToString(CultureInfo.InvariantCulture)).Append(i % 16 == 15 ? '\n' : ' ');
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text.ToString())))[..16];
        return (new DelayTable(text.ToString(), "fl" + hash), middle, spread);
    }

    /// <summary>The longest delay a table of this distribution gives.</summary>
    public static TimeSpan Longest(DelayPlan model) => TimeSpan.FromMicroseconds(DelayQuantiles.Microseconds(model, (Size - 0.5) / Size));
}
