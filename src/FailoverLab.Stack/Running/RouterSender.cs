using System.Net.Sockets;
using FailoverLab.Dataplane;
using FailoverLab.Linux;
using FailoverLab.Packets;
using FailoverLab.Tunnel;

namespace FailoverLab.Stack;

/// <summary>
/// The router's sockets, one per family, and its data on the way out: a train for each of a few destinations, sent when full, when another
/// destination needs its place, and at the end of each turn. Control goes out at once and in order. Nothing is allocated per datagram.
/// </summary>
internal sealed class RouterSender(RouterLoad load) : IDisposable
{
    private const int Trains = 8;

    private readonly DatagramTrain[] _trains = [.. Enumerable.Range(0, Trains).Select(_ => new DatagramTrain(TrainSocket.MaxBytes, TrainSocket.MaxDatagrams))];
    private readonly List<TrainSocket> _sockets = [];
    private TrainSocket? _ipv4;
    private TrainSocket? _ipv6;
    private int _next;

    /// <summary>The sockets.</summary>
    public IReadOnlyList<TrainSocket> Sockets => _sockets;

    /// <summary>Adds a bound socket, at most one of each family.</summary>
    public void Add(UdpSocket socket)
    {
        var added = new TrainSocket(socket);
        _sockets.Add(added);
        _ = socket.LocalEndPoint.AddressFamily == AddressFamily.InterNetwork ? _ipv4 = added : _ipv6 = added;
    }

    /// <summary>Sends a datagram, or lets data wait for the end of the turn.</summary>
    public void Send(ReadOnlySpan<byte> datagram, in DatagramAddress destination)
    {
        var train = Find(destination);
        if (datagram[1] is not (TunnelHeader.DataType or TunnelHeader.NumberedDataType))
        {
            if (train is not null)
            {
                SendTrain(train);
            }

            Count((destination.IsIPv4 ? _ipv4 : _ipv6)?.Send(datagram, destination), datagram.Length, 1);
            return;
        }

        train ??= Take(destination);
        if (!train.TryAdd(datagram))
        {
            SendTrain(train);
            train.Destination = destination;
            _ = train.TryAdd(datagram);
        }

        if (train.IsFull)
        {
            SendTrain(train);
        }
    }

    /// <summary>Sends what waits.</summary>
    public void Flush()
    {
        foreach (var train in _trains)
        {
            if (train.Count > 0)
            {
                SendTrain(train);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _sockets.ForEach(s => s.Dispose());

    private DatagramTrain? Find(in DatagramAddress destination)
    {
        foreach (var train in _trains)
        {
            if (train.Count > 0 && train.Destination == destination)
            {
                return train;
            }
        }

        return null;
    }

    private DatagramTrain Take(in DatagramAddress destination)
    {
        var taken = Array.Find(_trains, static t => t.Count == 0);
        if (taken is null)
        {
            taken = _trains[_next];
            _next = (_next + 1) % Trains;
            SendTrain(taken);
        }

        taken.Destination = destination;
        return taken;
    }

    private void SendTrain(DatagramTrain train)
    {
        Count((train.Destination.IsIPv4 ? _ipv4 : _ipv6)?.SendTrain(train.Bytes, train.Size, train.Destination), train.Bytes.Length, train.Count);
        train.Clear();
    }

    private void Count(SendOutcome? outcome, int bytes, int datagrams)
    {
        if (outcome == SendOutcome.Sent)
        {
            load.Sent(bytes, datagrams);
        }
    }
}
