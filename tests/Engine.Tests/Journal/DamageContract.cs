using System.Data.Common;
using System.Globalization;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;
using Amoe.Engine.Tests.Postgres;
using Amoe.Engine.Tests.Scenarios.Lives;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Amoe.Engine.Tests.Journal;

/// <summary>
/// Damage to a journal: after any change a reader either reads what was written or gets an error that names the place.
/// A failure names the seed of its change.
/// </summary>
public abstract class DamageContract : IDisposable
{
    // What a reader sees of the intact journal.
    private readonly string _read;

    private protected DamageContract()
    {
        Store = NewStore();
        using (var journal = FrameWriter.Create(Store, Some.Identity))
        {
            Some.Fill(journal, 3);
            journal.Write(new DayOpened(new DateOnly(2024, 1, 31), 0));
            journal.Write(new AdoptedRulebook(1, new DateOnly(2024, 1, 31), "règles: 2\n"));
            journal.Append(
                5, 4, new FrameSegment(0, 2, Some.Bytes(40, 1)), new FrameSegment(3, 1, Some.Bytes(20_000, 2)));
            journal.Write(new AdoptedRulebook(2, new DateOnly(2024, 1, 31), "règles: 3\n"));
            journal.Write(new DayOpened(new DateOnly(2024, 2, 1), 2));
        }

        _read = Verify()!;
    }

    private protected TestStore Store { get; }

    /// <summary>How many changes of values are tried.</summary>
    private protected abstract int Changes { get; }

    /// <summary>Each column of each table, as <c>table.column</c>.</summary>
    private protected abstract IReadOnlyList<string> Columns { get; }

    /// <summary>Those that have a meaning to a reader.</summary>
    private protected abstract string[] Meaning { get; }

    /// <summary>Those that have none.</summary>
    private protected abstract string[] Meaningless { get; }

    public void Dispose()
    {
        Store.Dispose();
        GC.SuppressFinalize(this);
    }

    [StoreFact]
    public void A_changed_value_of_any_row_and_column_is_found_or_changes_nothing_that_is_read()
    {
        var columns = Columns;
        var found = columns.ToDictionary(column => column, _ => 0);
        for (var seed = 0; seed < Changes; seed++)
        {
            var dice = new Dice(Mixing.Mix((ulong)seed, 1));
            var column = columns[seed % columns.Count];
            if (Change(column, dice) is { } row && AssertFoundOrSame($"seed {seed}: {column} of row {row}"))
                found[column]++;
            Restore(TableOf(column));
        }

        // What has a meaning is found, and what has none does no harm.
        Assert.All(
            Meaning, column => Assert.True(found[column] > Changes / columns.Count / 2, $"{column}: {found[column]}"));
        Assert.All(Meaningless, column => Assert.Equal(0, found[column]));
    }

    /// <summary>True when the damage was found.</summary>
    private protected bool AssertFoundOrSame(string change)
    {
        try
        {
            var read = Verify();
            Assert.True(read is null || read == _read, $"{change}: something else is read, and nothing was found");
            return read is null;
        }
        catch (Exception e) when (e is not Xunit.Sdk.XunitException)
        {
            Assert.Fail($"{change}: {e}");
            throw;
        }
    }

    /// <summary>Everything that a reader can see, null where opening or verifying refuses in one line.</summary>
    private string? Verify()
    {
        try
        {
            using var journal = Store.OpenReadOnly();
            journal.CheckStore();
            var book = journal.ReadBook();
            var partitions = Enumerable.Range(0, journal.Identity.TotalPartitions);
            return string.Join('\n', [
                journal.Identity.ToString(), .. journal.Adoptions.Select(adopted => adopted.ToString()),
                book.Find(new DateOnly(2024, 1, 2)).ToString(), $"{book.LastDay}",
                .. partitions.SelectMany(partition => journal.Read(partition)).Select(Shown), "by commit",
                .. journal.ReadAll().OrderBy(segment => segment.Partition).Select(Shown),
                .. partitions.Select(partition => journal.Head(partition).ToString(CultureInfo.InvariantCulture))]);
        }
        catch (JournalException e)
        {
            Assert.Contains(Store.Name, e.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', e.Message);
            return null;
        }
    }

    private static string Shown(Segment segment) =>
        $"{segment with { Payload = default }} {Convert.ToHexString(segment.Payload.Span)}";

    private protected abstract TestStore NewStore();

    /// <summary>Undoes a change of a table.</summary>
    private protected abstract void Restore(string table);

    private static string TableOf(string column) => column.Split('.')[0];

    /// <summary>Changes a value of a column, as the table's owner can.</summary>
    /// <returns>The number of the row, null where the store itself refuses the change.</returns>
    private int? Change(string column, Dice dice)
    {
        var (table, name) = (TableOf(column), column.Split('.')[1]);
        using var connection = Store.Connect();
        var row = dice.Below(
            Convert.ToInt32(connection.Scalar($"SELECT count(*) FROM {table}"), CultureInfo.InvariantCulture));
        var which =
            $"{Store.RowKey} = (SELECT {Store.RowKey} FROM {table} ORDER BY {Store.RowKey} LIMIT 1 OFFSET {row})";
        var value = connection.Scalar($"SELECT {name} FROM {table} WHERE {which}") switch
        {
            bool flag => !flag,
            int number => number ^ (1 << dice.Below(30)),
            long number => number ^ (1L << dice.Below(62)),
            string text => Flipped(text, dice),
            byte[] bytes => Flipped(bytes, dice),
            // The end of a lease that no process has taken yet.
            DateTime => DateTime.UnixEpoch,
            _ => (object)"x",
        };
        try
        {
            Assert.Equal(1, connection.Run($"UPDATE {table} SET {name} = @p0 WHERE {which}", value));
            return row;
        }
        catch (DbException e) when (Refuses(e))
        {
            return null;
        }
    }

    /// <summary>True where a constraint of the table forbids the change.</summary>
    private protected abstract bool Refuses(DbException e);

    private static string Flipped(string text, Dice dice)
    {
        if (text.Length == 0)
            return "x";
        var characters = text.ToCharArray();
        characters[dice.Below(characters.Length)] ^= (char)(1 << dice.Below(5));
        return new string(characters);
    }

    private static byte[] Flipped(byte[] bytes, Dice dice)
    {
        bytes[dice.Below(bytes.Length)] ^= (byte)(1 << dice.Below(8));
        return bytes;
    }
}

/// <summary>Damage to a journal's file. Each test tries a thousand changes.</summary>
public sealed class SqliteDamageTests : DamageContract
{
    private readonly byte[] _intact;

