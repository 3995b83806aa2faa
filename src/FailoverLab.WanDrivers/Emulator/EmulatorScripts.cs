using FailoverLab.Hosts;

namespace FailoverLab.WanDrivers;

/// <summary>
/// What a shell does for the driver <c>emulator</c> on the host of its link. Names come as arguments: <c>$1</c> is the control socket, beside which lie the
/// process's log and its traces; <c>$2</c> the table that keeps the host's own hands off the two interfaces.
/// </summary>
/// <param name="socket">Path of the control socket.</param>
/// <param name="table">Name of the nftables table.</param>
/// <param name="sides">The interfaces.</param>
internal sealed class EmulatorScripts(string socket, string table, LinkSides sides)
{
    /// <summary>Stands for offloads that nobody can tell.</summary>
    public const string Unknown = "unknown";

    /// <summary>A first start unpacks the program, and a machine without hardware help takes seconds for anything.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>
    /// <c>runs</c>: whether our process is there, in <c>$p</c>: it listens at our socket and has this network. Nothing is kept of it in a file, for <c>/run</c> may be full. A shell's
    /// <c>read</c> leaves out the NULs between arguments. One that has ended and was not waited for has no arguments.
    /// <c>features</c>: what of an interface is on and could be off.
    /// </summary>
    private const string Functions = """
        f=$1 t=$2
        runs() {
          for p in /proc/[0-9]*; do
            c=; { IFS= read -r c <"$p/cmdline"; } 2>/dev/null
            case $c in *wan*--control"$f"--json) [ "$p/ns/net" -ef /proc/self/ns/net ] && p=${p#/proc/} && return ;; esac
          done
          return 1
        }
        features() { echo $(ethtool -k "$1" 2>/dev/null | sed -n '/\[fixed\]/d;s/^[[:space:]]*\([^ :]*\): on.*/\1/p'); }

        """;

    private const string Looking = Functions + """
        l=$(nft list tables netdev) || exit 1
        if runs || printf '%s\n' "$l" | grep -qxF "table netdev $t"; then echo taken; exit; fi
        echo free
        shift 2
        for d; do
          s=gone
          [ ! -r "/sys/class/net/$d/flags" ] || { read -r s <"/sys/class/net/$d/flags" && s=$(($s & 1)); }
          case $s in 1) s=up ;; 0) s=down ;; esac
          o=unknown
          ! command -v ethtool >/dev/null 2>&1 || o=$(features "$d")
          echo "$d $s${o:+ $o}"
        done
        """;

    private const string Starting = """
        f=$1 t=$2
        shift 2
        umask 077
        mkdir -p "${f%/*}" && nft -f - || exit
        setsid "$@" </dev/null >"$f.log" 2>&1 &
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

    /// <summary>The process puts the interfaces back by itself when it is asked to end. One that was killed has not, and one offload switched on brings others with it.</summary>
    private const string Ending = Functions + """
        for s in TERM KILL; do
          n=0
          while runs && { [ $n -gt 0 ] || kill -$s "$p"; } && [ $n -lt 80 ]; do sleep 0.05 2>/dev/null || { sleep 1; n=$((n + 19)); }; n=$((n + 1)); done
        done
        put() {
          d=$1
          ip link set dev "$d" "$2"
          shift 2
          [ "$*" = unknown ] || for n in 1 2 3; do
            now=" $(features "$d") "
            [ "$now" != " $* " ] || return
            for w; do case $now in *" $w "*) ;; *) ethtool -K "$d" "$w" on ;; esac; done
            for w in $(features "$d"); do case " $* " in *" $w "*) ;; *) ethtool -K "$d" "$w" off ;; esac; done
          done
        }
        shift 2
        for found; do put $found; done
        nft delete table netdev "$t"
        rm -f "$f" "$f".*
        """;

    /// <summary>
    /// Prints <c>taken</c> while our process or our table is there; else <c>free</c>, and a line for each interface: its name, <c>up</c> or <c>down</c>, and its offloads that are on, or
    /// <see cref="Unknown"/> where there is no <c>ethtool</c>.
    /// </summary>
    public ShellCommand Look => new("sh", "-c", Looking, "sh", socket, table, sides.Lan, sides.Wan);

    /// <summary>What <see cref="Look"/> would print of the interfaces if they were up and no more were known.</summary>
    public IReadOnlyList<string> Up => [.. sides.All.Select(d => $"{d} up {Unknown}")];

    /// <summary>Ends the process, puts the interfaces back as they were found, whether it did so itself or not, and gives them back to the host.</summary>
    /// <param name="found">The lines that <see cref="Look"/> printed of the interfaces.</param>
    public ShellCommand End(IReadOnlyList<string> found) => new(["sh", "-c", Ending, "sh", socket, table, .. found]);

    /// <summary>Takes the interfaces from the host and starts the process, which outlives the call; it listens then. Where it ends at once, what it said is printed.</summary>
    /// <param name="own">What starts our program.</param>
    /// <param name="seed">Seed of every packet's fate.</param>
    public ShellCommand Start(IReadOnlyList<string> own, string seed) =>
        new(["sh", "-c", Starting, "sh", socket, table, .. own, "wan", sides.Lan, sides.Wan, "--seed", seed, "--control", socket, "--json"]) { Input = System.Text.Encoding.ASCII.GetBytes(Rules()), Timeout = Longest };

    /// <summary>Tells the process a line, and prints its answer.</summary>
    /// <param name="line">The line.</param>
    /// <param name="own">What starts our own program, for a host that cannot tell by itself.</param>
    public ShellCommand Tell(string line, IReadOnlyList<string> own) => new(["sh", "-c", Telling, "sh", socket, line, .. own]) { Timeout = Longest };

    /// <summary>Puts a trace beside the socket.</summary>
    /// <param name="path">Its path there.</param>
    /// <param name="trace">The trace.</param>
    public static ShellCommand Lay(string path, ReadOnlyMemory<byte> trace) => new("sh", "-c", "umask 077; cat >\"$1\"", "sh", path) { Input = trace };

    /// <summary>What arrives is dropped after the emulator has seen it: no bridge forwards it a second time, and nobody on the host answers it.</summary>
    private string Rules() => string.Concat(
        $"add table netdev {table}\n",
        string.Concat(sides.All.Select((d, n) => $"add chain netdev {table} end{n} {{ type filter hook ingress device \"{d}\" priority -500; policy drop; }}\n")));
}
