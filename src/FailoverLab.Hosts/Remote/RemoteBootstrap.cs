using System.Globalization;
using System.Security.Cryptography;

namespace FailoverLab.Hosts;

/// <summary>What is sent first: the far side's program, by way of its standard input, so that nothing is left behind on the host.</summary>
internal static class RemoteBootstrap
{
    private const string End = "#END";
    private static readonly string Program = Load();

    /// <summary>A mark no other output will begin with.</summary>
    public static string NewMark() => "FL" + RandomNumberGenerator.GetHexString(12, lowercase: true);

    /// <summary>The first lines of a channel: a line that reads the program to its end and runs it, and the program.</summary>
    public static string Text(string mark, TimeSpan lease) => string.Create(
        CultureInfo.InvariantCulture,
        $"N={mark} LEASE={(int)lease.TotalSeconds}; E=$(printf '\\n_'); E=${{E%_}}; S=; while IFS= read -r l && [ \"$l\" != '{End}' ]; do S=$S$l$E; done; eval \"$S\"\n{Program}\n{End}\n");

    /// <summary>The program without comments and indents, which would only be read byte by byte on the far side.</summary>
    private static string Load()
    {
        using var reader = new StreamReader(typeof(RemoteBootstrap).Assembly.GetManifestResourceStream("farside.sh")!);
        var lines = reader.ReadToEnd().Split('\n');
        return string.Join('\n', lines.Select((l, i) => i > 0 && lines[i - 1].StartsWith("IFS=", StringComparison.Ordinal) ? l : l.TrimStart(' ')).Where(l => l.Length > 0 && l[0] != '#'));
    }
}
