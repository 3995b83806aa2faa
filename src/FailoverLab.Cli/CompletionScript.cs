using System.CommandLine;
using System.Globalization;
using System.Text;

namespace FailoverLab.Cli;

/// <summary>Completion scripts made from the tree of commands. Names of commands and options are ours, so they need no quoting in any shell.</summary>
internal static class CompletionScript
{
    private const string Program = "failoverlab";

    /// <summary>The script for a shell.</summary>
    /// <param name="shell"><c>bash</c>, <c>zsh</c> or <c>fish</c>.</param>
    /// <param name="root">The tree.</param>
    public static string For(string shell, Command root) => shell switch
    {
        "bash" => Bash(root),
        // zsh runs bash's completions as they are.
        "zsh" => "autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n" + Bash(root),
        _ => Fish(root),
    };

    /// <summary>One case per command: what may follow it. A verb that reads a scenario also gets the bare names in <c>scenarios/</c>.</summary>
    private static string Bash(Command root)
    {
        var script = new StringBuilder("_failoverlab() {\n    local cur=${COMP_WORDS[COMP_CWORD]} path= words= files= w i\n    COMPREPLY=()\n");
        script.Append("    for ((i = 1; i < COMP_CWORD; i++)); do\n        w=${COMP_WORDS[i]}\n        case \"$path $w\" in\n");
        foreach (var (path, command) in Tree(root).Where(c => c.Path.Length > 0))
        {
            foreach (var name in command.Aliases.Prepend(command.Name))
            {
                var above = path.Contains(' ', StringComparison.Ordinal) ? path[..path.LastIndexOf(' ')] : "";
                script.Append(CultureInfo.InvariantCulture, $"            \"{above} {name}\") path='{path}' ;;\n");
            }
        }

        script.Append("        esac\n    done\n    case $path in\n");
        foreach (var (path, command) in Tree(root))
        {
            var words = command.Subcommands.Where(s => !s.Hidden).SelectMany(s => s.Aliases.Prepend(s.Name)).Concat(Options(command)).Concat(Choices(command));
            script.Append(CultureInfo.InvariantCulture, $"        '{path}') words='{string.Join(' ', words)}'{(TakesScenario(command) ? " files=scenarios" : TakesFiles(command) ? " files=any" : "")} ;;\n");
        }

        return script.Append("""
                esac
                COMPREPLY=($(compgen -W "$words" -- "$cur"))
                if [[ $files == scenarios ]]; then
                    for w in scenarios/*.yaml; do
                        w=${w##*/}
                        [[ $w == "$cur"* && $w != '*'* ]] && COMPREPLY+=("${w%.yaml}")
                    done
                fi
                [[ -n $files && $cur != -* ]] && COMPREPLY+=($(compgen -f -- "$cur"))
                return 0
            }
            complete -o filenames -F _failoverlab failoverlab

            """.ReplaceLineEndings("\n")).ToString();
    }

    private static string Fish(Command root)
    {
        var script = new StringBuilder($"complete -c {Program} -e\n");
        foreach (var (path, command) in Tree(root))
        {
            var verbs = path.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var condition = verbs.Length == 0 ? "__fish_use_subcommand" : string.Join("; and ", verbs.Select(v => $"__fish_seen_subcommand_from {v}"));
            foreach (var child in command.Subcommands.Where(c => !c.Hidden))
            {
                script.Append(CultureInfo.InvariantCulture, $"complete -c {Program} -f -n '{condition}' -a {child.Name} -d '{Plain(child.Description)}'\n");
            }

            foreach (var option in command.Options.Where(o => !o.Hidden && o.Name.StartsWith("--", StringComparison.Ordinal)))
            {
                script.Append(CultureInfo.InvariantCulture, $"complete -c {Program} -n '{condition}' -l {option.Name[2..]} -d '{Plain(option.Description)}'\n");
            }

            if (TakesScenario(command))
            {
                script.Append(CultureInfo.InvariantCulture, $"complete -c {Program} -n '{condition}' -a '(basename -s .yaml scenarios/*.yaml 2>/dev/null)'\n");
            }
        }

        return script.ToString();
    }

    private static IEnumerable<(string Path, Command Command)> Tree(Command command, string path = "") =>
        command.Subcommands.Where(c => !c.Hidden).SelectMany(c => Tree(c, path.Length == 0 ? c.Name : $"{path} {c.Name}")).Prepend((path, command));

    private static IEnumerable<string> Options(Command command) => command.Options.Where(o => !o.Hidden).Select(o => o.Name).Where(n => n.StartsWith("--", StringComparison.Ordinal)).Append("--help").Distinct();

    /// <summary>Words an argument is limited to, as <c>schema</c>'s.</summary>
    private static IEnumerable<string> Choices(Command command) =>
        command.Arguments.SelectMany(a => a.CompletionSources).SelectMany(s => s(System.CommandLine.Completions.CompletionContext.Empty)).Select(c => c.Label);

    private static bool TakesScenario(Command command) => command.Arguments.Any(a => a.Name == "FILE") && command.Options.Any(o => o.Name == "--hosts");

    private static bool TakesFiles(Command command) => command.Arguments.Count > 0 || command.Options.Any(o => o.Name is "--hosts" or "--config");

    private static string Plain(string? text) => (text ?? "").Replace("'", "", StringComparison.Ordinal).Replace("\\", "", StringComparison.Ordinal);
}
