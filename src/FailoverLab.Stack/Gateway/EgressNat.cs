using FailoverLab.Linux;

namespace FailoverLab.Stack;

/// <summary>
/// Source NAT of what comes out of the tunnel and leaves by one interface, for both families: a table of nftables of its own, which ends with this object. A
/// table that a killed run left behind is replaced.
/// </summary>
internal sealed class EgressNat : IDisposable
{
    private readonly string _table;

    private EgressNat(string table) => _table = table;

    /// <summary>Begins to translate.</summary>
    /// <param name="tun">Name of the TUN interface.</param>
    /// <param name="egress">Name of the interface the packets leave by.</param>
    /// <exception cref="LinuxException">nft is not there, or the kernel refused.</exception>
    public static EgressNat Start(string tun, string egress)
    {
        var nat = new EgressNat($"inet failoverlab_{tun}");
        var complaint = NftScript.Run([
            $"add table {nat._table}",
            $"delete table {nat._table}",
            $"add table {nat._table}",
            $"add chain {nat._table} egress {{ type nat hook postrouting priority srcnat; }}",
            $"add rule {nat._table} egress iifname \"{tun}\" oifname \"{egress}\" masquerade",
        ]);
        return complaint.Length == 0 ? nat : throw new LinuxException("nft", $"NAT from {tun} to {egress}: {complaint}");
    }

    /// <inheritdoc/>
    public void Dispose() => NftScript.Run([$"delete table {_table}"]);
}
