using System.CommandLine;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using Amoe.Host.Http;
using Amoe.Host.Reports;
using Amoe.Host.Running;
using Spectre.Console;

namespace Amoe.Host.Verbs;

/// <summary><c>cluster status</c> and <c>cluster partitions</c>: the hosts, and each partition's host.</summary>
internal static class ClusterVerb
{
    private const string Notes = """
        Examples:
          amoe cluster status --journal postgres://amoe@db/amoe
          amoe cluster partitions --journal postgres://amoe@db/amoe

        """;

    private const string StatusNotes = """
        What the database says of hosts, and what those hosts say of themselves that answer at their
        pages' address. Nothing is written. A partition is free when no host holds it, and lost while
        the host that holds it gives no sign of life: another takes it then.

        Examples:
          amoe cluster status --journal postgres://amoe@db/amoe
          amoe cluster status --journal postgres://amoe@db/amoe -o json | jq .partitions_free

        """;

    private const string PartitionsNotes = """
        Each partition on a line: which host holds it, its incarnation (counted each time it starts),
        how many records it has decided, and whether it serves, recovers or is out of service and why.
        The last partitions are those of ledgers.

        Examples:
          amoe cluster partitions --journal postgres://amoe@db/amoe
          amoe cluster partitions --journal postgres://amoe@db/amoe -o json | jq '.partitions[].state'

        """;

    public static Command Create(Terminal terminal) =>
        new TaughtCommand("cluster", "Say how the hosts on a journal are.", Notes)
        {
            Look(
                terminal, "status", "Say which hosts are there, and how many partitions each has.", StatusNotes,
                ClusterStatusText.WriteHosts),
            Look(
                terminal, "partitions", "Say which host has which partition, and how it is.", PartitionsNotes,
                ClusterStatusText.WritePartitions),
        };

    private static TaughtCommand Look(
        Terminal terminal, string name, string says, string notes, Action<IAnsiConsole, ClusterStatus> write)
    {
        var (journal, output) = (Options.Journal(), Options.Output());
        var command = new TaughtCommand(name, says, notes) { journal, output };
        command.SetAction(async (parsed, cancellation) =>
        {
            var address = parsed.GetRequiredValue(journal);
            if (!address.IsPostgres)
                throw new UsageException(
                    $"{address.Display} is a file, on which no hosts can be: name postgres://user@host/database.");
            var status = await LookAsync(address, cancellation);
            if (parsed.GetValue(output) == OutputFormat.Json)
                ClusterStatusJson.Write(Console.Out, status);
            else
                write(terminal.Out, status);
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<ClusterStatus> LookAsync(JournalAddress address, CancellationToken cancellation)
    {
        int partitions;
        using (var journal = PostgresJournal.OpenReadOnly(address))
            partitions = journal.Identity.TotalPartitions;
        using var hosts = new PostgresHosts(new PostgresDatabase(address));
        using var inquiry = new HostInquiry();
        var all = hosts.All();
        var answers = await Task.WhenAll(
            all.Where(host => host.Status.IsLive).Select(async host =>
                (host.Id, Answer: await inquiry.AskAsync(host.Endpoint, cancellation))));
        return new ClusterStatus(
            address.Display, partitions, hosts.Format(), all, hosts.Holdings(),
            answers.ToDictionary(answer => answer.Id, answer => answer.Answer));
    }
}
