using Npgsql;
using NpgsqlTypes;

namespace Amoe.Bench.Ladder;

/// <summary>
/// The reference on PostgreSQL: the recording's bytes, and nothing known about them, made durable as well as the server
/// can.
/// </summary>
internal static class PostgresBare
{
    private const int KB = 1024;
    private const int MB = 1024 * KB;

    // Four, two or one to a page of the server's, and one that it keeps apart in pieces of its own.
    private static readonly int[] RowsBytes = [2_000, 4_000, 8_000, 64 * KB];
    private static readonly int[] TransactionsBytes = [1 * MB, 4 * MB, 16 * MB];
    private static readonly int[] Connections = [1, 2, 4];
    private static readonly bool[] Copying = [true, false];

    private const int InPageBytesMax = 8_000;

    /// <summary>Tries every layout once and returns the fastest.</summary>
    public static PostgresLayout FindBest(byte[] bytes, string connectionString, ILadderStore store)
    {
        var layouts =
            from copies in Copying
            from row in RowsBytes
            from transaction in TransactionsBytes
            from connections in Connections
            select new PostgresLayout(copies, row, transaction, connections);
        return layouts.MinBy(layout => Append(bytes, layout, connectionString, store).WallSeconds)!;
    }

    /// <summary>
    /// A table of blobs in the order of appending, without a key or compression; each connection appends a part of the
    /// bytes.
    /// </summary>
    public static Taken Append(byte[] bytes, PostgresLayout layout, string connectionString, ILadderStore store)
    {
        using var source = NpgsqlDataSource.Create(connectionString);
        var storage = layout.RowBytes <= InPageBytesMax ? "PLAIN" : "EXTERNAL";
        Execute(
            source,
            $"DROP TABLE IF EXISTS log; CREATE TABLE log (payload bytea NOT NULL); ALTER TABLE log ALTER payload SET STORAGE {storage}; CHECKPOINT");
        var connections = Enumerable.Range(0, layout.Connections).Select(_ => source.OpenConnection()).ToList();
        try
        {
            var clock = Clock.Start(store);
            Together.Do(layout.Connections, part =>
            {
                var (from, until) = (Part(part), Part(part + 1));
                Append(bytes.AsMemory(from..until), layout, connections[part]);
            });
            return clock.Stop();
        }
        finally
        {
            connections.ForEach(connection => connection.Dispose());
            Execute(source, "DROP TABLE log");
        }

        int Part(int part) => (int)((long)bytes.Length * part / layout.Connections);
    }

    private static void Append(ReadOnlyMemory<byte> bytes, PostgresLayout layout, NpgsqlConnection connection)
    {
        while (!bytes.IsEmpty)
        {
            var transaction = bytes[..Math.Min(bytes.Length, layout.TransactionBytes)];
            bytes = bytes[transaction.Length..];
            if (layout.Copies)
                Copy(transaction, layout.RowBytes, connection);
            else
                Insert(transaction, layout.RowBytes, connection);
        }
    }

    private static void Copy(ReadOnlyMemory<byte> bytes, int rowBytes, NpgsqlConnection connection)
    {
        using var copy = connection.BeginBinaryImport("COPY log FROM STDIN (FORMAT binary)");
        foreach (var row in Rows(bytes, rowBytes))
        {
            copy.StartRow();
            copy.Write(row, NpgsqlDbType.Bytea);
        }

        copy.Complete();
    }

    private static void Insert(ReadOnlyMemory<byte> bytes, int rowBytes, NpgsqlConnection connection)
    {
        using var insert = new NpgsqlCommand("INSERT INTO log SELECT unnest($1)", connection);
        insert.Parameters.Add(
            new NpgsqlParameter
            {
                Value = Rows(bytes, rowBytes).ToArray(),
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea
            });
        insert.ExecuteNonQuery();
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Rows(ReadOnlyMemory<byte> bytes, int rowBytes)
    {
        for (; bytes.Length > rowBytes; bytes = bytes[rowBytes..])
            yield return bytes[..rowBytes];
        yield return bytes;
    }

    private static void Execute(NpgsqlDataSource source, string sql)
    {
        foreach (var statement in sql.Split(';'))
        {
            using var command = source.CreateCommand(statement);
            command.ExecuteNonQuery();
        }
    }
}

/// <summary>How the bare append on PostgreSQL is cut.</summary>
/// <param name="Copies">By binary COPY, or by inserting an array of rows with one statement.</param>
internal sealed record PostgresLayout(bool Copies, int RowBytes, int TransactionBytes, int Connections)
{
    public override string ToString() =>
        $"{(Copies ? "binary COPY" : "INSERT of an array")}, rows of {RowBytes:N0} bytes, transactions of {TransactionBytes >> 20} MB, {Connections} connections";
}
