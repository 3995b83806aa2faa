using System.Globalization;
using System.Text;
using FailoverLab.Hosts;

namespace FailoverLab.Restoration;

/// <summary>The calls of <c>guard.sh</c> for one run on one host. Values go as arguments or as quoted text on standard input; the script itself is always the same.</summary>
/// <param name="root">Directory on the host.</param>
/// <param name="run">The run's id.</param>
internal sealed class GuardScript(string root, string run)
{
    /// <summary>Another run holds the host.</summary>
    public const int Busy = 75;

    /// <summary>The lease is over.</summary>
    public const int Over = 76;

    /// <summary>Somebody else changed it.</summary>
    public const int Foreign = 77;

    /// <summary>Something is left to undo.</summary>
    public const int Left = 78;

    /// <summary>It was called off before its instant.</summary>
    public const int Off = 79;

    /// <summary>An act may take so long.</summary>
    private const int ActSeconds = 30;

    private const string Install = "umask 077; mkdir -p \"$1\" && cat >\"$1/guard.sh.new\" && mv -f \"$1/guard.sh.new\" \"$1/guard.sh\"";

    private static readonly string[] Texts = ["one", "two", "three"];
    private static readonly byte[] Text = Load();
    private readonly string _run = SafeName.Of(run);

    private string Script => $"{root}/runs/{_run}/guard.sh";

    /// <summary>Puts the script on the host.</summary>
    public ShellCommand Put() => new("sh", "-c", Install, "sh", $"{root}/runs/{_run}") { Input = Text };

    /// <summary>Whether the host has what is needed.</summary>
    public ShellCommand Fit() => Call("fit");

    /// <summary>Takes the host and starts its guard.</summary>
    public ShellCommand Arm(TimeSpan lease, string owner) => Call("arm", Centiseconds(lease), owner.ReplaceLineEndings(" "));

    /// <summary>Renews the lease.</summary>
    public ShellCommand Renew(TimeSpan lease) => Call("renew", Centiseconds(lease));

    /// <summary>Ties the guard to the channel; takes two calls.</summary>
    public ShellCommand Tie() => Call("tie");

    /// <summary>Lays the undo of a change ready and reads the state before.</summary>
    public ShellCommand Prepare(int change, ChangeIntent intent) => Call("prepare", Entry(change)) with
    {
        Input = Assignments(("undo", ShellText.Undo(intent.Undo)), ("read", ShellText.Read(intent.Checks))),
    };

    /// <summary>Announces that a change known already is changed again.</summary>
    public ShellCommand Intend(int change) => Call("intend", Entry(change));

    /// <summary>Reads the state after a change.</summary>
    public ShellCommand Done(int change) => Call("done", Entry(change));

    /// <summary>Undoes one change.</summary>
    public ShellCommand Undo(int change) => Call("undo", Entry(change));

    /// <summary>Lays the undo ready where the host has lost it.</summary>
    public ShellCommand Plant(ChangeState change) => Call("plant", Entry(change.Id)) with
    {
        Input = Assignments(
            ("undo", ShellText.Undo(change.Intent.Undo)),
            ("read", ShellText.Read(change.Intent.Checks)),
            ("before", change.Before),
            ("after", change.After ?? ""),
            ("acting", change.IsActing || change.After is null ? "yes" : "no")),
    };

    /// <summary>Takes the guard away.</summary>
    public ShellCommand Disarm() => Call("disarm");

    /// <summary>A command behind the fence of the lease.</summary>
    public ShellCommand Fence(ShellCommand command) => command with
    {
        Arguments = [.. Call("fence", Math.Max(1, (long)Math.Ceiling(command.Timeout.TotalSeconds)).ToString(CultureInfo.InvariantCulture)).Arguments, .. command.Arguments],
        // Another's undo may hold the mutex first.
        Timeout = command.Timeout + TimeSpan.FromSeconds(30),
    };

    /// <summary>Puts what an act will read at its instant on the host; three texts at most.</summary>
    public ShellCommand Lay(string act, IReadOnlyList<string> texts) => Call("lay", act) with
    {
        Input = Assignments([.. texts.Zip(Texts, (text, name) => (name, text))]),
    };

    /// <summary>An act behind the fence, which waits at its gate with all else done.</summary>
    /// <param name="act">Its name, of <see cref="Lay"/>.</param>
    /// <param name="programs">Programs, each with the option before its file.</param>
    /// <param name="environment">Variables added.</param>
    /// <param name="wait">For so long the host's mutex is left to others.</param>
    public ShellCommand Hold(string act, IEnumerable<string> programs, IReadOnlyDictionary<string, string> environment, TimeSpan wait) =>
        Call("hold", [ActSeconds.ToString(CultureInfo.InvariantCulture), Centiseconds(wait), act, .. programs]) with
        {
            Environment = environment,
            // Another's undo may hold the mutex first.
            Timeout = TimeSpan.FromSeconds(ActSeconds + 30),
        };

    /// <summary>What the host knows of every run; the script comes on standard input, for the host may have none.</summary>
    public static ShellCommand Status(string root) => new("sh", "-s", "--", "status", root, "-") { Input = Text };

    private static string Entry(int change) => change.ToString("D5", CultureInfo.InvariantCulture);

    private static string Centiseconds(TimeSpan time) => ((long)(time.TotalMilliseconds / 10)).ToString(CultureInfo.InvariantCulture);

    /// <summary>Ends with a mark: input cut short by the death of its sender must not pass for whole.</summary>
    private static byte[] Assignments(params (string Name, string Value)[] values) =>
        Encoding.UTF8.GetBytes(string.Concat(values.Select(v => $"{v.Name}={ShellText.Quote(v.Value)}\n")) + "whole=yes\n");

    private static byte[] Load()
    {
        using var from = typeof(GuardScript).Assembly.GetManifestResourceStream("guard.sh")!;
        using var to = new MemoryStream();
        from.CopyTo(to);
        return to.ToArray();
    }

    private ShellCommand Call(string operation, params IReadOnlyList<string> arguments) =>
        new(["sh", Script, operation, root, _run, .. arguments]) { Timeout = TimeSpan.FromSeconds(60) };
}
