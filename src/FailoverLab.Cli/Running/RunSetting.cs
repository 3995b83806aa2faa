using System.Reflection;
using System.Runtime.InteropServices;
using FailoverLab.Results;

namespace FailoverLab.Cli;

/// <summary>Says what machine and program this is.</summary>
internal static class RunSetting
{
    public static RunEnvironment Here() => new(
        $"FailoverLab {Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion}",
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription,
        Environment.ProcessorCount,
        Environment.IsPrivilegedProcess ? "root" : "user namespace");
}
