using FailoverLab.Control;
using Microsoft.Data.Sqlite;

namespace FailoverLab.State;

/// <summary>The balancer's reports and decisions in an SQLite file. Not thread-safe.</summary>
public sealed class BalancerStateFile : IDisposable
{
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS report (
          router_id TEXT PRIMARY KEY, name TEXT NOT NULL, cpu_percent REAL NOT NULL, memory_percent REAL NOT NULL, bandwidth_mbps REAL NOT NULL,
          active_tunnels INTEGER NOT NULL, internal_ip TEXT, external_ip TEXT, at_ms INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS choice (endpoint_id TEXT PRIMARY KEY, router_id TEXT NOT NULL, led_since_ms INTEGER) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS host (kind TEXT PRIMARY KEY, id TEXT NOT NULL, address TEXT NOT NULL, reported REAL NOT NULL, registered_ms INTEGER NOT NULL) WITHOUT ROWID;
        """;

    private readonly StateDatabase _database;

    private BalancerStateFile(StateDatabase database) => _database = database;

    /// <summary>Opens or makes a file and takes it for this process alone.</summary>
    /// <param name="path">Path of the file.</param>
    /// <exception cref="StateFileException">It is damaged, locked, full, not writable or another program's.</exception>
    public static BalancerStateFile Open(string path) => Open(path, null);

    /// <inheritdoc cref="Open(string)"/>
    internal static BalancerStateFile Open(string path, int? maxPages) => new(StateDatabase.Open(path, "FLlb", Schema, maxPages));

    /// <summary>Everything in the file.</summary>
    /// <exception cref="StateFileException">It cannot be read, or holds what this program did not write.</exception>
    public BalancerSnapshot Load() => new(
        _database.Query("SELECT router_id, name, cpu_percent, memory_percent, bandwidth_mbps, active_tunnels, internal_ip, external_ip, at_ms FROM report ORDER BY router_id", ReadReport),
        _database.Query("SELECT endpoint_id, router_id, led_since_ms FROM choice ORDER BY endpoint_id", ReadChoice),
        [],
        [])
    {
        Hosts = _database.Query("SELECT kind, id, address, reported, registered_ms FROM host ORDER BY kind", ReadHost),
    };

    /// <summary>Writes changes, all or none.</summary>
    /// <exception cref="StateFileException">They could not be written.</exception>
    public void Save(BalancerSnapshot changes) => _database.Write(transaction =>
    {
        foreach (var ((id, name, cpu, memory, bandwidth, tunnels, inner, outer), at) in changes.Reports)
        {
            transaction.Run("INSERT OR REPLACE INTO report VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8)", id, name, cpu, memory, bandwidth, tunnels, inner, outer, at.ToUnixTimeMilliseconds());
        }

        foreach (var (endpointId, primary, since) in changes.Choices)
        {
            transaction.Run("INSERT OR REPLACE INTO choice VALUES ($0, $1, $2)", endpointId, primary, since?.ToUnixTimeMilliseconds());
        }

        foreach (var (kind, id, address, reported, at) in changes.Hosts)
        {
            transaction.Run("INSERT OR REPLACE INTO host VALUES ($0, $1, $2, $3, $4)", kind, id, address, reported, at.ToUnixTimeMilliseconds());
        }

        foreach (var id in changes.ForgottenRouters)
        {
            transaction.Run("DELETE FROM report WHERE router_id = $0", id);
        }

        foreach (var id in changes.ForgottenEndpoints)
        {
            transaction.Run("DELETE FROM choice WHERE endpoint_id = $0", id);
        }
    });

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();

    private static TimedReport ReadReport(SqliteDataReader row) => new(
        new RouterReport(row.GetString(0), row.GetString(1), row.GetDouble(2), row.GetDouble(3), row.GetDouble(4), row.GetInt32(5), row.TextOrNull(6), row.TextOrNull(7)),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(8)));

    private static SiteHost ReadHost(SqliteDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetDouble(3), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)));

    private static RouterChoice ReadChoice(SqliteDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.IsDBNull(2) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)));
}
