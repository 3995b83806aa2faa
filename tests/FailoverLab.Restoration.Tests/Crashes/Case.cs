using System.Globalization;
using FailoverLab.Linux;
using FailoverLab.Primitives;

namespace FailoverLab.Restoration.Tests;

/// <summary>One seeded instant of one fault.</summary>
internal sealed class Case(NamespaceHost host, string directory, ulong seed, string before, TimeSpan lease)
{
    public NamespaceHost Host { get; } = host;

    public string Directory { get; } = directory;

    public ulong Seed { get; } = seed;

    /// <summary>The host's state before anything.</summary>
    public string Before { get; } = before;

    public SeededRandom Random { get; } = new(seed);

    public string Root => Path.Combine(Directory, "guard");

    /// <summary>Where journals may have been left.</summary>
    public IEnumerable<StateFolder> States => [new(Path.Combine(Directory, "state")), new(Path.Combine(Directory, "second", "state"))];

    public VictimOrder Order(bool isTied, int failingUndos = 0) => new(Directory, "first", Host.Name, Root, lease, isTied, Seed, failingUndos);

    public Task<LabRestoration> BeginAsync(string run = "first")
    {
        var own = run == "first" ? Directory : Path.Combine(Directory, run);
        var runDirectory = System.IO.Directory.CreateDirectory(Path.Combine(own, "run")).FullName;
        var journal = RestorationJournal.Begin(runDirectory, new StateFolder(Path.Combine(own, "state")), "lab", run, "", TimeProvider.System);
        return Task.FromResult(new LabRestoration(journal, TimeProvider.System));
    }

    /// <summary>The random instant: what the victim is doing then, nobody knows.</summary>
    public Task SomeInstantAsync() => Task.Delay(TimeSpan.FromMilliseconds(Random.NextDouble() * 400));

    /// <summary>What the guard keeps on the host, a line a file: why something was not put back.</summary>
    public string GuardFiles() => string.Join('\n', new DirectoryInfo(Root).EnumerateFiles("*", SearchOption.AllDirectories)
        .Where(f => f.Length is > 0 and < 500)
        .OrderBy(f => f.FullName, StringComparer.Ordinal)
        .Select(f => $"{Path.GetRelativePath(Root, f.FullName)}: {File.ReadAllText(f.FullName).Trim()}"));

    public void KillGuard()
    {
        var file = Path.Combine(Root, "runs", "first", "guard.pid");
        if (File.Exists(file) && int.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var pid))
        {
            ProcessControl.Kill(pid, ProcessControl.KillSignal);
        }
    }

    /// <summary>Fills a disk to its last byte.</summary>
    public static async Task FillAsync(string file)
    {
        await using var filler = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var block = 65_536; block > 0; block /= 16)
        {
            try
            {
                while (true)
                {
                    await filler.WriteAsync(new byte[block]);
                }
            }
            catch (IOException)
            {
                // Full for blocks of this size; the next are smaller.
            }
        }
    }
}
