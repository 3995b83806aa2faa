using System.Text;
using FailoverLab.Hosts;

namespace FailoverLab.WanDrivers;

/// <summary>A directory of delay tables on the host for one call of <c>tc</c>; the kernel keeps the tables, the directory goes at once.</summary>
internal sealed class TableLibrary : IAsyncDisposable
{
    private readonly IShell _shell;
    private readonly string _directory;

    private TableLibrary(IShell shell, string directory) => (_shell, _directory) = (shell, directory);

    /// <summary>What makes tc look there.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string> { ["TC_LIB_DIR"] = _directory };

    /// <summary>Writes the tables.</summary>
    /// <exception cref="StepFailedException">They could not be written.</exception>
    public static async Task<TableLibrary> MakeAsync(IShell shell, IEnumerable<DelayTable> tables, CancellationToken cancellationToken)
    {
        var made = await shell.RunAsync(new ShellCommand("mktemp", "-d", "/tmp/failoverlab-tc.XXXXXX"), cancellationToken);
        var directory = made.Output.Trim();
        if (!made.IsSuccess || !directory.StartsWith("/tmp/failoverlab-tc.", StringComparison.Ordinal) || directory.AsSpan(20).IndexOfAnyExcept(Letters) >= 0)
        {
            throw new StepFailedException($"{shell.Host}: no directory for delay tables: {Complaint.Of(made)}");
        }

        var library = new TableLibrary(shell, directory);
        foreach (var table in tables)
        {
            var written = await shell.RunAsync(new ShellCommand("dd", $"of={directory}/{table.Name}.dist") { Input = Encoding.ASCII.GetBytes(table.Text) }, cancellationToken);
            if (!written.IsSuccess)
            {
                await library.DisposeAsync();
                throw new StepFailedException($"{shell.Host}: delay table not written: {Complaint.Of(written)}");
            }
        }

        return library;
    }

    /// <summary>Takes the directory away.</summary>
    public async ValueTask DisposeAsync() => await _shell.RunAsync(new ShellCommand("rm", "-r", "-f", "--", _directory), CancellationToken.None);

    private static readonly System.Buffers.SearchValues<char> Letters =
        System.Buffers.SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
}
