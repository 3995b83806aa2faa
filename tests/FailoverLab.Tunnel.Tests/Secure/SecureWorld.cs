using System.Buffers.Binary;
using FailoverLab.Dataplane;
using FailoverLab.Packets;
using FailoverLab.Primitives;

namespace FailoverLab.Tunnel.Tests;

/// <summary>
/// Both sides of one version 2 tunnel in virtual time, joined by a link that loses, doubles and reorders. Every datagram on the wire
/// is kept; payloads are sixteen zero bytes and a number, so the ciphertext shows the key stream.
/// </summary>
internal sealed class SecureWorld : IDisposable
{
    public const uint TunnelId = 703;
    public const long Millisecond = 1_000_000;
    public const long Second = 1_000_000_000;
    private const long RealtimeOffset = 1_700_000_000_000_000_000;
    private const int PayloadSize = 24;

    private readonly PriorityQueue<Action, (long At, long Order)> _agenda = new();
    private readonly byte[] _frame = new byte[TunnelHeader.Size + PayloadSize];
    private readonly byte[] _room = new byte[256];
    private readonly HashSet<UInt128> _keyStreams = [];
    private readonly ulong _seed;
    private long _order;
    private ulong _starts;
    private ulong _number;

    public SecureWorld(ulong seed, string key = "a key of a test", string responderId = "r0")
    {
        _seed = seed;
        Random = new SeededRandom(seed);
        Keys = new PeerKeys(responderId, key);
        Key = new PeerKey(key, responderId);
        StartResponder();
        StartInitiator();
    }

    public SeededRandom Random { get; }

    public PeerKeys Keys { get; }

    public PeerKey Key { get; }

    public ForgeryGuard Guard { get; } = new();

    public RefusalCounters InitiatorRefusals { get; private set; } = new();

    public RefusalCounters ResponderRefusals { get; private set; } = new();

    public InitiatorChannel Initiator { get; private set; } = null!;

    public HandshakeResponder Responder { get; private set; } = null!;

    public ResponderChannel? Answering => Responder.Find(TunnelId);

    public DatagramAddress Address { get; set; } = DatagramAddress.FromIPv4(0xC0000202, 4000);

    public long NowNs { get; private set; } = 5 * Second;

    public long ClockOffsetNs { get; set; } = RealtimeOffset;

    public TunnelTime Now => new(NowNs, NowNs + ClockOffsetNs);

    public double Loss { get; set; }

    public double Duplicates { get; set; }

    public long DelayNs { get; set; } = 20 * Millisecond;

    public long JitterNs { get; set; }

    /// <summary>All datagrams as sent.</summary>
    public List<(bool ToResponder, byte[] Datagram)> Wire { get; } = [];

    /// <summary>Payloads taken, per direction: towards the initiator, towards the responder.</summary>
    public int[] Taken { get; } = new int[2];

    /// <summary>Data that arrived for the first time and was refused.</summary>
    public int LostToKeys { get; private set; }

    /// <summary>Data that was taken from a second copy.</summary>
    public int TakenTwice { get; private set; }

    /// <summary>Data that could not be sent for want of keys.</summary>
    public int Unsendable { get; private set; }

    public static int Index(bool toResponder) => toResponder ? 1 : 0;

    public void StartInitiator()
    {
        Initiator?.Dispose();
        InitiatorRefusals = new RefusalCounters();
        Initiator = new InitiatorChannel(TunnelId, Key, InitiatorRefusals, Guard, _seed + (++_starts << 32), Now);
    }

    public void StartResponder()
    {
        Responder?.Dispose();
        ResponderRefusals = new RefusalCounters();
        Responder = new HandshakeResponder(Keys, 64, ResponderRefusals, Guard, Now);
    }

