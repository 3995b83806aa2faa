using System.Globalization;

namespace FailoverLab.Hosts;

/// <summary>The command line of ssh for one host: a list, checked names, <c>--</c> before the host. Pure.</summary>
internal static class SshArguments
{
    /// <summary>Reads one line and runs it: works whatever the login shell is (csh, fish), and leaves the rest of the input unread.</summary>
    public const string Bootstrap = "-c 'IFS= read -r l && eval \"$l\"'";

    /// <summary>The arguments.</summary>
    /// <param name="target">A target without fault.</param>
    /// <param name="configFile">The lab's generated configuration.</param>
    /// <param name="connectSeconds">Time for the TCP connection.</param>
    public static IReadOnlyList<string> Of(SshTarget target, string configFile, int connectSeconds)
    {
        List<string> arguments = ["-F", configFile, "-T"];
        void Option(string name, string value) => arguments.AddRange(["-o", $"{name}={value}"]);
        foreach (var (name, value) in target.Options)
        {
            Option(name, value);
        }

        Option("ConnectTimeout", connectSeconds.ToString(CultureInfo.InvariantCulture));
        Option("HostKeyAlias", target.Host);
        if (target.Password is null)
        {
            Option("BatchMode", "yes");
        }
        else
        {
            // BatchMode would also keep ssh from asking the program that gives the password.
            Option("NumberOfPasswordPrompts", "1");
            Option("PreferredAuthentications", "password,keyboard-interactive");
        }

        if (target.User is { } user)
        {
            arguments.AddRange(["-l", user]);
        }

        if (target.Port is { } port)
        {
            arguments.AddRange(["-p", port.ToString(CultureInfo.InvariantCulture)]);
        }

        if (target.IdentityFile is { } identity)
        {
            arguments.AddRange(["-i", identity]);
            Option("IdentitiesOnly", "yes");
        }

        if (target.Jump is { } jump)
        {
            arguments.AddRange(["-J", jump]);
        }

        arguments.AddRange(["--", target.Address ?? target.Host, $"exec {(target.Sudo ? "sudo -n " : "")}{target.Shell} {Bootstrap}"]);
        return arguments;
    }
}
