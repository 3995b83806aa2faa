using System.Net;
using FailoverLab.Yaml;

namespace FailoverLab.Services;

/// <summary>Reads the section that says where a service listens and where it keeps its state.</summary>
internal static class ListenReader
{
    /// <summary>Reads <c>bind_address</c>, <c>bind_port</c>, <c>state</c> and the unused <c>log_file</c>: events go to stdout.</summary>
    /// <returns>Where to listen, and the state file or <see langword="null"/>; <see langword="null"/> when the section is absent or faulty, which was reported.</returns>
    public static (IPEndPoint EndPoint, string? State)? Read(ValueReader value, string what, int defaultPort)
    {
        if (value.Mapping(what) is not { } section)
        {
            return null;
        }

        var address = section.Optional("bind_address").Address() ?? IPAddress.Any;
        var port = section.Optional("bind_port").WholeNumber(1, 65535) ?? defaultPort;
        section.Optional("log_file").Text();
        var state = section.Optional("state").Text();
        section.Finish();
        return (new IPEndPoint(address, (int)port), state);
    }
}
