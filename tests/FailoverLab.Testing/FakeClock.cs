using System.Diagnostics;
using System.Globalization;

namespace FailoverLab.Testing;

/// <summary>
/// A clock that is wrong by a known amount, for programs of this machine (libfaketime). Whoever starts with <see cref="Environment"/> has it, whenever he
/// starts. Needs faketime and perl. Disposing forgets it.
/// </summary>
public sealed class FakeClock : IDisposable
{
    /// <summary>
    /// Reads the wrong clock between two readings of the right one, past the library by the system call, again and again, and prints the closest: instant and offset, ns.
    /// </summary>
    private const string Reader = """
        use Time::HiRes;
        my $number = (POSIX::uname())[4] eq 'x86_64' ? 228 : 113;
        sub real { my $t = "\0" x 16; syscall($number, 0, $t); my ($s, $n) = unpack('qq', $t); return $s * 1000000000 + $n; }
        my ($best, $at, $off);
        for (1 .. 200) {
          my $from = real();
          my $fake = Time::HiRes::clock_gettime(0);
          my $to = real();
          next if defined $best && $to - $from >= $best;
          $best = $to - $from;
          $at = int(($from + $to) / 2);
          my $whole = int($fake);
          $off = $whole * 1000000000 + int(($fake - $whole) * 1000000000) - $at;
        }
        print "$at $off\n";
        """;

    private static readonly string? Library = Directory.Exists("/usr/lib")
        ? Directory.EnumerateFiles("/usr/lib", "libfaketime.so.1", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 3, IgnoreInaccessible = true }).FirstOrDefault()
        : null;

    private readonly Process _keeper;

    /// <summary>Starts the clock.</summary>
    /// <param name="change">What is wrong with it, as faketime has it: <c>+2.5s</c>, <c>-3h</c>, <c>+3600s x1.00005</c> (gains 50 ppm from now on).</param>
    public FakeClock(string change)
    {
        // The library counts from where each process began unless they share a beginning; its own program makes a place for that, and keeps it while it runs.
        _keeper = Process.Start(new ProcessStartInfo("faketime", ["-f", change, "sh", "-c", "echo \"$FAKETIME_SHARED\"; exec cat"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Environment = new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = Library!,
            ["FAKETIME"] = change,
            ["FAKETIME_SHARED"] = _keeper.StandardOutput.ReadLine()!,
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        };
    }

    /// <summary>Whether there is what it needs.</summary>
    public static bool IsInstalled => Library is not null && File.Exists("/usr/bin/faketime") && File.Exists("/usr/bin/perl");

    /// <summary>What programs are started with that shall have it.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>What of it our own program needs, in addition: it looks for the C library's calls in that library itself, where nothing preloaded comes before.</summary>
    /// <param name="folder">An existing folder; the fake library is put there under the C library's name.</param>
    public static IReadOnlyDictionary<string, string> OwnProgram(string folder)
    {
        var name = Path.Combine(folder, "libc.so");
        if (!File.Exists(name))
        {
            File.CreateSymbolicLink(name, Library!);
        }

        return new Dictionary<string, string> { ["LD_LIBRARY_PATH"] = folder };
    }

    /// <summary>Reads it.</summary>
    /// <returns>An instant, ns since the Unix epoch, and what it was ahead of the right clock then, ns; within a microsecond.</returns>
    public (long AtNs, long OffsetNs) Read()
    {
        var start = new ProcessStartInfo("perl", ["-MPOSIX", "-e", Reader]) { RedirectStandardOutput = true };
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        using var reader = Process.Start(start)!;
        var words = reader.StandardOutput.ReadToEnd().Split();
        reader.WaitForExit();
        return (long.Parse(words[0], CultureInfo.InvariantCulture), long.Parse(words[1], CultureInfo.InvariantCulture));
    }

    /// <summary>What it was ahead at an instant between two readings, ns; its rate does not change.</summary>
    public static long At((long AtNs, long OffsetNs) one, (long AtNs, long OffsetNs) other, long atNs) =>
        one.OffsetNs + (long)((other.OffsetNs - one.OffsetNs) * (double)(atNs - one.AtNs) / Math.Max(1, other.AtNs - one.AtNs));

    /// <inheritdoc/>
    public void Dispose()
    {
        _keeper.StandardInput.Close();
        _keeper.WaitForExit();
        _keeper.Dispose();
    }
}
