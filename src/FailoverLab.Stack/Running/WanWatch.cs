using System.Net;
using System.Net.Sockets;
using FailoverLab.Linux;

namespace FailoverLab.Stack;

/// <summary>
/// What the kernel says of an endpoint's WANs: a WAN can carry packets while its link is up, its far end is there, and it has an address that reaches a
/// router. When one comes back its routes are set again, because the kernel drops them with the address or the link. One thread.
/// </summary>
internal sealed class WanWatch : IDisposable
{
    private readonly LinkMonitor _links;
    private readonly AddressMonitor _addresses;
    private readonly RouteWorker _routes;
    private readonly HashSet<AddressFamily> _families;
    private readonly List<Wan> _wans = [];
    private int _overruns;

    /// <summary>Starts listening in the calling thread's network namespace.</summary>
    /// <param name="wans">The WANs; those without a device are never told of.</param>
    /// <param name="families">Families of the routers' addresses.</param>
    /// <param name="routesOf">iproute2 commands that lead to the routers over one WAN.</param>
    /// <param name="error">Takes what iproute2 complained of.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public WanWatch(IReadOnlyList<WanInterface> wans, IEnumerable<AddressFamily> families, Func<int, IEnumerable<string>> routesOf, TextWriter error)
    {
        _families = [.. families];
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
                wan.TakeLink(link is { IsUp: true, HasCarrier: true });
            }
        }

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
            wan.TakeLink(InterfaceControl.IsUp(wan.Device) && InterfaceControl.HasCarrier(wan.Device));
        }
    }

    private sealed class Wan(int path, string device, IReadOnlyList<string> routes)
    {
        private readonly HashSet<IPAddress> _usable = [];

        public int Path { get; } = path;

        public string Device { get; } = device;

        public IReadOnlyList<string> Routes { get; } = routes;

        public int Index { get; private set; } = InterfaceControl.GetIndex(device);

        public bool HasLink { get; private set; } = true;

        public bool IsUsable { get; set; } = true;

        /// <summary>An interface that was made anew has another index.</summary>
        public void TakeLink(bool isUp)
        {
            HasLink = isUp;
            Index = isUp ? InterfaceControl.GetIndex(Device) : Index;
        }

        public void TakeAddress(in AddressEvent address) => _ = address.IsUsable ? _usable.Add(address.Address) : _usable.Remove(address.Address);

        public void Forget() => _usable.Clear();

        public bool Reaches(HashSet<AddressFamily> families) => _usable.Any(a => families.Contains(a.AddressFamily) && !a.IsIPv6LinkLocal);
    }
}
