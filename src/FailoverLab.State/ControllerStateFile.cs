using FailoverLab.Control;
using Microsoft.Data.Sqlite;

namespace FailoverLab.State;

/// <summary>The controller's devices, configurations and addresses in an SQLite file. Not thread-safe.</summary>
public sealed class ControllerStateFile : IDisposable
{
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS device (
          device_id TEXT PRIMARY KEY, device_type TEXT NOT NULL, hostname TEXT, management_ip TEXT, interfaces TEXT NOT NULL,
          tun_ipv4 TEXT, tun_ipv6 TEXT, status TEXT NOT NULL, last_seen_ms INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS config (device_id TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS lease (owner TEXT PRIMARY KEY, ipv4 TEXT, ipv6 TEXT) WITHOUT ROWID;
        """;

    private readonly StateDatabase _database;

    private ControllerStateFile(StateDatabase database) => _database = database;

    /// <summary>Opens or makes a file and takes it for this process alone.</summary>
    /// <param name="path">Path of the file.</param>
    /// <exception cref="StateFileException">It is damaged, locked, full, not writable or another program's.</exception>
    public static ControllerStateFile Open(string path) => new(StateDatabase.Open(path, "FLnc", Schema));

    /// <summary>Everything in the file.</summary>
    /// <exception cref="StateFileException">It cannot be read, or holds what this program did not write.</exception>
    public RegistrySnapshot Load() => new(
        _database.Query("SELECT device_id, device_type, hostname, management_ip, interfaces, tun_ipv4, tun_ipv6, status, last_seen_ms FROM device ORDER BY device_id", ReadDevice),
        _database.Query("SELECT device_id, json FROM config ORDER BY device_id", row => new DeviceConfig(row.GetString(0), row.GetString(1))),
        _database.Query("SELECT owner, ipv4, ipv6 FROM lease ORDER BY owner", row => new AddressLease(row.GetString(0), row.TextOrNull(1), row.TextOrNull(2))));

    /// <summary>Writes changes, all or none.</summary>
    /// <exception cref="StateFileException">They could not be written.</exception>
    public void Save(RegistrySnapshot changes) => _database.Write(transaction =>
    {
        foreach (var d in changes.Devices)
        {
            transaction.Run("INSERT OR REPLACE INTO device VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8)", d.DeviceId, d.DeviceType, d.Hostname, d.ManagementIp, Join(d.Interfaces), d.TunIPv4, d.TunIPv6, d.Status, d.LastSeen.ToUnixTimeMilliseconds());
        }

        foreach (var (deviceId, json) in changes.Configs)
        {
            transaction.Run("INSERT OR REPLACE INTO config VALUES ($0, $1)", deviceId, json);
        }

        foreach (var (owner, ipv4, ipv6) in changes.Leases)
        {
            transaction.Run("INSERT OR REPLACE INTO lease VALUES ($0, $1, $2)", owner, ipv4, ipv6);
        }
    });

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();

    private static Device ReadDevice(SqliteDataReader row) => new()
    {
        DeviceId = row.GetString(0),
        DeviceType = row.GetString(1),
        Hostname = row.TextOrNull(2),
        ManagementIp = row.TextOrNull(3),
        Interfaces = row.GetString(4).Split('\n', StringSplitOptions.RemoveEmptyEntries),
        TunIPv4 = row.TextOrNull(5),
        TunIPv6 = row.TextOrNull(6),
        Status = row.GetString(7),
        LastSeen = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(8)),
    };

    /// <summary>One line a name; a name with a line break in it is no interface's and loses it.</summary>
    private static string Join(IEnumerable<string> names) => string.Join('\n', names.Select(n => n.ReplaceLineEndings(" ")));
}
