using System.Text;
using FailoverLab.Primitives;
using YamlDotNet.Core;

namespace FailoverLab.Yaml;

/// <summary>
/// Reads one YAML file within <see cref="YamlBudget"/> into nodes with places. Whatever the bytes are, the answer is a tree
/// (perhaps partial) and diagnostics, never an exception.
/// </summary>
/// <remarks>
/// Events are pulled one at a time from the low-level parser and the budgets checked on each, so that a hostile file is
/// left after its first few thousand characters: the parser itself is quadratic in nesting and would need minutes.
/// </remarks>
public static class YamlReader
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file from disk.</summary>
    /// <param name="path">Path as the person gave it; it names the file in diagnostics.</param>
    /// <param name="bag">Takes every fault.</param>
    /// <returns>The root, or <see langword="null"/> when there is none to read on; then a fault was reported.</returns>
    public static YamlNode? ReadFile(string path, DiagnosticBag bag)
    {
        var whole = SourcePosition.WholeFile(path);
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            // One byte over the budget is enough to know; special files (/dev/zero, pipes) have no length to ask for.
            var bytes = new byte[YamlBudget.MaxBytes + 1];
            var count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return Read(bytes.AsSpan(0, count), path, bag);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            bag.Error(YamlCodes.Unreadable, whole, "there is no such file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            bag.Error(YamlCodes.Unreadable, whole, $"the file cannot be read: {e.Message}");
        }
        return null;
    }

    /// <summary>Reads a file's bytes.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="file">Its name in diagnostics.</param>
    /// <param name="bag">Takes every fault.</param>
    /// <returns>The root, or <see langword="null"/> when there is none to read on; then a fault was reported.</returns>
    public static YamlNode? Read(ReadOnlySpan<byte> bytes, string file, DiagnosticBag bag)
    {
        var text = Decode(bytes, file, bag);
        if (text is null)
        {
            return null;
        }
        var builder = new TreeBuilder(file, bag);
        var scanner = new Scanner(new StringReader(text));
        try
        {
            var parser = new Parser(scanner);
            while (parser.MoveNext() && parser.Current is { } next && builder.Accept(next))
            {
            }
        }
        catch (YamlException e)
        {
            ReportSyntax(e, text, file, bag);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IndexOutOfRangeException or OverflowException)
        {
            // The parser's own slips on malformed text, an unclosed bracket above all: for the reader one more syntax error.
            bag.Error(YamlCodes.Syntax, At(scanner.CurrentPosition, file), "not YAML from here on",
                builder.InnermostOpen is { } open ? $"is what begins in line {open.Line}, column {open.Column} closed?" : null);
        }
        return builder.Finish();
    }

    private static string? Decode(ReadOnlySpan<byte> bytes, string file, DiagnosticBag bag)
    {
        var start = new SourcePosition(file, 1, 1);
        if (bytes.Length > YamlBudget.MaxBytes)
        {
            bag.Error(YamlCodes.TooLarge, start, "the file is larger than 1 MiB", "a plan of this size is hardly meant; split it");
            return null;
        }
        if (bytes.StartsWith("\uFEFF"u8))
        {
            bag.Error(YamlCodes.NotText, start, "the file begins with a byte order mark", "save it as UTF-8 without BOM");
            bytes = bytes[3..];
        }
        if (bytes is [0xFE, 0xFF, ..] or [0xFF, 0xFE, ..])
        {
            bag.Error(YamlCodes.NotText, start, "the file is UTF-16", "save it as UTF-8");
            return null;
        }
        var bad = Array.Empty<byte>();
        try
        {
            var text = StrictUtf8.GetString(bytes);
            var control = text.AsSpan().IndexOfAnyInRange('\0', '\u0008');
            if (control >= 0)
            {
                bag.Error(YamlCodes.NotText, PlaceOf(text, control, file), $"the file holds the control character U+{(int)text[control]:X4}", "it is no text file, or damaged");
                return null;
            }
            if (text.AsSpan().Trim().IsEmpty)
            {
                bag.Error(YamlCodes.Empty, start, "the file is empty");
                return null;
            }
            return text;
        }
        catch (DecoderFallbackException e)
        {
            bad = e.BytesUnknown ?? bad;
            var index = int.Clamp(e.Index, 0, bytes.Length);
            var before = Encoding.UTF8.GetString(bytes[..index]);
            bag.Error(YamlCodes.NotText, PlaceOf(before, before.Length, file), $"the file is not UTF-8: byte 0x{Convert.ToHexString(bad)}", "save it as UTF-8");
            return null;
        }
    }

    private static void ReportSyntax(YamlException e, string text, string file, DiagnosticBag bag)
    {
        var line = (int)long.Clamp(e.Start.Line, 1, int.MaxValue);
        var position = At(e.Start, file);
        if (TabInIndentation(text, line) is { } tabbed)
        {
            bag.Error(YamlCodes.Tab, new SourcePosition(file, tabbed.Line, tabbed.Column), "a tab stands in the indentation", "indent with blanks");
            return;
        }
        var message = e.Message.Trim().TrimEnd('.');
        bag.Error(YamlCodes.Syntax, position, $"not YAML from here on: {char.ToLowerInvariant(message.Length > 0 ? message[0] : '?')}{(message.Length > 1 ? message[1..] : "")}");
    }

    private static SourcePosition At(Mark mark, string file) =>
        new(file, (int)long.Clamp(mark.Line, 1, int.MaxValue), (int)long.Clamp(mark.Column, 1, int.MaxValue));

    /// <summary>The first tab in the indentation of the line or of its neighbours: the parser notices it up to a line off.</summary>
    private static (int Line, int Column)? TabInIndentation(string text, int line)
    {
        var number = 0;
        (int Line, int Column)? found = null;
        foreach (var content in text.AsSpan().EnumerateLines())
        {
            number++;
            if (number > line + 1)
            {
                break;
            }
            var indentation = content[..(content.Length - content.TrimStart().Length)];
            if (number >= line - 1 && indentation.IndexOf('\t') is >= 0 and var tab)
            {
                found ??= (number, tab + 1);
            }
        }
        return found;
    }

    private static SourcePosition PlaceOf(string text, int index, string file)
    {
        var before = text.AsSpan(0, index);
        var lastBreak = before.LastIndexOf('\n');
        return new SourcePosition(file, before.Count('\n') + 1, index - lastBreak);
    }
}
