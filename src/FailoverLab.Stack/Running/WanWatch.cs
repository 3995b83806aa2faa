using System.Net;
using System.Net.Sockets;
using FailoverLab.Linux;

namespace FailoverLab.Stack;

/// <summary>
/// What the kernel says of an endpoint's WANs: a WAN can carry packets while its link is up, its far end is there, and it has an address that reaches a
/// router. When one comes back its routes are set again, because the kernel drops them with the address or the link. An interface that is not there counts as
/// down; one that was made, or made anew, gets new sockets, because a socket stays with the interface it was bound to. One thread.
/// </summary>
internal sealed class WanWatch : IDisposable
{
    private readonly LinkMonitor _links;
    private readonly AddressMonitor _addresses;
    private readonly RouteWorker _routes;
    private readonly HashSet<AddressFamily> _families;
    private readonly Func<int, bool> _bind;
    private readonly List<Wan> _wans = [];
    private int _overruns;

    /// <summary>Starts listening in the calling thread's network namespace.</summary>
    /// <param name="wans">The WANs; those without a device are never told of.</param>
    /// <param name="families">Families of the routers' addresses.</param>
    /// <param name="routesOf">iproute2 commands that lead to the routers over one WAN.</param>
    /// <param name="bind">Binds the sockets of a WAN to its interface as it is now; tells whether that could be done.</param>
    /// <param name="error">Takes what iproute2 complained of, and which interfaces are not there.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public WanWatch(IReadOnlyList<WanInterface> wans, IEnumerable<AddressFamily> families, Func<int, IEnumerable<string>> routesOf, Func<int, bool> bind, TextWriter error)
    {
        _families = [.. families];
        _bind = bind;
        for (var i = 0; i < wans.Count; i++)
        {
            if (wans[i].Device is { } device)
            {
                _wans.Add(new Wan(i, device, [.. routesOf(i)]));
            }
        }

        _links = LinkMonitor.Open();
        _addresses = AddressMonitor.Open();
        _routes = new RouteWorker(error);
        AskLinks();
        BindNew();
        foreach (var wan in _wans.Where(w => w.Index == 0))
        {
            error.WriteLine($"warning: there is no interface '{wan.Device}'; what goes over it waits until there is");
        }
    }

    /// <summary>What to wait for.</summary>
    public IReadOnlyList<IPollable> Sources => [_links, _addresses];

    /// <summary>Takes what the kernel announced.</summary>
    /// <param name="changed">Told of each WAN that can carry packets now and could not before, or the other way round; with the reason.</param>
    public void Read(Action<int, bool, string> changed)
    {
        while (_links.TryRead(out var link))
        {
            foreach (var wan in _wans.Where(w => w.Device == link.Name))
            {
                TakeLink(wan, link is { IsUp: true, HasCarrier: true });
            }
        }

        BindNew();

        while (_addresses.TryRead(out var address))
        {
            foreach (var wan in _wans.Where(w => w.Index == address.InterfaceIndex))
            {
                wan.TakeAddress(address);
            }
        }

        if (_overruns != _links.Overruns + _addresses.Overruns)
        {
            _overruns = _links.Overruns + _addresses.Overruns;
            AskLinks();
            _wans.ForEach(w => w.Forget());
            _addresses.AskAll();
        }

        foreach (var wan in _wans)
        {
            Tell(wan, changed);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _links.Dispose();
        _addresses.Dispose();
        _routes.Dispose();
    }

    private void Tell(Wan wan, Action<int, bool, string> changed)
    {
        var hasAddress = wan.Reaches(_families);
        if (wan.IsUsable == (wan.HasLink && hasAddress))
        {
            return;
        }

        wan.IsUsable = !wan.IsUsable;
        if (wan.IsUsable)
        {
            foreach (var route in wan.Routes)
            {
                _routes.Add(route);
            }
        }

        changed(wan.Path, wan.IsUsable, wan.IsUsable ? "up" : wan.HasLink ? "no address" : "down");
    }

    /// <summary>A link that is down from the start is announced by nobody.</summary>
    private void AskLinks()
    {
        foreach (var wan in _wans)
        {
            TakeLink(wan, CanCarry(wan.Device));
        }
    }

    /// <summary>The addresses of an interface that was made anew may have been told of before its index was known.</summary>
    private void TakeLink(Wan wan, bool isUp)
    {
        if (wan.TakeLink(isUp))
        {
            _addresses.AskAll();
        }
    }

    private void BindNew()
    {
        foreach (var wan in _wans)
        {
            if (wan.Index > 0 && wan.Index != wan.BoundIndex && _bind(wan.Path))
            {
                wan.BoundIndex = wan.Index;
            }
        }
    }

    private static bool CanCarry(string device)
    {
        try
        {
            return InterfaceControl.IsUp(device) && InterfaceControl.HasCarrier(device);
        }
        catch (LinuxException)
        {
            // It is not there, or has gone between the two questions.
            return false;
        }
    }

    private sealed class Wan(int path, string device, IReadOnlyList<string> routes)
    {
        private readonly HashSet<IPAddress> _usable = [];

        public int Path { get; } = path;

        public string Device { get; } = device;

        public IReadOnlyList<string> Routes { get; } = routes;

        /// <summary>0 while there is none.</summary>
        public int Index { get; private set; } = InterfaceControl.FindIndex(device);

        /// <summary>That which the sockets are bound to.</summary>
        public int BoundIndex { get; set; }

        public bool HasLink { get; private set; } = true;

        public bool IsUsable { get; set; } = true;

        /// <summary>An interface that was made anew has another index, and none of the addresses of the one before.</summary>
        /// <returns>Whether it is another one now.</returns>
        public bool TakeLink(bool isUp)
        {
            var before = Index;
            Index = InterfaceControl.FindIndex(Device);
            HasLink = isUp && Index > 0;
            if (Index == before)
            {
                return false;
            }

            _usable.Clear();
            return Index > 0;
        }

        public void TakeAddress(in AddressEvent address) => _ = address.IsUsable ? _usable.Add(address.Address) : _usable.Remove(address.Address);

        public void Forget() => _usable.Clear();

        public bool Reaches(HashSet<AddressFamily> families) => _usable.Any(a => families.Contains(a.AddressFamily) && !a.IsIPv6LinkLocal);
    }
}
