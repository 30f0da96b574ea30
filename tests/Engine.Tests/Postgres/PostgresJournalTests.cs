using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using Amoe.Engine.Tests.Journal;
using Amoe.Tests.Postgres;
using Npgsql;

namespace Amoe.Engine.Tests.Postgres;

/// <summary>The promises of a journal in a database beyond the contract of every journal.</summary>
public sealed class PostgresJournalTests
{
    // A disk was stuck for ten seconds while one process made the journal, and another process got an error about
    // locked rows.
    [PostgresFact]
    public async Task A_process_that_makes_a_journal_waits_until_another_has_made_it_however_slow_the_disk()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        using var slow = new NpgsqlConnection(database.Superuser);
        slow.Open();
        slow.Run("BEGIN; CREATE SCHEMA amoe; CREATE TABLE amoe.journal ()");
        var creating = Task.Run(() =>
            PostgresSchema.Create(new PostgresDatabase(JournalAddress.Parse(database.Url)), Some.Identity));
        await PostgresPartitions.Until(() => creating.IsCompleted || Waiting(database) == 1);

        // Longer than a statement waits for locked rows.
        await Assert.ThrowsAsync<TimeoutException>(() => creating.WaitAsync(TimeSpan.FromSeconds(11)));
        slow.Run("COMMIT");
        Assert.Contains(
            "there is a journal already", (await Assert.ThrowsAsync<JournalException>(() => creating)).Message,
            StringComparison.Ordinal);
    }

    [PostgresFact]
    public void Journals_in_schemas_of_one_database_are_apart()
    {
        using var one = new PostgresTestStore();
        using var other = new PostgresTestStore();
        using var writer = FrameWriter.Create(one, Some.Identity);
        other.Create(Some.Identity with { Seed = 1 }).Dispose();
        Some.Fill(writer, 2);

        using var reader = other.OpenReadOnly();
        Assert.Empty(reader.ReadAll());
        Assert.Equal(1UL, reader.Identity.Seed);
    }

    [PostgresFact]
    public async Task A_journal_on_a_server_that_takes_no_writes_can_be_read_and_is_not_opened_for_writing()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        var address = JournalAddress.Parse(database.Url);
        PostgresSchema.Create(new PostgresDatabase(address), Some.Identity);
        database.Execute($"ALTER DATABASE {database.Name} SET default_transaction_read_only = on");

        using var reader = PostgresJournal.OpenReadOnly(address);
        Assert.Equal(Some.Identity, reader.Identity);
        Assert.Empty(reader.ReadAll());
        var refused = await Assert.ThrowsAsync<JournalException>(() =>
            PostgresJournal.OpenAsync(address, "a test", TimeProvider.System));
        Assert.Contains("takes no writes", refused.Message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public void A_reader_that_stops_in_the_middle_holds_no_other_up()
    {
        using var store = new PostgresTestStore();
        using var journal = FrameWriter.Create(store, Some.Identity);
        Some.Fill(journal, 20, length: 50_000);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(0, journal.Read(i % Some.Partitions).First().Offset);
            Assert.Equal(0, journal.ReadAll().First().Offset);
        }

        Assert.Equal(20 * Some.Partitions, journal.ReadAll().Count());
    }

    /// <summary>How many statements wait in the database for a lock.</summary>
    private static long Waiting(PrivateDatabase database) =>
        database.Scalar<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
}
