using System.Net;
using FailoverLab.Dataplane;
using FailoverLab.Linux;
using FailoverLab.Packets;
using FailoverLab.Tunnel;

namespace FailoverLab.Stack;

/// <summary>
/// The endpoint's sockets, one per tunnel, and its data on the way out: a train per tunnel, sent when full and at the end of each turn.
/// Control goes out at once and in order. Nothing is allocated per datagram.
/// </summary>
internal sealed class EndpointSender : IDisposable
{
    private readonly List<TrainSocket?> _sockets = [];
    private readonly List<DatagramTrain> _trains = [];
    private readonly List<bool> _stranded = [];

    /// <summary>The sockets in the order of tunnels; <see langword="null"/> where there is no interface to bind one to.</summary>
    public IReadOnlyList<TrainSocket?> Sockets => _sockets;

    /// <summary>Datagrams lost because no tunnel had a way.</summary>
    public long Lost { get; private set; }

    /// <summary>Adds the next tunnel.</summary>
    /// <param name="socket">Disposed of with this object; <see langword="null"/> when it is bound later.</param>
    /// <param name="remote">The router's address.</param>
    public void Add(UdpSocket? socket, IPEndPoint remote)
    {
        _sockets.Add(socket is null ? null : new TrainSocket(socket));
        _trains.Add(new DatagramTrain(TrainSocket.MaxBytes, TrainSocket.MaxDatagrams) { Destination = DatagramAddress.From(remote) });
        _stranded.Add(false);
    }

    /// <summary>Gives a tunnel another socket; what waits leaves by it.</summary>
    public void Replace(int tunnel, UdpSocket socket)
    {
        _sockets[tunnel]?.Dispose();
        _sockets[tunnel] = new TrainSocket(socket);
    }

    /// <summary>Sends a datagram, or lets data wait for the end of the turn.</summary>
    /// <returns>Whether there is a way, as far as is known.</returns>
    public bool Send(int tunnel, ReadOnlySpan<byte> datagram)
    {
        var train = _trains[tunnel];
        if (datagram[1] is TunnelHeader.DataType or TunnelHeader.NumberedDataType && !_stranded[tunnel])
        {
            if (!train.TryAdd(datagram))
            {
                if (!TrySendTrain(tunnel))
                {
                    return false;
                }

                // Empty, it takes whatever fits a datagram at all.
                return train.TryAdd(datagram);
            }

            // A full train goes on its way while the next is sealed. If it strands, its last datagram is dealt with like the rest of it.
            _ = train.IsFull && TrySendTrain(tunnel);
            return true;
        }

        _ = _stranded[tunnel] || TrySendTrain(tunnel);
        return _sockets[tunnel] is { } socket && socket.Send(datagram, train.Destination) != SendOutcome.Unreachable;
    }

    /// <summary>
    /// Sends what waits. Data that found no way is handed to the engine again, which sends it on the tunnel it then chooses.
    /// </summary>
    public void Flush(EndpointEngine engine)
    {
        for (var round = 0; round < _trains.Count && SendWaiting(); round++)
        {
            for (var tunnel = 0; tunnel < _trains.Count; tunnel++)
            {
                if (_stranded[tunnel])
                {
                    SendElsewhere(tunnel, engine);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _sockets.ForEach(s => s?.Dispose());

    /// <summary>Sends all trains; tells whether any has stranded.</summary>
    private bool SendWaiting()
    {
        var stranded = false;
        for (var tunnel = 0; tunnel < _trains.Count; tunnel++)
        {
            stranded |= !(_stranded[tunnel] ? false : TrySendTrain(tunnel));
        }

        return stranded;
    }

    private bool TrySendTrain(int tunnel)
    {
        var train = _trains[tunnel];
        if (train.Count == 0)
        {
            return true;
        }

        if (_sockets[tunnel] is not { } socket || socket.SendTrain(train.Bytes, train.Size, train.Destination) == SendOutcome.Unreachable)
        {
            _stranded[tunnel] = true;
            return false;
        }

        train.Clear();
        return true;
    }

    private void SendElsewhere(int tunnel, EndpointEngine engine)
    {
        var train = _trains[tunnel];
        engine.OnUnreachable(tunnel, ProgramHost.Now);
        if (engine.ActiveTunnel == tunnel)
        {
            Lost += train.Count;
        }
        else
        {
            // Sealed again in place, for the engine's new choice.
            for (var i = 0; i < train.Count; i++)
            {
                engine.OnStranded(tunnel, train[i], ProgramHost.Now);
            }
        }

        train.Clear();
        _stranded[tunnel] = false;
    }
}
