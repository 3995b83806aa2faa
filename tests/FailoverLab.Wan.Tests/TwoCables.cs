using System.Buffers.Binary;
using System.Diagnostics;
using FailoverLab.Emulator;
using FailoverLab.Linux;

namespace FailoverLab.Wan.Tests;

/// <summary>
/// Two veth cables with a link between them, in a network namespace of the test's own; skips the test where that is not allowed.
/// <code>
/// site ══ lan ─[ WanLink ]─ wan ══ far
/// </code>
/// </summary>
internal sealed class TwoCables : IDisposable
{
    private readonly NetworkNamespace _namespace;

    /// <param name="initial">What both directions do at first.</param>
    /// <param name="gate">Asked of every frame first.</param>
    /// <param name="ring">Whether the link reads from shared memory.</param>
    /// <param name="trains">Whether it takes everything, uncut too, as <c>wan</c> does: its own interfaces have no offloads then.</param>
    public TwoCables(LinkImpairments? initial = null, FrameGate? gate = null, bool ring = true, bool trains = false)
    {
        try
        {
            _namespace = NetworkNamespace.CreateAnonymous();
        }
        catch (LinuxException refused)
        {
            Assert.Ignore($"needs a network namespace: {refused.Message}");
            throw;
        }

        foreach (var (near, far) in (ReadOnlySpan<(string, string)>)[("site", "lan"), ("wan", "far")])
        {
            Ip($"link add name {near} type veth peer name {far}");
            foreach (var end in (ReadOnlySpan<string>)[near, far])
            {
                Ip($"link set dev {end} addrgenmode none up");
            }
        }

        Site = Open("site");
        Far = Open("far");
        Tap = Inside(() => PacketSocket.Open("far", ring: true));
        if (trains)
        {
            _namespace.Run(() =>
            {
                InterfaceControl.DisableOffloads("lan");
                InterfaceControl.DisableOffloads("wan");
            });
        }

        var setting = new WanLinkSetting
        {
            Name = "test",
            Up = initial ?? LinkImpairments.None,
            Down = initial ?? LinkImpairments.None,
            Seed = 1,
            Failed = Failures.Add,
            Gate = gate,
            LogLines = 4096,
        };
        Link = WanLink.Start(setting, OpenEnd("lan"), OpenEnd("wan"), SystemClock.Shared);

        PacketSocket OpenEnd(string name) => trains ? Inside(() => PacketSocket.Open(name, ring: true, trains: true)) : Open(name, ring);
    }

    public PacketSocket Site { get; }

    public PacketSocket Far { get; }

    /// <summary>Everything that comes out at the far end.</summary>
    public PacketSocket Tap { get; }

    public WanLink Link { get; }

    public List<string> Failures { get; } = [];

    public static long Soon(int milliseconds = 1000) => SystemClock.Shared.MonotonicNs + (milliseconds * 1_000_000L);

    public static byte[] Frame(int number)
    {
        var frame = new byte[100];
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), 0x88B5);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(14), number);
        return frame;
    }

    /// <summary>Reads until so many frames came or the deadline passed; gives their numbers and stamps.</summary>
    public static List<(int Number, long StampNs)> Receive(PacketSocket socket, int count, long deadlineNs)
    {
        var received = new List<(int, long)>();
        var set = new PollSet(socket);
        while (received.Count < count && SystemClock.Shared.MonotonicNs < deadlineNs)
        {
            set.Wait(deadlineNs);
            while (socket.TryRead(out var frame, out var stampNs))
            {
                received.Add((BinaryPrimitives.ReadInt32BigEndian(frame[14..]), stampNs));
            }
        }

        return received;
    }

    public T Inside<T>(Func<T> function) => _namespace.Run(function);

    public void Ip(string arguments) => _namespace.Run(() =>
    {
        using var process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, $"ip {arguments}: {errors}");
    });

    public void Dispose()
    {
        Link.Dispose();
        Site.Dispose();
        Far.Dispose();
        Tap.Dispose();
        _namespace.Dispose();
    }

    private PacketSocket Open(string name, bool ring = false) => _namespace.Run(() => PacketSocket.Open(name, 0x88B5, ring: ring));
}