    /// <summary>Runs with data both ways at an interval; 0 sends none.</summary>
    public void Run(long forNs, long everyNs = 0)
    {
        var end = NowNs + forNs;
        var nextData = everyNs > 0 ? NowNs : long.MaxValue;
        var nextSweep = NowNs + Second;
        while (true)
        {
            var due = Math.Min(Math.Min(Math.Max(NowNs, Initiator.DueNs), nextData), nextSweep);
            due = _agenda.TryPeek(out _, out var first) ? Math.Min(due, first.At) : due;
            if (due > end)
            {
                NowNs = end;
                return;
            }

            NowNs = Math.Max(NowNs, due);
            while (_agenda.TryPeek(out _, out var head) && head.At <= NowNs)
            {
                _agenda.Dequeue()();
            }

            while (Initiator.DueNs <= NowNs && Initiator.WriteDue(_room, Now) is > 0 and var length)
            {
                Send(true, _room[..length], false);
            }

            if (NowNs >= nextData)
            {
                nextData += everyNs;
                SendData(true);
                SendData(false);
            }

            if (NowNs >= nextSweep)
            {
                nextSweep += Second;
                Responder.Sweep(Now);
            }
        }
    }

    /// <summary>Runs until both sides have keys.</summary>
    public void Agree()
    {
        for (var i = 0; i < 1000 && !(Initiator.IsReady && Answering?.IsReady == true); i++)
        {
            Run(10 * Millisecond);
        }

        Assert.That(Initiator.IsReady && Answering?.IsReady == true, $"seed {_seed}: no keys; {InitiatorRefusals}; {ResponderRefusals}");
    }

    public byte[]? Seal(ITunnelChannel? channel, bool isFresh = true)
    {
        BinaryPrimitives.WriteUInt64BigEndian(_frame.AsSpan(TunnelHeader.Size + 16), ++_number);
        var datagram = channel is null ? [] : channel.Seal(_frame, PacketType.Data, false, Now, _room);
        if (datagram.IsEmpty)
        {
            return null;
        }

        if (isFresh)
        {
            var stream = BinaryPrimitives.ReadUInt128BigEndian(datagram[TunnelHeader.Size..]);
            Assert.That(_keyStreams.Add(stream), $"seed {_seed}: a key stream, so a nonce under one key, was used twice");
        }

        return datagram.ToArray();
    }

    public void SendData(bool toResponder)
    {
        if (Seal(toResponder ? Initiator : Answering) is { } datagram)
        {
            Send(toResponder, datagram, true);
        }
        else
        {
            Unsendable++;
        }
    }

    /// <summary>Hands a datagram to a side as the program would; tells whether data was taken.</summary>
    public bool Deliver(bool toResponder, byte[] datagram, DatagramAddress? source = null)
    {
        var copy = datagram.ToArray();
        var taken = false;
        if (!toResponder)
        {
            taken = Initiator.TryAccept(copy, Now, out var header) && header.Type == (byte)PacketType.Data;
        }
        else if (HandshakeResponder.IsHello(copy))
        {
            var answer = new byte[HandshakeLayout.HelloSize];
            if (Responder.Answer(copy, source ?? Address, Now, answer) is > 0 and var length)
            {
                Assert.That(length, Is.LessThanOrEqualTo(copy.Length), "no answer is larger than what asked for it");
                Send(false, answer[..length], false);
            }
        }
        else
        {
            taken = Answering?.TryAccept(copy, Now, out _) == true && copy[1] == (byte)PacketType.Data;
        }

        Taken[Index(toResponder)] += taken ? 1 : 0;
        return taken;
    }

    public void Dispose()
    {
        Initiator.Dispose();
        Responder.Dispose();
        Key.Dispose();
        Keys.Dispose();
    }

    private void Send(bool toResponder, byte[] datagram, bool isData)
    {
        Wire.Add((toResponder, datagram));
        if (Random.NextDouble() < Loss)
        {
            return;
        }

        var (initiator, responder, isFirst) = (Initiator, Responder, true);
        for (var copies = Random.NextDouble() < Duplicates ? 2 : 1; copies > 0; copies--)
        {
            Arrive(() =>
            {
                var taken = Deliver(toResponder, datagram);
                var isSameRun = toResponder ? responder == Responder : initiator == Initiator;
                LostToKeys += isFirst && isData && isSameRun && !taken ? 1 : 0;
                TakenTwice += !isFirst && taken ? 1 : 0;
                isFirst = false;
            });
        }
    }

    private void Arrive(Action action) => _agenda.Enqueue(action, (NowNs + DelayNs + (long)(Random.NextDouble() * JitterNs), _order++));
}
