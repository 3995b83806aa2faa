using FailoverLab.Hosts;

namespace FailoverLab.Restoration.Tests;

/// <summary>A host whose state is files in a directory of its own: what can be tried without any privilege.</summary>
internal sealed class FileHost : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("failoverlab-undo-");

    public string Path => _directory.FullName;

    public string Root => System.IO.Path.Combine(Path, "guard");

    public string RunDirectory => System.IO.Path.Combine(Path, "run");

    public StateFolder State => new(System.IO.Path.Combine(Path, "state"));

    public string this[string name]
    {
        get => File.ReadAllText(FileOf(name)).TrimEnd('\n');
        set => File.WriteAllText(FileOf(name), value + "\n");
    }

    public string FileOf(string name) => System.IO.Path.Combine(Path, name);

    public RestorationJournal Begin(string run = "run-1")
    {
        Directory.CreateDirectory(RunDirectory);
        return RestorationJournal.Begin(RunDirectory, State, "lab", run, "", TimeProvider.System);
    }

    public RestorationJournal Begin(Func<string, JournalFile> open)
    {
        Directory.CreateDirectory(RunDirectory);
        return RestorationJournal.Begin(RunDirectory, State, "lab", "run-1", "", TimeProvider.System, open);
    }

    public GuardOptions Options(double lease = 20) => new() { Lease = TimeSpan.FromSeconds(lease), Root = Root, Owner = "somebody@here" };

    public LabRecovery Recovery(params IUndoer[] undoers) => new(State, new ReachedShells([], Linux.SystemClock.Shared, TimeProvider.System), undoers, TimeProvider.System);

    /// <summary>The change of one file's text, whose undo also counts itself in the file <c>undos</c>.</summary>
    public ChangeIntent Intent(string name, string? before = null) => new()
    {
        Host = "h",
        Kind = "shell",
        Target = name,
        Undo = [new ShellCommand("sh", "-c", "echo \"$2\" >>\"$3\"; printf '%s\\n' \"$1\" >\"$2\"", "sh", before ?? this[name], FileOf(name), FileOf("undos"))],
        Checks = [new LinkCheck(new ShellCommand("cat", FileOf(name)), before ?? this[name])],
    };

    public ShellCommand Write(string name, string value) => new("sh", "-c", "printf '%s\\n' \"$1\" >\"$2\"", "sh", value, FileOf(name));

    /// <summary>Undos that were run, as names of files in their order.</summary>
    public IReadOnlyList<string> Undos() => File.Exists(FileOf("undos")) ? [.. File.ReadLines(FileOf("undos")).Select(l => System.IO.Path.GetFileName(l))] : [];

    public async Task ChangeAsync(LabGuard guard, string name, string value) =>
        await guard.ChangeAsync(Intent(name), () => guard.Fenced.RunAsync(Write(name, value), CancellationToken.None), CancellationToken.None);

    public void Dispose() => _directory.Delete(recursive: true);
}
