using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using Amoe.Tests.Postgres;

namespace Amoe.Host.Tests.Cluster;

/// <summary>Students and partitions that real hosts have out of service, on a real database.</summary>
public sealed class QuarantineTests
{
    private const int Partitions = 4;

    [PostgresFact]
    public async Task Hosts_list_what_is_out_of_service_and_retry_it_and_one_that_does_not_answer_is_named()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        (await AmoeProcess.RunAsync(
            "simulate", YearFixture.Scenario, "--scale", "0.001", "--partitions", $"{Partitions}", "--journal",
            database.Url)).IsDone();
        var (student, damaged) = Students(database);
        var partition = damaged.PartitionOf(Partitions);
        var (offset, sequenceNumber) = Tampering.AppendInapplicable(database, student);
        Tampering.FlipBit(database, partition, sequenceNumber: 20);
        using var host = await HostProcess.StartAsync(database);
        await HostProcess.UntilAsync(
            async () =>
                (await RunAsync(database, "list", "-o", "json")).Json is var json
                    && json.GetProperty("students").GetArrayLength() == 1
                    && json.GetProperty("partitions").GetArrayLength() == 1, "the host has both out of service");

        var list = await RunAsync(database, "list", "-o", "json");
        list.IsDone();
        Assert.Equal("hosts", list.Json.GetProperty("asked").GetString());
        var listed = Assert.Single(list.Json.GetProperty("students").EnumerateArray());
        Assert.Equal(
            (student.Value, offset),
            (listed.GetProperty("student").GetUInt64(), listed.GetProperty("offset").GetInt64()));
        Assert.True(listed.TryGetProperty("since", out _));
        Assert.Equal(
            partition,
            Assert.Single(list.Json.GetProperty("partitions").EnumerateArray()).GetProperty("partition").GetInt32());

        var report = await RunAsync(database, "explain", $"{student}");
        Assert.Contains($"({host.Endpoint}) says, since ", report.Output, StringComparison.Ordinal);
        Assert.Contains($"(sequence number {sequenceNumber})", report.Output, StringComparison.Ordinal);
        Assert.Contains(
            $"- Then have it tried again: amoe quarantine retry {student}", report.Output, StringComparison.Ordinal);
        Assert.StartsWith(
            $"partition {partition}, which has student {damaged}, is out of service, as host ",
            (await RunAsync(database, "explain", $"{damaged}")).Output, StringComparison.Ordinal);

        var failed = await RunAsync(database, "retry", "--all");
        Assert.Equal(4, failed.ExitCode);
        Assert.Contains($"student {student} stays out of service: ", failed.Output, StringComparison.Ordinal);
        Assert.Contains($"partition {partition} stays out of service: ", failed.Output, StringComparison.Ordinal);

        Tampering.FlipBit(database, partition, sequenceNumber: 20);
        var served = await RunAsync(database, "retry", $"{damaged}");
        served.IsDone();
        Assert.Equal($"partition {partition} is served again\n", served.Output);
        Assert.Equal(
            $"student {damaged} is in service, in partition {partition}\n",
            (await RunAsync(database, "explain", $"{damaged}")).Output);
        Assert.Contains(
            $"has student {damaged} out of service", (await RunAsync(database, "retry", $"{damaged}")).Output,
            StringComparison.Ordinal);

        // It would be live for 5 s more at most, which a busy machine may take to ask.
        host.Process.Freeze();
        database.Execute("UPDATE amoe.host SET lasts_until = now() + interval '1 hour'");
        var silent = await RunAsync(database, "list");
        Assert.Equal(3, silent.ExitCode);
        Assert.Contains($"({host.Endpoint}) did not answer within 5 s", silent.Error, StringComparison.Ordinal);
        host.Process.Thaw();
    }

    private static Task<Finished> RunAsync(PrivateDatabase database, params string[] what) =>
        AmoeCommand.RunAsync(["quarantine", .. what, "--journal", database.Url]);

    /// <summary>Two students of different partitions.</summary>
    private static (StudentId First, StudentId Second) Students(PrivateDatabase database)
    {
        using var journal = Journals.OpenReadOnly(JournalAddress.Parse(database.Url));
        return (Of(journal, 0), Of(journal, 2));
    }

    private static StudentId Of(IJournal journal, int partition) =>
        History.OfPartition(journal, partition).First(entry => entry.Header.HasStudent).Header.Student;
}
