using System.CommandLine;
using System.Globalization;
using Amoe.Engine.Actors.Sharding;
using Amoe.Engine.Journal;
using Amoe.Engine.Replay;
using Amoe.Host.Reports;
using Amoe.Host.Running;

namespace Amoe.Host.Verbs;

/// <summary><c>quarantine</c>: what is out of service, why, and another try.</summary>
internal static class QuarantineVerb
{
    private const string Notes = """
        A student whose history cannot be replayed, or whose records cannot be read for a decision, is
        out of service: commands are answered "quarantined", and the other students are served. So is
        a partition whose log cannot be followed: its senders are answered "unknown". Being out of
        service is memory of the program that serves the journal: the journal says nothing of it, and
        no durable state changes.

        Examples:
          amoe quarantine list --journal year.amoe
          amoe quarantine explain 4711 --journal postgres://amoe@db/amoe
          amoe quarantine retry --all --journal postgres://amoe@db/amoe

        """;

    private const string ListNotes = """
        Where hosts serve the journal, each of them is asked, over the connections that hosts and
        senders have: beyond loopback with a certificate of their authority. A host that does not
        answer within 5 s is named, and the exit code is 3. Otherwise the journal is replayed, as by
        verify: that finds what a start of the program would find, and not what only a decision finds.

        Examples:
          amoe quarantine list --journal year.amoe
          amoe quarantine list --journal postgres://amoe@db/amoe -o json | jq '.students[].why'
          amoe quarantine list --journal postgres://amoe@db/amoe \
            --tls-certificate operator.pem --tls-authority authority.pem

        """;

    public static Command Create(Terminal terminal) =>
        new TaughtCommand("quarantine", "Say what is out of service and why, and have it tried again.", Notes)
        {
            List(terminal),
            QuarantineExplain.Create(terminal),
            QuarantineRetry.Create(terminal),
        };

    /// <summary>A student's number.</summary>
    internal static Argument<ulong?> Student(string description, ArgumentArity arity) => new("STUDENT")
    {
        Description = description,
        Arity = arity,
        CustomParser = result =>
        {
            if (ulong.TryParse(
                result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var student))
                return student;
            result.AddError($"STUDENT is a student's number, not '{result.Tokens[0].Value}'");
            return null;
        },
    };

    private static TaughtCommand List(Terminal terminal)
    {
        var (journal, threads, output) = (Options.Journal(), Options.Threads(), Options.Output());
        var (certificate, authority) = Options.Tls("This command's", "hosts");
        var command = new TaughtCommand(
            "list", "List students and partitions out of service.",
            ListNotes) { journal, certificate, authority, threads, output };
        command.SetAction(async (parsed, _) =>
        {
            var address = parsed.GetRequiredValue(journal);
            var list = await ListAsync(
                terminal, address, Options.TlsOf(parsed.GetValue(certificate), parsed.GetValue(authority)),
                parsed.GetValue(threads));
            if (parsed.GetValue(output) == OutputFormat.Json)
                QuarantineJson.Write(Console.Out, list);
            else
                QuarantineText.Write(terminal.Out, list);
            return list.NameSilent(terminal) ? ExitCode.BadJournal : ExitCode.Done;
        });
        return command;
    }

    private static async Task<QuarantineList> ListAsync(
        Terminal terminal, JournalAddress address, MutualTls? tls, int threads)
    {
        await using var hosts = LiveHosts.Find(address, tls, terminal);
        if (hosts is not null)
            return QuarantineList.Of(address.Display, await hosts.ListAsync());
        using var journal = Journals.OpenReadOnly(address);
        var (done, partitions) = (0, journal.Identity.TotalPartitions);
        var replay = Task.Run(() => QuarantineReplay.Run(journal, threads, partition => done = partition));
        var progress = new StatusLine(
            terminal, () => $"replaying {address}: {Volatile.Read(ref done)} of {partitions} partitions");
        return QuarantineList.Of(address.Display, await progress.WhileAsync(replay));
    }
}
