using System.Globalization;
using System.Text.RegularExpressions;

namespace FailoverLab.Proxmox;

/// <summary>A parameter of a call, with the bounds held before anything is sent. They are those of the API or narrower.</summary>
/// <param name="Name">As the API names it; <c>[n]</c> at its end stands for a number.</param>
/// <param name="Kind">Its type.</param>
public sealed record PveParameter(string Name, PveKind Kind)
{
    /// <summary>Whether the call needs it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Smallest whole number.</summary>
    public long Least { get; init; }

    /// <summary>Greatest whole number.</summary>
    public long Most { get; init; } = int.MaxValue;

    /// <summary>Most characters of a text, or of one item.</summary>
    public int MaxLength { get; init; } = 4096;

    /// <summary>What the whole text must match; empty for any text without line breaks.</summary>
    public string Pattern { get; init; } = "";

    /// <summary>Whether a text may hold line breaks and control characters, as a program's input does.</summary>
    public bool IsFree { get; init; }

    /// <summary>Whether no message may hold its value.</summary>
    public bool IsSecret { get; init; }

    /// <summary>A value as it would be sent, for documents and checks.</summary>
    public required string Example { get; init; }

    /// <summary>Whether this parameter is meant by a name with its number filled in.</summary>
    internal bool IsNamed(string name) =>
        Name.EndsWith("[n]", StringComparison.Ordinal)
            ? name.StartsWith(Name[..^3], StringComparison.Ordinal) && name.Length > Name.Length - 3 && name.AsSpan(Name.Length - 3).IndexOfAnyExceptInRange('0', '9') < 0
            : name == Name;

    /// <summary>What is wrong with a value; <see langword="null"/> when it may be sent.</summary>
    internal string? FaultOf(string value)
    {
        var seen = IsSecret ? "the value" : $"'{PveText.Clean(value, 60)}'";
        return Kind switch
        {
            PveKind.Flag => value is "0" or "1" ? null : $"{seen} is neither 0 nor 1",
            PveKind.Number => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= Least && number <= Most
                ? null
                : $"{seen} is not a whole number from {Least} to {Most}",
            _ => value.Length > MaxLength ? $"the value has {value.Length} characters, {MaxLength} are allowed"
                : !IsFree && value.Any(char.IsControl) ? $"{seen} holds control characters"
                : Pattern.Length > 0 && !Regex.IsMatch(value, $@"\A(?:{Pattern})\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking) ? $"{seen} has not the form {Pattern}"
                : null,
        };
    }
}
