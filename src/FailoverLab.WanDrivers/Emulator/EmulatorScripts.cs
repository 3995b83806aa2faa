using FailoverLab.Hosts;

namespace FailoverLab.WanDrivers;

/// <summary>
/// What a shell does for the driver <c>emulator</c> on the host of its link. Names come as arguments: <c>$1</c> is the control socket, beside which lie a
/// file with the number of the process, its log and its traces; <c>$2</c> the table that keeps the host's own hands off the two interfaces.
/// </summary>
/// <param name="socket">Path of the control socket.</param>
/// <param name="table">Name of the nftables table.</param>
internal sealed class EmulatorScripts(string socket, string table)
{
    /// <summary>A first start unpacks the program, and a machine without hardware help takes seconds for anything.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>Whether our process runs: its number, and the socket's name among its arguments, for numbers are given again. One that has ended and was not waited for has none.</summary>
    private const string Runs = """runs() { [ -r "$f.pid" ] && read -r p <"$f.pid" && tr '\0' '\n' <"/proc/$p/cmdline" 2>/dev/null | grep -qxF -- "$f"; }; f=$1; t=$2; """;

    private const string Looking = Runs + """l=$(nft list tables netdev) || exit 1; if runs || printf '%s\n' "$l" | grep -qxF "table netdev $t"; then echo taken; else echo free; fi""";

    private const string Starting = """
        f=$1; t=$2; shift 2
        umask 077
        mkdir -p "${f%/*}" && nft -f - || exit
        setsid "$@" </dev/null >"$f.log" 2>&1 &
        echo $! >"$f.pid"
        while [ ! -S "$f" ]; do kill -0 $! 2>/dev/null || { tail -n 3 "$f.log" >&2; exit 1; }; sleep 0.05 2>/dev/null || sleep 1; done
        """;

    /// <summary>perl is on every Debian and takes milliseconds; the program itself takes tenths of a second.</summary>
    private const string Telling = """
        f=$1; l=$2; shift 2
        if command -v perl >/dev/null 2>&1; then
          exec perl -e 'use Socket; socket(S, PF_UNIX, SOCK_STREAM, 0) && connect(S, sockaddr_un($ARGV[0])) || die "$!\n"; syswrite(S, "$ARGV[1]\n"); print scalar <S>' "$f" "$l"
        fi
        exec "$@" wan tell "$f" "$l"
        """;

    private const string Ending = Runs + """
        if runs; then
          kill "$p"; n=0
          while runs && [ $n -lt 100 ]; do sleep 0.05 2>/dev/null || sleep 1; n=$((n + 1)); done
          ! runs || kill -9 "$p"
        fi
        nft delete table netdev "$t"
        rm -f "$f" "$f".*
        """;

    /// <summary>Prints <c>free</c> while neither our process nor our table is there, else <c>taken</c>.</summary>
    public ShellCommand Look => new("sh", "-c", Looking, "sh", socket, table);

    /// <summary>Ends the process, which puts the interfaces' offloads back, and gives the interfaces back to the host.</summary>
    public ShellCommand End => new("sh", "-c", Ending, "sh", socket, table);

    /// <summary>Takes the interfaces from the host and starts the process, which outlives the call; it listens then. Where it ends at once, what it said is printed.</summary>
    /// <param name="sides">The interfaces.</param>
    /// <param name="program">The process.</param>
    public ShellCommand Start(LinkSides sides, IReadOnlyList<string> program) =>
        new(["sh", "-c", Starting, "sh", socket, table, .. program]) { Input = System.Text.Encoding.ASCII.GetBytes(Rules(sides)), Timeout = Longest };

    /// <summary>Tells the process a line, and prints its answer.</summary>
    /// <param name="line">The line.</param>
    /// <param name="own">What starts our own program, for a host that cannot tell by itself.</param>
    public ShellCommand Tell(string line, IReadOnlyList<string> own) => new(["sh", "-c", Telling, "sh", socket, line, .. own]) { Timeout = Longest };

    /// <summary>Puts a trace beside the socket.</summary>
    /// <param name="path">Its path there.</param>
    /// <param name="trace">The trace.</param>
    public static ShellCommand Lay(string path, ReadOnlyMemory<byte> trace) => new("sh", "-c", "umask 077; cat >\"$1\"", "sh", path) { Input = trace };

    /// <summary>What arrives is dropped after the emulator has seen it: no bridge forwards it a second time, and nobody on the host answers it.</summary>
    private string Rules(LinkSides sides) => string.Concat(
        $"add table netdev {table}\n",
        string.Concat(sides.All.Select((d, n) => $"add chain netdev {table} end{n} {{ type filter hook ingress device \"{d}\" priority -500; policy drop; }}\n")));
}
