namespace FailoverLab.Emulator;

/// <summary>Lets nothing through that is longer than the MTU. As on a path that says nothing: no message goes back to the sender.</summary>
internal static class SizeLimit
{
    private const int Header = 14;

    internal static bool Takes(int frameBytes, int? mtu) => mtu is { } most && frameBytes - Header > most;
}
