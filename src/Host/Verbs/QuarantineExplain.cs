using System.CommandLine;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using Amoe.Engine.Replay;
using Amoe.Host.Reports;
using Amoe.Host.Running;

namespace Amoe.Host.Verbs;

/// <summary><c>quarantine explain</c>: why one student is out of service, and what can be done.</summary>
internal static class QuarantineExplain
{
    private const string Notes = """
        The exception or the damage, at which record (partition, sequence number, offset), the last
        records before it as journal show has them, and the student up to there as explain tells it.
        Where hosts serve the journal, the one that has the student is asked why; the records are read
        from the journal in any case. Nothing is written.

        Examples:
          amoe quarantine explain 4711 --journal year.amoe
          amoe quarantine explain 4711 --journal postgres://amoe@db/amoe -o json | jq .advice

        """;

    public static TaughtCommand Create(Terminal terminal)
    {
        var (journal, output) = (Options.Journal(), Options.Output());
        var (certificate, authority) = Options.Tls("This command's", "hosts");
        var student = QuarantineVerb.Student("The student's number.", ArgumentArity.ExactlyOne);
        var command = new TaughtCommand(
            "explain", "Explain why a student is out of service, and what can be done.",
            Notes) { student, journal, certificate, authority, output };
        command.SetAction(async (parsed, _) =>
        {
            var (address, id) = (parsed.GetRequiredValue(journal), new StudentId(parsed.GetValue(student)!.Value));
            var tls = Options.TlsOf(parsed.GetValue(certificate), parsed.GetValue(authority));
            await using var hosts = LiveHosts.Find(address, tls, terminal);
            var list = hosts is null ? null : QuarantineList.Of(address.Display, await hosts.ListAsync());
            using var opened = Journals.OpenReadOnly(address);
            var reading = Task.Run(() => StudentStory.Read((PartitionJournal)opened, id));
            var story = await new StatusLine(terminal, () => $"reading the records of student {id}")
                .WhileAsync(reading);
            var report = QuarantineStory.Of(opened, story, list);
            if (!report.IsOutOfService && story.Records.Count == 0)
                throw new UsageException($"{address}: it has no record of student {id}.");
            if (parsed.GetValue(output) == OutputFormat.Json)
                report.WriteJson(Console.Out, address.Display);
            else
                report.WriteText(terminal.Out);
            return list?.NameSilent(terminal) == true ? ExitCode.BadJournal : ExitCode.Done;
        });
        return command;
    }
}
