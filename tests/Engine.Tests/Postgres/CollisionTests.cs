using Amoe.Engine.Domain;
using Amoe.Engine.Journal.Frames;
using Amoe.Engine.Tests.Journal;
using Amoe.Engine.Tests.Runtime;
using Amoe.Tests.Postgres;
using Npgsql;

namespace Amoe.Engine.Tests.Postgres;

/// <summary>
/// Another writer on the journal in a database, while partitions that share its transactions are under load.
/// </summary>
public sealed class CollisionTests
{
    private const int Partitions = 8;
    private const int Taken = 3;

    [PostgresFact]
    public async Task A_foreign_row_restarts_the_partition_it_collides_with_and_no_other()
    {
        var partitions = await PostgresPartitions.CreateAsync(Partitions);
        await using var runtime = await partitions.OpenAsync("one");
        var before = runtime.Incarnations();
        var load = new RegistrationLoad(runtime);
        for (var collision = 1; collision <= 5; collision++)
        {
            var decided = load.Acknowledged.Count;
            await PostgresPartitions.Until(() => load.Acknowledged.Count > decided + 100);
            partitions.InsertNext(Taken, end => PostgresPartitions.Started(Taken, end, end.Incarnation + 1));

            // One incarnation is the foreign row's, the next is the partition's own.
            await PostgresPartitions.Until(() =>
                runtime.Incarnations()[Taken] == before[Taken] + (2 * collision) && runtime.Serves);
        }

        await load.StopAsync();
        before[Taken] += 10;
        Assert.Equal(before, runtime.Incarnations());
        Assert.Empty(runtime.OutOfService);
        Assert.NotEmpty(load.Unknown);
        Assert.All(load.Unknown, command => Assert.Equal(Taken, command.Student.PartitionOf(Partitions)));
        await RegistrationLoad.RequireOnceAsync(runtime, load);
    }

    [PostgresFact]
    public async Task Two_partitions_that_collide_in_one_transaction_restart_and_no_other()
    {
        var partitions = await PostgresPartitions.CreateAsync(Partitions);
        await using var runtime = await partitions.OpenAsync("one");
        var before = runtime.Incarnations();
        var load = new RegistrationLoad(runtime);
        await PostgresPartitions.Until(() => load.Acknowledged.Count > 100);
        using (var connection = new NpgsqlConnection(partitions.Database.Superuser))
        {
            connection.Open();
            using var transaction = connection.BeginTransaction();
            PostgresPartitions.Run(connection, "LOCK TABLE amoe.journal IN SHARE MODE");
            foreach (var partition in (int[])[0, Partitions - 1])
            {
                var end = runtime.Journal.Frames.With(reader => reader.End(partition));
                PostgresPartitions.Insert(
                    connection, $"partition-{partition}", end.NextSequenceNumber,
                    PostgresPartitions.Started(partition, end, end.Incarnation + 1));
            }

            transaction.Commit();
        }

        before[0] += 2;
        before[Partitions - 1] += 2;
        await PostgresPartitions.Until(() => runtime.Incarnations().SequenceEqual(before) && runtime.Serves);
        await load.StopAsync();
        Assert.Equal(before, runtime.Incarnations());
        await RegistrationLoad.RequireOnceAsync(runtime, load);
    }

    [PostgresFact]
    public async Task A_foreign_row_that_is_no_frame_takes_its_partition_out_of_service_and_the_others_serve()
    {
        var partitions = await PostgresPartitions.CreateAsync(Partitions);
        await using var runtime = await partitions.OpenAsync("one");
        var before = runtime.Incarnations();
        var load = new RegistrationLoad(runtime);
        await PostgresPartitions.Until(() => load.Acknowledged.Count > 100);
        partitions.InsertNext(Taken, _ => new byte[64]);
        await PostgresPartitions.Until(() => runtime.OutOfService.Count > 0);
        var decided = load.Acknowledged.Count;
        await PostgresPartitions.Until(() => load.Acknowledged.Count > decided + 100);
        await load.StopAsync();

        var (partition, line) = Assert.Single(runtime.OutOfService);
        Assert.Equal($"partition-{Taken}", partition);
        Assert.Contains("the frame cannot be read", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
        Assert.Equal(Outcome.Unknown, await runtime.AskAsync(Traffic.Declare(runtime.StudentOf(Taken))));
        for (var other = 0; other < Partitions; other++)
        {
            if (other != Taken)
                Assert.Equal(before[other], runtime.Journal.Frames.With(reader => reader.End(other)).Incarnation);
        }
    }

    [PostgresFact]
    public async Task A_write_that_a_former_incarnation_began_is_refused_once_another_has_started()
    {
        var partitions = await PostgresPartitions.CreateAsync(2);
        FramePosition former;
        await using (var first = await partitions.OpenAsync("first"))
            former = first.Journal.Frames.With(reader => reader.End(0));
        await using var second = await partitions.OpenAsync("second");
        using var connection = new NpgsqlConnection(partitions.Database.Superuser);
        connection.Open();
        var refused = Assert.Throws<PostgresException>(() =>
            PostgresPartitions.Insert(
                connection, "partition-0", former.NextSequenceNumber,
                PostgresPartitions.Started(0, former, former.Incarnation)));
        Assert.Equal(PostgresErrorCodes.UniqueViolation, refused.SqlState);
        Assert.Equal(Outcome.Done, await second.AskAsync(Traffic.Declare(second.StudentOf(0))));
    }

    [PostgresFact]
    public async Task A_frame_of_a_former_incarnation_behind_a_newer_one_is_found_and_named()
    {
        var partitions = await PostgresPartitions.CreateAsync(2);
        await using var runtime = await partitions.OpenAsync("one");
        partitions.InsertNext(0, end => PostgresPartitions.Started(0, end, end.Incarnation - 1));

        // A reader of the journal finds it, before and after the partition does.
        Some.AssertRefused(() => _ = runtime.Journal.Read(0).ToList(), "partition-0", "a replaced host wrote it");
        Assert.Equal(Outcome.Unknown, await runtime.AskAsync(Traffic.Declare(runtime.StudentOf(0))));
        await PostgresPartitions.Until(() => runtime.OutOfService.Count > 0);
        var (partition, line) = Assert.Single(runtime.OutOfService);
        Assert.Equal("partition-0", partition);
        Assert.Contains("a replaced host wrote it", line, StringComparison.Ordinal);
        Assert.Equal(Outcome.Done, await runtime.AskAsync(Traffic.Declare(runtime.StudentOf(1))));
    }
}
