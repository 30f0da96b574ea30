using System.CommandLine;
using Amoe.Engine.Cluster;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Hosts;
using Amoe.Host.Http;
using Amoe.Host.Reports;
using Amoe.Host.Running;

namespace Amoe.Host.Verbs;

/// <summary><c>cluster status</c>: who has which shard.</summary>
internal static class ClusterVerb
{
    private const string Notes = """
        Examples:
          amoe cluster status --journal postgres://amoe@db/amoe

        """;

    private const string StatusNotes = """
        What the store says of hosts and shards, and, of hosts that answer at their address, what they
        say of themselves: shards they have taken and not recovered yet, and records they had decided
        when they were asked that were not durable a moment later. Nothing is written. A shard is free
        when it was handed over and not taken yet, and lost while the host that has it gives no sign of
        life: another takes it then.

        Examples:
          amoe cluster status --journal postgres://amoe@db/amoe
          amoe cluster status --journal postgres://amoe@db/amoe --shards
          amoe cluster status --journal postgres://amoe@db/amoe -o json | jq '.shards_free + .shards_lost'

        """;

    public static Command Create(Terminal terminal) => new TaughtCommand("cluster", "Say how the hosts on a journal are.", Notes)
    {
        Status(terminal),
    };

    private static TaughtCommand Status(Terminal terminal)
    {
        var (journal, output) = (Options.Journal(), Options.Output());
        var shards = new Option<bool>("--shards") { Description = "Every shard on a line of its own." };
        var command = new TaughtCommand("status", "Say which hosts are there, and who has which shard.", StatusNotes) { journal, shards, output };
        command.SetAction(async (parsed, cancellation) =>
        {
            var address = parsed.GetRequiredValue(journal);
            if (!address.IsPostgres)
                throw new UsageException($"{address.Display} is a file, on which no hosts can be: name postgres://user@host/database.");
            var status = await LookAsync(address, cancellation);
            if (parsed.GetValue(output) == OutputFormat.Json)
                ClusterStatusJson.Write(Console.Out, status);
            else
                ClusterStatusText.Write(terminal.Out, status, parsed.GetValue(shards));
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Hosts first, then the store: what they had decided by then and is not durable now is behind; the other way round all that happens meanwhile would be.</summary>
    private static async Task<ClusterStatus> LookAsync(JournalAddress address, CancellationToken cancellation)
    {
        using var journal = HostsJournal.OpenReadOnly(address);
        using var ownership = journal.OpenOwnership(new ClusterOptions().Lease, isAmongHosts: false);
        using var inquiry = new HostInquiry();
        var answers = await Task.WhenAll(ownership.Look().Hosts.Select(async host => (host.Id, Answer: await inquiry.AskAsync(host.Endpoint, cancellation))));
        return new ClusterStatus(address.Display, ownership.Look(), answers.ToDictionary(answer => answer.Id, answer => answer.Answer));
    }
}
