using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using Amoe.Engine.Tests.Rules;
using Amoe.Engine.Tests.Runtime;
using Amoe.Tests.Postgres;

namespace Amoe.Engine.Tests.Postgres;

/// <summary>A journal that several hosts have open for writing.</summary>
public sealed class PostgresSharedJournalTests
{
    private static readonly TimeSpan Patience = PostgresPartitions.Patience;

    [PostgresFact]
    public void Each_host_has_it_open_under_a_lease_and_a_name_of_its_own()
    {
        var database = RegisteredHost.NewJournal();
        using var one = RegisteredHost.Register(database, "one");
        using var other = RegisteredHost.Register(database, "other");
        var first = PostgresJournal.OpenShared(one.Database, one.BeginLease());
        using var second = PostgresJournal.OpenShared(other.Database, other.BeginLease());
        Assert.Same(one.Lease, first.Lease);
        Assert.True(first.Lease.IsHeld);
        Assert.True(second.Lease.IsHeld);
        Assert.Contains($":host {one.Id}", first.ConnectionString, StringComparison.Ordinal);
        Assert.Contains($":host {other.Id}", second.ConnectionString, StringComparison.Ordinal);

        first.Dispose();
        Assert.False(one.Lease!.IsHeld);
        Assert.True(second.Lease.IsHeld);
    }

    [PostgresFact]
    public void A_rulebook_that_was_adopted_since_it_was_opened_is_read()
    {
        var database = RegisteredHost.NewJournal();
        using var host = RegisteredHost.Register(database, "one");
        using var journal = PostgresJournal.OpenShared(host.Database, host.BeginLease());
        Assert.Empty(journal.ReadAdoptions());
        var adopted = new AdoptedRulebook(
            1, Traffic.Day, Amendments.SpecialistFrom(Traffic.Day.AddDays(5), 20_000).Text);
        using (var connection = new PostgresDatabase(JournalAddress.Parse(database.Url)).Open(PostgresUse.Define))
        {
            connection.Run(
                """
                INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
                VALUES (0, false, $1, 2, $2, $3, $4, 'another host')
                """,
                JournalTable.JournalId, journal.ReadBook().Encode(adopted), JournalTable.EntryManifest,
                JournalTable.SerializerId);
        }

        Assert.Empty(journal.Adoptions);
        Assert.Equal([adopted], journal.ReadAdoptions());
        Assert.Equal([adopted], journal.Adoptions);
    }

    [PostgresFact]
    public async Task A_host_that_is_declared_dead_answers_nothing_from_memory_and_writes_nothing_more()
    {
        var partitions = await PostgresPartitions.CreateAsync(2);
        using var dead = RegisteredHost.Register(partitions.Database, "dead");
        using var other = RegisteredHost.Register(partitions.Database, "other");
        await using var runtime = await PostgresPartitions.StartAsync(
            PostgresJournal.OpenShared(dead.Database, dead.BeginLease()));
        var student = runtime.StudentOf(0);
        var question = new AskEntitlement(new StudentId(student), Traffic.Day, Traffic.Day);
        Assert.Equal(Outcome.Done, await runtime.AskAsync(Traffic.Declare(student)));
        Assert.Equal(Outcome.Answered, await runtime.AskAsync(question));

        Assert.True(other.TryOutvote(dead));
        var line = await dead.Lease!.WhenLost.WaitAsync(Patience);
        var rows = partitions.Database.Scalar<long>("SELECT count(*) FROM amoe.journal");
        Assert.Equal(Outcome.Unknown, await runtime.AskAsync(question));
        Assert.Equal(Outcome.Unknown, await runtime.AskAsync(Traffic.Declare(runtime.StudentOf(1))));
        await PostgresPartitions.Until(() => runtime.OutOfService.Count >= 2);
        Assert.All(runtime.OutOfService.Values, why => Assert.Equal(line, why));
        Assert.Equal(rows, partitions.Database.Scalar<long>("SELECT count(*) FROM amoe.journal"));
    }
}
