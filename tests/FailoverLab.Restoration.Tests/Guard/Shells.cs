using System.Text;
using FailoverLab.Hosts;

namespace FailoverLab.Restoration.Tests;

/// <summary>The shells that must do.</summary>
internal static class Shells
{
    public static readonly string[] All = ["dash", "bash", "busybox"];

    public static void Require(string shell)
    {
        if (!((string[])["/bin", "/usr/bin"]).Any(d => File.Exists(Path.Combine(d, shell))))
        {
            Assert.Ignore($"there is no {shell} here");
        }
    }

    public static ShellCommand Run(string shell, string script) =>
        new(shell == "busybox" ? ["busybox", "sh", "-s"] : [shell, "-s"]) { Input = Encoding.UTF8.GetBytes(script) };
}
