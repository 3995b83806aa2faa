using Microsoft.Data.Sqlite;

namespace FailoverLab.State;

/// <summary>Columns that may be empty.</summary>
internal static class RowReading
{
    /// <summary>A text, or <see langword="null"/> where the column is.</summary>
    public static string? TextOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