    public SqliteDamageTests() => _intact = File.ReadAllBytes(Store.Name);

    private protected override int Changes => 1_000;

    private protected override IReadOnlyList<string> Columns
    {
        get
        {
            using var connection = Store.Connect();
            using var command = connection.CreateCommand();
            command.CommandText =
                "SELECT m.name || '.' || c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'";
            using var reader = command.ExecuteReader();
            var columns = new List<string>();
            while (reader.Read())
                columns.Add(reader.GetString(0));

            // There is no other table to damage.
            Assert.All(columns, column => Assert.StartsWith("journal.", column, StringComparison.Ordinal));
            return columns;
        }
    }

    private protected override string[] Meaning =>
        ["journal.deleted", "journal.persistence_id", "journal.message", "journal.manifest", "journal.identifier"];

    // The ordering only says in which order all partitions are read.
    private protected override string[] Meaningless => ["journal.created", "journal.tags", "journal.writer_uuid"];

    [Fact]
    public void A_flipped_bit_anywhere_in_the_file_is_found_or_changes_nothing_that_is_read()
    {
        var found = 0;
        for (var seed = 0; seed < Changes; seed++)
        {
            var dice = new Dice(Mixing.Mix((ulong)seed, 2));
            var bytes = _intact.ToArray();
            var (at, bit) = (dice.Below(bytes.Length), dice.Below(8));
            bytes[at] ^= (byte)(1 << bit);
            Write(bytes);
            if (AssertFoundOrSame($"seed {seed}: bit {bit} of byte {at}"))
                found++;
        }

        Assert.True(found > 0);
    }

    private protected override TestStore NewStore() => new SqliteTestStore();

    private protected override void Restore(string table) => Write(_intact);

    private protected override bool Refuses(DbException e) =>
        e is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_CONSTRAINT };

    /// <summary>Without what earlier readers left beside the file.</summary>
    private void Write(byte[] bytes)
    {
        SqliteConnection.ClearAllPools();
        File.Delete(Store.Name + "-wal");
        File.Delete(Store.Name + "-shm");
        File.WriteAllBytes(Store.Name, bytes);
    }
}

/// <summary>Damage to the tables of a journal in a database, as their owner can do it.</summary>
[NeedsPostgres]
[Trait("Breadth", "full")]
public sealed class PostgresDamageTests : DamageContract
{
    private static readonly string[] _tables = ["layout", "journal", "snapshot", "lease", "host", "holding"];

    public PostgresDamageTests()
    {
        Store.Run("INSERT INTO snapshot VALUES ('partition-0', 2, 0, '\\x0102', 'snapshot', 11612)");
        Store.Run(
            "INSERT INTO host (member, endpoint, build, format, lasts_until, joined) VALUES ('akka://amoe@127.0.0.1:1', 'http://127.0.0.1:2', '1', 2, now(), now())");
        Store.Run("INSERT INTO holding VALUES (0, 1)");

        // Otherwise no one could change them.
        Store.Run("ALTER TABLE journal ALTER ordering SET GENERATED BY DEFAULT");
        Store.Run("ALTER TABLE host ALTER id SET GENERATED BY DEFAULT");
        foreach (var table in _tables)
            Store.Run($"CREATE TABLE intact_{table} AS TABLE {table}");
    }

    // Six for each column, or three: a change costs some 50 ms, most of it for connections.
    private protected override int Changes => Breadth.Of(quick: 105, full: 210);

    private protected override IReadOnlyList<string> Columns
    {
        get
        {
            using var connection = Store.Connect();
            using var command = connection.CreateCommand();
            command.CommandText = """
                SELECT table_name, column_name FROM information_schema.columns
                WHERE table_schema = current_schema() AND table_name NOT LIKE 'intact%' ORDER BY table_name, ordinal_position
                """;
            using var reader = command.ExecuteReader();
            var columns = new List<(string Table, string Column)>();
            while (reader.Read())
                columns.Add((reader.GetString(0), reader.GetString(1)));

            // There is no other table to damage.
            Assert.Equal(_tables.Order(), columns.Select(column => column.Table).Distinct());
            return [.. columns.Select(column => $"{column.Table}.{column.Column}")];
        }
    }

    private protected override string[] Meaning =>
        [
            "journal.deleted", "journal.persistence_id", "journal.sequence_number", "journal.message",
            "journal.manifest", "journal.identifier", "layout.version"
        ];

    // A higher format is refused, and under a lower one the same is read.
    private protected override string[] Meaningless => [.. Columns.Except([.. Meaning, "lease.format"])];

    private protected override TestStore NewStore() => new PostgresTestStore();

    // Rows that were only deleted would be read over ever after.
    private protected override void Restore(string table) =>
        Store.Run($"BEGIN; TRUNCATE {table}; INSERT INTO {table} SELECT * FROM intact_{table}; COMMIT");

    private protected override bool Refuses(DbException e) =>
        e is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.CheckViolation };
}
