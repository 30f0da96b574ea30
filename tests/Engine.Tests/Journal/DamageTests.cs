using System.Globalization;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;
using Amoe.Engine.Tests.Scenarios;
using Microsoft.Data.Sqlite;

namespace Amoe.Engine.Tests.Journal;

/// <summary>
/// Damage to a journal's file: whatever is changed, a reader reads what was written, or is told by name that it
/// cannot. Each test tries a thousand changes; a failure names the seed of its change.
/// </summary>
public sealed class DamageTests : IDisposable
{
    private const int Changes = 1_000;
    private readonly TestFolder _folder = new();
    private readonly byte[] _intact;
    private readonly string _read;

    public DamageTests()
    {
        using (var journal = FrameWriter.Create(JournalPath, Some.Identity))
        {
            Some.Fill(journal, 3);
            journal.Write(new DayOpened(new DateOnly(2024, 1, 31), 0));
            journal.Write(new AdoptedRulebook(1, new DateOnly(2024, 1, 31), "règles: 2\n"));
            journal.Append(5, 4, new FrameSegment(0, 2, Some.Bytes(40, 1)), new FrameSegment(3, 1, Some.Bytes(20_000, 2)));
            journal.Write(new AdoptedRulebook(2, new DateOnly(2024, 1, 31), "règles: 3\n"));
            journal.Write(new DayOpened(new DateOnly(2024, 2, 1), 2));
        }

        _intact = File.ReadAllBytes(JournalPath);
        _read = Verify()!;
    }

    private string JournalPath => _folder["j.amoe"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_changed_value_of_any_row_and_column_is_found_or_changes_nothing_that_is_read()
    {
        var (columns, rows) = (Columns(), Count("SELECT COUNT(*) FROM journal"));
        var found = columns.ToDictionary(column => column, _ => 0);
        for (var seed = 0; seed < Changes; seed++)
        {
            File.WriteAllBytes(JournalPath, _intact);
            var dice = new Dice(Mixing.Mix((ulong)seed, 1));
            var (column, row) = (columns[seed % columns.Count], 1 + dice.Below(rows));
            if (Change(column, row, dice) && AssertFoundOrSame($"seed {seed}: {column} of row {row}"))
                found[column]++;
        }

        // What has a meaning is found, and what has none does no harm. The ordering only says in which order all
        // partitions are read.
        Assert.All(["deleted", "persistence_id", "message", "manifest", "identifier"], column => Assert.True(found[column] > Changes / columns.Count / 2, $"{column}: {found[column]}"));
        Assert.All(["created", "tags", "writer_uuid"], column => Assert.Equal(0, found[column]));
    }

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
            File.WriteAllBytes(JournalPath, bytes);
            if (AssertFoundOrSame($"seed {seed}: bit {bit} of byte {at}"))
                found++;
        }

        Assert.True(found > 0);
    }

    /// <summary>True when the damage was found.</summary>
    private bool AssertFoundOrSame(string change)
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
        finally
        {
            SqliteConnection.ClearAllPools();
            File.Delete(JournalPath + "-wal");
            File.Delete(JournalPath + "-shm");
        }
    }

    /// <summary>Everything that a reader can see, null where opening or verifying refuses in one line.</summary>
    private string? Verify()
    {
        try
        {
            using var journal = SqliteJournal.OpenReadOnly(JournalPath);
            journal.CheckStore();
            var shards = Enumerable.Range(0, journal.Identity.TotalShards);
            return string.Join('\n', [
                journal.Identity.ToString(), .. journal.Adoptions.Select(adopted => adopted.ToString()), journal.ReadBook().Find(new DateOnly(2024, 1, 2)).ToString(), $"{journal.ReadBook().LastDay}",
                .. shards.SelectMany(shard => journal.Read(shard)).Select(Shown), "by commit", .. journal.ReadAll().OrderBy(segment => segment.Shard).Select(Shown),
                .. shards.Select(shard => journal.Head(shard).ToString(CultureInfo.InvariantCulture))]);
        }
        catch (JournalException e)
        {
            Assert.Contains(JournalPath, e.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', e.Message);
            return null;
        }
    }

    private static string Shown(Segment segment) => $"{segment with { Payload = default }} {Convert.ToHexString(segment.Payload.Span)}";

    /// <summary>False where the store itself refuses the change.</summary>
    private bool Change(string column, int row, Dice dice)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {column} FROM journal WHERE ordering = {row}";
        var value = command.ExecuteScalar() switch
        {
            long number => number ^ (1L << dice.Below(62)),
            string text => Flipped(text, dice),
            byte[] bytes => Flipped(bytes, dice),
            _ => (object)"x",
        };
        command.CommandText = $"UPDATE journal SET {column} = $value WHERE ordering = {row}";
        command.Parameters.AddWithValue("$value", value);
        try
        {
            return command.ExecuteNonQuery() == 1;
        }
        catch (SqliteException e) when (e.SqliteErrorCode == SQLitePCL.raw.SQLITE_CONSTRAINT)
        {
            return false;
        }
    }

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

    private List<string> Columns()
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'";
        using var reader = command.ExecuteReader();
        var columns = new List<string>();
        while (reader.Read())
        {
            // There is no other table to damage.
            Assert.Equal("journal", reader.GetString(0));
            columns.Add(reader.GetString(1));
        }

        return columns;
    }

    private int Count(string sql)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={JournalPath};Pooling=False");
        connection.Open();
        return connection;
    }
}
