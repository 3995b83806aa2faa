namespace FailoverLab.Hosts;

/// <summary>What may reach ssh's command line or a generated configuration: nothing that could be an option, a token or shell text there.</summary>
internal static class SshName
{
    /// <summary>Why a target is refused, or <see langword="null"/>.</summary>
    public static string? Fault(SshTarget target)
    {
        if (!IsName(target.Host))
        {
            return $"'{Shown(target.Host)}' cannot be a host's name";
        }

        if (!IsName(target.Address ?? target.Host))
        {
            return $"'{Shown(target.Address!)}' cannot be an address";
        }

        if (target.User is { } user && !(Matches(user, "._-", 64) && (char.IsAsciiLetterOrDigit(user[0]) || user[0] == '_')))
        {
            return $"'{Shown(user)}' cannot be a user";
        }

        if (target.Port is < 1 or > 65_535)
        {
            return $"{target.Port} is no port";
        }

        if (target.Jump is { } jump && !(Matches(jump, "._:-@,[]", 512) && jump[0] != '-'))
        {
            return $"'{Shown(jump)}' cannot be a host to go through";
        }

        if (!(Matches(target.Shell, "._/-", 256) && target.Shell[0] != '-'))
        {
            return $"'{Shown(target.Shell)}' cannot be a shell";
        }

        if (target.IdentityFile is { } identity && !IsPath(identity))
        {
            return $"'{Shown(identity)}' cannot be a key file";
        }

        var option = target.Options.FirstOrDefault(o => !Matches(o.Key, "", 64) || !Matches(o.Value, "@._,+:*^-", 512));
        return option.Key is null ? null : $"'{Shown(option.Key)}={Shown(option.Value)}' cannot be an option";
    }

    /// <summary>Whether a file name can stand between quotes in an ssh_config.</summary>
    public static bool IsPath(string path) =>
        path.Length is >= 1 and <= 4096 && path[0] != '-' && !path.Any(char.IsControl) && !path.Contains('"', StringComparison.Ordinal) && !path.Contains("${", StringComparison.Ordinal);

    private static bool IsName(string name) => Matches(name, "._:%-", 253) && (char.IsAsciiLetterOrDigit(name[0]) || name[0] is '_' or ':');

    private static bool Matches(string text, string others, int maxLength) =>
        text.Length >= 1 && text.Length <= maxLength && text.All(c => char.IsAsciiLetterOrDigit(c) || others.Contains(c, StringComparison.Ordinal));

    private static string Shown(string text) => SshFailureReader.Printable(text.Length > 60 ? text[..60] : text);
}
