using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Reads arguments of ssh written as one text: only <c>-o NAME=VALUE</c>, <c>-J</c>, <c>-F</c> and <c>-C</c>, each as strictly as its key.</summary>
internal static class SshArguments
{
    public static SshConfig Read(ValueReader value)
    {
        var found = SshConfig.Nothing;
        if (value.IsEmpty || value.Node is YamlScalar { Text: "" } || value.Text() is not { } text)
        {
            return found;
        }

        if (Words(text) is not { } words)
        {
            value.Error(YamlCodes.Form, $"{value.What} has a quote that is never closed");
            return found;
        }

        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            if (word is "-C")
            {
                found = found with { Options = [.. found.Options, new SshOption("Compression", "yes")] };
                continue;
            }

            if (word.Length < 2 || word[..2] is not ("-o" or "-J" or "-F" or "-i" or "-p" or "-l"))
            {
                value.Error(ScenarioCodes.Ansible, $"the argument '{SshForm.Shown(word)}' of ssh is not taken", "only -o NAME=VALUE, -J, -F, -i, -p, -l and -C are");
                return found;
            }

            var argument = word.Length > 2 ? word[2..] : i + 1 < words.Count ? words[++i] : null;
            if (argument is null)
            {
                value.Error(YamlCodes.Form, $"the argument '{SshForm.Shown(word)}' of ssh lacks its value");
                continue;
            }

            found = One(found, value, word[1], argument);
        }

        return found;
    }

    private static SshConfig One(SshConfig found, ValueReader value, char letter, string argument) => letter switch
    {
        'J' => found with { Jump = Checked(value, argument, SshForm.IsJump, SshForm.JumpWords) },
        'F' => found with { ConfigFile = SshReader.FileName(value, argument) },
        'i' => found with { Identity = SshReader.FileName(value, argument) },
        'l' => found with { User = Checked(value, argument, SshForm.IsUser, SshForm.UserWords) },
        'p' => Port(found, value, argument),
        _ => Option(found, value, argument),
    };

    private static SshConfig Option(SshConfig found, ValueReader value, string argument)
    {
        var cut = argument.AsSpan().IndexOfAny('=', ' ');
        var (name, text) = cut < 0 ? (argument, "") : (argument[..cut], argument[(cut + 1)..].Trim());
        switch (name.ToUpperInvariant())
        {
            case "PROXYJUMP":
                return One(found, value, 'J', text);
            case "IDENTITYFILE":
                return One(found, value, 'i', text);
            case "USER":
                return One(found, value, 'l', text);
            case "PORT":
                return One(found, value, 'p', text);
            case "USERKNOWNHOSTSFILE" when text != "/dev/null":
                return found with { KnownHosts = SshReader.FileName(value, text) };
            case "CONTROLMASTER" or "CONTROLPERSIST" or "CONTROLPATH":
                // Sharing of connections is this program's own affair; what another tool wishes there does no harm.
                return found;
            case "PROXYCOMMAND" when Gate(text) is { } gate:
                return One(found, value, 'J', gate);
            default:
                return SshOptions.Read(name, text, value.Error) is { } option ? found with { Options = [.. found.Options.Where(o => o.Name != option.Name), option] } : found;
        }
    }

    /// <summary>The host of a command that does what a jump does (<c>ssh -W %h:%p -q user@gate</c>); null for any other command.</summary>
    private static string? Gate(string command)
    {
        var words = (Words(command) ?? []).Where(w => w is not ("-q" or "-A" or "-T")).ToList();
        var last = words switch
        {
            ["ssh", "-W", "%h:%p" or "[%h]:%p", var end] => end,
            ["ssh", var middle, "-W", "%h:%p" or "[%h]:%p"] => middle,
            _ => null,
        };
        return last is not null && SshForm.IsJump(last) && !last.Contains(',', StringComparison.Ordinal) ? last : null;
    }

    private static SshConfig Port(SshConfig found, ValueReader value, string text) =>
        Checked(value, text, t => ushort.TryParse(t, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var port) && port > 0, "a port, 1 to 65535") is { } port
            ? found with { Port = int.Parse(port, System.Globalization.CultureInfo.InvariantCulture) }
            : found;

    private static string? Checked(ValueReader value, string text, Func<string, bool> isAllowed, string words)
    {
        if (isAllowed(text))
        {
            return text;
        }

        value.Error(YamlCodes.Form, $"'{SshForm.Shown(text)}' in {value.What} is not {words}");
        return null;
    }

    /// <summary>Words parted by blanks, quotes kept together; null when a quote is never closed. Nothing in it is expanded.</summary>
    private static List<string>? Words(string text)
    {
        var words = new List<string>();
        var word = new System.Text.StringBuilder();
        var (quote, isOpen) = ('\0', false);
        foreach (var c in text)
        {
            if (quote != '\0' ? c == quote : c is '"' or '\'')
            {
                (quote, isOpen) = (quote == '\0' ? c : '\0', true);
            }
            else if (quote == '\0' && c is ' ' or '\t' or '\n' or '\r')
            {
                if (isOpen)
                {
                    words.Add(word.ToString());
                    word.Clear();
                    isOpen = false;
                }
            }
            else
            {
                word.Append(c);
                isOpen = true;
            }
        }

        if (isOpen)
        {
            words.Add(word.ToString());
        }

        return quote == '\0' ? words : null;
    }
}
