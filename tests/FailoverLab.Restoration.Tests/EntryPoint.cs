namespace FailoverLab.Restoration.Tests;

/// <summary>Runs the tests; with <c>victim</c> as first argument it is a runner that changes hosts until somebody kills it.</summary>
internal static class EntryPoint
{
    public static Task<int> Main(string[] args) =>
        args is ["victim", .. var rest] ? Victim.RunAsync(rest) : MicrosoftTestingPlatformEntryPoint.Main(args);
}
