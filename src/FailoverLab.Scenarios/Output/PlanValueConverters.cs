using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using FailoverLab.Primitives;

namespace FailoverLab.Scenarios;

/// <summary>Quantities as text with their unit.</summary>
internal static class PlanValueConverters
{
    private const string Unlimited = "unlimited";

    /// <summary>Seconds with up to seven decimals: every tick is kept.</summary>
    public static JsonConverter Duration { get; } = new TextConverter<TimeSpan>(
        v => ((decimal)v.Ticks / TimeSpan.TicksPerSecond).ToString("0.#######", CultureInfo.InvariantCulture) + "s",
        t => TimeSpan.FromTicks((long)(decimal.Parse(t.TrimEnd('s'), CultureInfo.InvariantCulture) * TimeSpan.TicksPerSecond)));

    public static JsonConverter Address { get; } = new TextConverter<IPAddress>(v => v.ToString(), IPAddress.Parse);

    public static JsonConverter Share { get; } = new TextConverter<Ratio>(
        v => (v.Value * 100).ToString("R", CultureInfo.InvariantCulture) + "%",
        t => new Ratio(double.Parse(t.TrimEnd('%'), CultureInfo.InvariantCulture) / 100));

    public static JsonConverter Rate { get; } = new TextConverter<DataRate>(
        v => v == LinkChange.Unlimited ? Unlimited : v.BitsPerSecond.ToString(CultureInfo.InvariantCulture) + "bit/s",
        t => t == Unlimited ? LinkChange.Unlimited : DataRate.TryParse(t, out var rate) ? rate : throw new FormatException($"'{t}' is no rate."));

    public static JsonConverter Position { get; } = new TextConverter<SourcePosition>(v => v.ToString(), ParsePosition);

    public static JsonConverter Secret { get; } = new TextConverter<SecretReference>(
        v => v.ToString(), t => SecretReference.TryParse(t, out var reference) ? reference : throw new FormatException("A secret stands by reference only."));

    private static SourcePosition ParsePosition(string text)
    {
        var parts = text.Split(':');
        return parts.Length >= 3
            && int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var column)
            && int.TryParse(parts[^2], NumberStyles.None, CultureInfo.InvariantCulture, out var line)
            ? new SourcePosition(string.Join(':', parts[..^2]), line, column)
            : SourcePosition.WholeFile(text);
    }

    private sealed class TextConverter<T>(Func<T, string> write, Func<string, T> read) : JsonConverter<T>
    {
        public override bool CanConvert(Type typeToConvert) => typeof(T).IsAssignableFrom(typeToConvert);

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            try
            {
                return read(reader.GetString() ?? "");
            }
            catch (Exception e) when (e is FormatException or OverflowException or ArgumentException or InvalidOperationException)
            {
                throw new JsonException(e.Message, e);
            }
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(write(value));
    }
}
