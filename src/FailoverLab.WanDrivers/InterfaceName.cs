using FailoverLab.Hosts;

namespace FailoverLab.WanDrivers;

/// <summary>Names of network interfaces as they may go into a tool's arguments or a batch of commands.</summary>
internal static class InterfaceName
{
    /// <summary>Longest name the kernel takes.</summary>
    private const int Longest = 15;

    /// <summary>Whether a name is one that no tool can take for something else: letters, digits and <c>. _ : @ -</c>, not first <c>- . : @</c>.</summary>
    public static bool IsSafe(string name) =>
        name.Length is > 0 and <= Longest
        && (char.IsAsciiLetterOrDigit(name[0]) || name[0] == '_')
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ':' or '@' or '-');

    /// <summary>The name itself.</summary>
    /// <exception cref="StepHostException">It is not safe.</exception>
    public static string Checked(string name, string link) => IsSafe(name)
        ? name
        : throw new StepHostException($"link {link}: '{Printable(name)}' is no interface name: 1 to {Longest} of A-Z a-z 0-9 . _ : @ -, beginning with a letter or digit");

    private static string Printable(string name) =>
        new([.. name.Take(40).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c)]);
}
