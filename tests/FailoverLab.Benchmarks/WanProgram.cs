using System.Diagnostics;
using System.Text.Json;

namespace FailoverLab.Benchmarks;

/// <summary>Our <c>wan</c> verb at work between the two cables of a <see cref="WanNetwork"/>.</summary>
internal sealed class WanProgram
{
    private readonly Process _process;
    private readonly Task<string> _printed;

    public WanProgram(WanNetwork network, string program, params string[] options)
    {
        _process = WanNetwork.Start(network.MidName, [program, "wan", "lan", "wan", "--json", .. options]);
        _printed = _process.StandardOutput.ReadToEndAsync();
        TunnelNetwork.In(network.NearName, "sh", "-c", $"for i in $(seq 100); do ping -q -c 1 -W 1 {WanNetwork.FarAddress} && exit 0; sleep 0.1; done; exit 1");
    }

    /// <summary>Ends it as Ctrl-C does.</summary>
    /// <returns>Its figures.</returns>
    public JsonElement End()
    {
        TunnelNetwork.Run("kill", "-INT", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var text = _printed.Result;
        _process.WaitForExit();
        _process.Dispose();
        return JsonDocument.Parse(text).RootElement;
    }
}
