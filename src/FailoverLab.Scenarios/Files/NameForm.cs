using System.Buffers;

namespace FailoverLab.Scenarios;

/// <summary>The forms names may have. They end up in file names, interface names and command lines, so they are checked before any use.</summary>
internal static class NameForm
{
    public const string InterfaceWords = "an interface name (1 to 15 of A-Z a-z 0-9 . _ -, first a letter or digit)";
    public const string NodeWords = "a node name (1 to 32 of a-z 0-9 -, first a letter or digit)";
    public const string GroupWords = "a group name (1 to 64 of A-Z a-z 0-9 . _ -, first a letter, digit or _)";
    public const string HostWords = "a host name (1 to 253 of A-Z a-z 0-9 . _ : % -, first a letter, digit or _)";
    public const string ScenarioWords = "a scenario name (1 to 40 of a-z 0-9 -)";
    public const string StepWords = "a step name (1 to 60 of a-z 0-9 . -, first a letter or digit)";

    public const string ProfileWords = "a profile name (1 to 40 of a-z 0-9 _ -)";

    private const string Lower = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const string Letters = Lower + "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static readonly SearchValues<char> InterfaceChars = SearchValues.Create(Letters + "._-");
    private static readonly SearchValues<char> HostChars = SearchValues.Create(Letters + "._:%-");
    private static readonly SearchValues<char> NodeChars = SearchValues.Create(Lower + "-");
    private static readonly SearchValues<char> ProfileChars = SearchValues.Create(Lower + "_-");
    private static readonly SearchValues<char> StepChars = SearchValues.Create(Lower + ".-");

    public static bool IsInterface(string text) => Matches(text, InterfaceChars, 15) && char.IsAsciiLetterOrDigit(text[0]);

    public static bool IsNode(string text) => Matches(text, NodeChars, 32) && text[0] != '-';

    public static bool IsGroup(string text) => text.Length <= 64 && IsHost(text) && !text.AsSpan().ContainsAny(':', '%');

    public static bool IsHost(string text) => Matches(text, HostChars, 253) && (char.IsAsciiLetterOrDigit(text[0]) || text[0] == '_');

    public static bool IsScenario(string text) => Matches(text, NodeChars, 40);

    public static bool IsProfile(string text) => Matches(text, ProfileChars, 40);

    public static bool IsStep(string text) => Matches(text, StepChars, 60) && char.IsAsciiLetterOrDigit(text[0]);

    private static bool Matches(string text, SearchValues<char> allowed, int maxLength) =>
        text.Length >= 1 && text.Length <= maxLength && !text.AsSpan().ContainsAnyExcept(allowed);
}
