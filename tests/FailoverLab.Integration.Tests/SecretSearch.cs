using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace FailoverLab.Integration.Tests;

/// <summary>Looks for secrets where everyone may look, over and over while something runs: command lines, environments, files.</summary>
/// <param name="secrets">What must be nowhere.</param>
/// <param name="folders">Where files are looked at; what has gone meanwhile is passed over.</param>
internal sealed class SecretSearch(IReadOnlyList<string> secrets, IReadOnlyList<string> folders) : IDisposable
{
    private const int FilesEvery = 10;
    private readonly ConcurrentDictionary<string, bool> _mayKnow = [];
    private readonly ConcurrentDictionary<string, bool> _lines = [];
    private readonly CancellationTokenSource _end = new();
    private readonly Dictionary<string, string> _found = [];
    private readonly HashSet<string> _processes = [];
    private readonly HashSet<string> _files = [];
    private Task _running = Task.CompletedTask;

    /// <summary>Where one was seen.</summary>
    public IReadOnlyCollection<string> Found => [.. _found.Where(f => !_mayKnow.ContainsKey(f.Key)).Select(f => $"{f.Key}: {f.Value}")];

    /// <summary>What was looked at: names of programs, and of files.</summary>
    public (IReadOnlySet<string> Programs, IReadOnlySet<string> Files) Seen => (_processes, _files);

    /// <summary>Passes over one place where the operator put a secret: a file, or the environment of a process.</summary>
    public void MayKnow(string path) => _mayKnow[path] = true;

    /// <summary>Passes over the environment of a process that the operator started with a secret in it.</summary>
    /// <param name="process">Its number.</param>
    /// <param name="line">What it comes to run in the end.</param>
    public void MayKnow(int process, IEnumerable<string> line)
    {
        _lines[string.Concat(line.Select(w => w + "\0"))] = true;
        MayKnow(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/environ"));
    }

    /// <summary>Begins to look: at processes every 20 ms, at files every 200.</summary>
    public void Start() => _running = Task.Run(async () =>
    {
        for (var turn = 0; !_end.IsCancellationRequested; turn++)
        {
            LookAtProcesses();
            if (turn % FilesEvery == 0)
            {
                LookAtFiles();
            }

            await Task.Delay(20);
        }
    });

    /// <summary>Looks once more, at what is left, and ends.</summary>
    public async Task EndAsync()
    {
        await _end.CancelAsync();
        await _running;
        LookAtFiles();
    }

    public void Dispose() => _end.Dispose();

    private void LookAtProcesses()
    {
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(p => char.IsAsciiDigit(p[6])))
        {
            Look($"{process}/cmdline", out var line);

            // Between fork and exec a child shows what its parent was started with, command line and all.
            if (!_lines.ContainsKey(line))
            {
                Look($"{process}/environ", out _, line);
            }

            _processes.Add(Path.GetFileName(line.Split('\0')[0]));
        }
    }

    private void LookAtFiles()
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Device };
        foreach (var folder in folders.Where(Directory.Exists))
        {
            try
            {
                foreach (var file in Directory.EnumerateFiles(folder, "*", options))
                {
                    Look(file, out _);
                    _files.Add(Path.GetFileName(file));
                }
            }
            catch (IOException)
            {
                // Taken away while it was read.
            }
        }
    }

    private void Look(string path, out string text, string whose = "")
    {
        text = "";
        try
        {
            // A pipe has no length and would be waited for; what /proc shows has none either.
            if (!path.StartsWith("/proc/", StringComparison.Ordinal) || path.Contains("/root/", StringComparison.Ordinal))
            {
                var length = new FileInfo(path).Length;
                if (length is 0 or > 50_000_000)
                {
                    return;
                }
            }

            text = Encoding.UTF8.GetString(File.ReadAllBytes(path));
            var what = text;
            if (secrets.Any(s => what.Contains(s, StringComparison.Ordinal)))
            {
                _found[path] = whose.Replace('\0', ' ') + ": " + what[..Math.Min(what.Length, 120)].Replace('\0', ' ');
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A process that has ended, or a file that has gone.
        }
    }
}
