using SQLitePCL;

namespace Amoe.Engine.Journal;

/// <summary>
/// A prepared statement. It is ready for the next use as soon as its last row was read, or it failed.
/// </summary>
internal sealed class SqliteStatement(SqliteDatabase database, sqlite3_stmt handle) : IDisposable
{
    /// <summary>Parameters count from 1.</summary>
    public SqliteStatement Bind(int parameter, long value) => Checked(raw.sqlite3_bind_int64(handle, parameter, value));

    public SqliteStatement Bind(int parameter, string value) =>
        Checked(raw.sqlite3_bind_text(handle, parameter, value));

    public SqliteStatement Bind(int parameter, ReadOnlySpan<byte> value) =>
        Checked(raw.sqlite3_bind_blob(handle, parameter, value));

    /// <summary>True when there is a row to read; false, and reset, after the last.</summary>
    /// <exception cref="JournalException">The store failed; the statement is reset.</exception>
    public bool Step()
    {
        var result = raw.sqlite3_step(handle);
        if (result == raw.SQLITE_ROW)
            return true;
        // The message has to be fetched before the reset, and the reset repeats the code of the step.
        var failure = result == raw.SQLITE_DONE ? null : database.Failure(result);
        Reset();
        return failure is null ? false : throw failure;
    }

    public void Run()
    {
        while (Step())
        {
        }
    }

    public void Reset() => raw.sqlite3_reset(handle);

    /// <summary>Columns count from 0.</summary>
    public long Long(int column) => raw.sqlite3_column_int64(handle, column);

    public string Text(int column) => raw.sqlite3_column_text(handle, column).utf8_to_string() ?? "";

    /// <summary>A copy: the store's own bytes are gone with the next step.</summary>
    public byte[] Bytes(int column) => raw.sqlite3_column_blob(handle, column).ToArray();

    /// <summary>A copy in a buffer that is used again, and grows to the longest value.</summary>
    public ReadOnlyMemory<byte> Bytes(int column, ref byte[] buffer)
    {
        var bytes = raw.sqlite3_column_blob(handle, column);
        if (bytes.Length > buffer.Length)
            buffer = new byte[bytes.Length];
        bytes.CopyTo(buffer);
        return buffer.AsMemory(0, bytes.Length);
    }

    public void Dispose() => handle.Dispose();

    private SqliteStatement Checked(int result) => result == raw.SQLITE_OK ? this : throw database.Failure(result);
}
