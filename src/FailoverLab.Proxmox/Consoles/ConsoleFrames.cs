using System.Globalization;
using System.Text;

namespace FailoverLab.Proxmox;

/// <summary>What a console of PVE is sent over its web socket: <c>0:LENGTH:BYTES</c> is typed, <c>1:COLUMNS:ROWS:</c> resizes, <c>2</c> keeps it open.</summary>
internal static class ConsoleFrames
{
    /// <summary>Most bytes put into one frame.</summary>
    public const int MaxTyped = 4096;

    public static ReadOnlyMemory<byte> Ping { get; } = "2"u8.ToArray();

    public static byte[] Greeting(string user, string ticket) => Encoding.UTF8.GetBytes($"{user}:{ticket}\n");

    public static byte[] Typed(ReadOnlySpan<byte> bytes) => [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"0:{bytes.Length}:")), .. bytes];

    public static byte[] Resize(int columns, int rows) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"1:{columns}:{rows}:"));
}
