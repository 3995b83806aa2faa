using Microsoft.Data.Sqlite;

namespace FailoverLab.State;

/// <summary>
/// One SQLite file that belongs to one running service alone: locked while open, with a write-ahead log, so that a crash of the program loses
/// nothing that was written and a power cut damages nothing. Not thread-safe.
/// </summary>
internal sealed class StateDatabase : IDisposable
{
    private const int Version = 1;

    private readonly string _path;
    private readonly SqliteConnection _connection;

    private StateDatabase(string path, SqliteConnection connection)
    {
        _path = path;
        _connection = connection;
    }

    /// <summary>Opens or makes a file, checks it whole, and proves that it can be written.</summary>
    /// <param name="path">Path of the file; its directory must exist.</param>
    /// <param name="kind">Four letters that say whose state it is (<c>application_id</c> of the SQLite file format).</param>
    /// <param name="schema">Statements that make the tables.</param>
    /// <param name="maxPages">Most pages of 4 KiB; <see langword="null"/> for no limit but the disk's.</param>
    /// <exception cref="StateFileException">It is damaged, locked, full, not writable or another program's.</exception>
    public static StateDatabase Open(string path, string kind, string schema, int? maxPages = null)
    {
        SqliteLibrary.Prepare();
        var text = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = false, DefaultTimeout = 1 }.ToString();
        var database = new StateDatabase(path, new SqliteConnection(text));
        try
        {
            database.Translate(() => database.Prepare(ApplicationId(kind), schema, maxPages));
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Reads rows.</summary>
    /// <exception cref="StateFileException">The file cannot be read.</exception>
    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> read) => Translate(() =>
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    });

    /// <summary>Writes in one transaction: all or nothing.</summary>
    /// <exception cref="StateFileException">The file cannot be written; nothing was.</exception>
    public void Write(Action<StateTransaction> write) => Translate(() =>
    {
        using var transaction = _connection.BeginTransaction();
        using (var writes = new StateTransaction(_connection, transaction))
        {
            write(writes);
        }

        transaction.Commit();
        return true;
    });

    public void Dispose() => _connection.Dispose();

    private static int ApplicationId(string kind) => (kind[0] << 24) | (kind[1] << 16) | (kind[2] << 8) | kind[3];

    private bool Prepare(int applicationId, string schema, int? maxPages)
    {
        _connection.Open();
        Execute("PRAGMA locking_mode = EXCLUSIVE");
        if (maxPages is { } pages)
        {
            Execute($"PRAGMA max_page_count = {pages}");
        }

        // The first reading of the file; it also takes the lock.
        var owner = Convert.ToInt32(Scalar("PRAGMA application_id"), null);
        Execute("PRAGMA journal_mode = WAL");
        Execute("PRAGMA synchronous = NORMAL");
        if (Scalar("PRAGMA quick_check(1)") is not "ok")
        {
            throw new StateFileException($"the state file '{_path}' is damaged; move it away to begin anew");
        }

        var isNew = Convert.ToInt64(Scalar("SELECT count(*) FROM sqlite_master"), null) == 0;
        if (!isNew && owner != applicationId)
        {
            throw new StateFileException($"the state file '{_path}' belongs to another program");
        }

        if (!isNew && Convert.ToInt32(Scalar("PRAGMA user_version"), null) != Version)
        {
            throw new StateFileException($"the state file '{_path}' was written by another version of this program");
        }

        // Also on a file that is there already: a full disk or a file that may not be written is to be known now, not in an hour.
        Execute($"BEGIN IMMEDIATE; {schema} PRAGMA application_id = {applicationId}; PRAGMA user_version = {Version}; "
            + "CREATE TABLE IF NOT EXISTS opened (at TEXT NOT NULL); DELETE FROM opened; INSERT INTO opened VALUES (datetime()); COMMIT");
        return true;
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private object? Scalar(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private T Translate<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (SqliteException e)
        {
            throw new StateFileException($"the state file '{_path}' {Reason(e)}", e);
        }
        catch (Exception e) when (e is FormatException or InvalidCastException or InvalidOperationException or OverflowException or ArgumentException)
        {
            throw new StateFileException($"the state file '{_path}' holds what this program did not write: {e.Message}", e);
        }
    }

    /// <summary>Primary result codes of SQLite (sqlite.org/rescode.html).</summary>
    private static string Reason(SqliteException e) => e.SqliteErrorCode switch
    {
        5 or 6 => "is in use by another process",
        8 => "may not be written",
        10 => "cannot be read or written: the disk reports an error",
        11 or 26 => "is damaged or not a state file; move it away to begin anew",
        13 => "cannot grow: the disk is full",
        14 => "cannot be opened: no such directory, or no right to it",
        _ => $"cannot be used: {e.Message}",
    };
}
