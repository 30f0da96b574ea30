using System.CommandLine;
using System.Text.Json;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using Amoe.Engine.Partitions;
using Amoe.Engine.Partitions.Quarantine;
using Amoe.Engine.Partitions.Wire;
using Amoe.Engine.Text;
using Amoe.Host.Reports;
using Amoe.Host.Running;

namespace Amoe.Host.Verbs;

/// <summary><c>quarantine retry</c>: has hosts try students and partitions again.</summary>
internal static class QuarantineRetry
{
    private const string Notes = """
        A host reads the student's records from the journal again, while the student's commands wait,
        and serves the student if that works. A partition out of service is read from its first record.
        What was answered before stays answered: a sender that heard "quarantined" sends again.

        A partition whose sums lack a student's events takes the student in by reading its whole log;
        its commands wait for that. Without hosts there is nothing to be tried: a start of the program
        reads the journal from the beginning anyway.

        Exit code 4: something failed again. 3: of something it is not known what became of it.

        Examples:
          amoe quarantine retry 4711 --journal postgres://amoe@db/amoe
          amoe quarantine retry --all --journal postgres://amoe@db/amoe -o json | jq '.students[].end'

        """;

    public static TaughtCommand Create(Terminal terminal)
    {
        var (journal, output) = (Options.Journal(), Options.Output());
        var (certificate, authority) = Options.Tls("This command's", "hosts");
        var student = QuarantineVerb.Student(
            "The student's number: that student, or the student's partition.", ArgumentArity.ZeroOrOne);
        var all = new Option<bool>("--all") { Description = "All students and partitions out of service." };
        var command = new TaughtCommand(
            "retry", "Have hosts try students and partitions out of service again.",
            Notes) { student, all, journal, certificate, authority, output };
        command.SetAction(async (parsed, _) =>
        {
            var (address, one) = (parsed.GetRequiredValue(journal), parsed.GetValue(student));
            if (one is null != parsed.GetValue(all))
                throw new UsageException("name a student, or --all.");
            var tls = Options.TlsOf(parsed.GetValue(certificate), parsed.GetValue(authority));
            await using var hosts = LiveHosts.Find(address, tls, terminal)
                ?? throw new UsageException(
                    $"{address}: no host serves it. A start of the program reads the journal again by itself, so there is nothing to retry.");
            var list = QuarantineList.Of(address.Display, await hosts.ListAsync());
            var ends = await RetryAsync(hosts, one is { } number ? Only(list, new StudentId(number), address) : list);
            if (parsed.GetValue(output) == OutputFormat.Json)
                WriteJson(list.Journal, ends);
            else
                WriteText(ends, one);
            return Judge(ends, list.NameSilent(terminal));
        });
        return command;
    }

    /// <summary>The part of a list that concerns one student.</summary>
    private static QuarantineList Only(QuarantineList list, StudentId student, JournalAddress address)
    {
        using var journal = Journals.OpenReadOnly(address);
        var partition = student.PartitionOf(journal.Identity.StudentPartitions);
        return list with
        {
            Students = [.. list.Students.Where(listed => listed.Out.Student == student)],
            Partitions = [.. list.Partitions.Where(listed => listed.Out.Partition == partition)],
        };
    }

    private static async Task<RetryEnds> RetryAsync(LiveHosts hosts, QuarantineList list)
    {
        var partitions = Task.WhenAll(list.Partitions.Select(async listed =>
            await hosts.Client.RetryAsync(listed.Host!, new RetryPartition(listed.Out.Partition))
                ?? new PartitionRetried(listed.Out.Partition, RetryEnd.Interrupted, "its host did not answer")));
        var requests =
            from listed in list.Students
            group listed by (Host: listed.Host!, listed.Out.Partition) into of
            from some in of.Chunk(QuarantineCodec.StudentsMax)
            select (of.Key.Host,
                Retry: new RetryStudents(of.Key.Partition, [.. some.Select(listed => listed.Out.Student)]));
        var students = Task.WhenAll(requests.Select(async request =>
            (await hosts.Client.RetryAsync(request.Host, request.Retry))?.Students
            ?? [.. request.Retry.Students.Select(student =>
                new Retried(student, RetryEnd.Interrupted, "its host did not answer"))]));
        return new RetryEnds(
            await partitions, [.. (await students).SelectMany(some => some).OrderBy(retried => retried.Student.Value)]);
    }

    private static void WriteText(RetryEnds ends, ulong? one)
    {
        foreach (var partition in ends.Partitions)
            Terminal.Plain($"partition {partition.Partition} {Words(partition.End, partition.Why)}");
        foreach (var student in ends.Students)
            Terminal.Plain($"student {student.Student} {Words(student.End, student.Why)}");
        if (ends.Partitions.Count + ends.Students.Count == 0)
            Terminal.Plain(
                one is { } student
                    ? $"no host that answered has student {student} out of service"
                    : "no host that answered has anything out of service");
    }

    private static void WriteJson(string journal, RetryEnds ends) => JsonLine.Write(Console.Out, json =>
    {
        json.WriteStartObject();
        json.WriteString("journal", journal);
        json.WriteStartArray("students");
        foreach (var student in ends.Students)
        {
            json.WriteStartObject();
            json.WriteNumber("student", student.Student.Value);
            Write(json, student.End, student.Why);
        }

        json.WriteEndArray();
        json.WriteStartArray("partitions");
        foreach (var partition in ends.Partitions)
        {
            json.WriteStartObject();
            json.WriteNumber("partition", partition.Partition);
            Write(json, partition.End, partition.Why);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter json, RetryEnd end, string why)
    {
        json.WriteString("end", SnakeCase<RetryEnd>.NameOf(end));
        if (why.Length > 0)
            json.WriteString("why", why);
        json.WriteEndObject();
    }

    private static string Words(RetryEnd end, string why) => end switch
    {
        RetryEnd.Served => "is served again",
        RetryEnd.StillOut => $"stays out of service: {why}",
        RetryEnd.WasServed => "was in service",
        RetryEnd.Restarts => "can be read: its partition is read from its log again, to take the student in",
        RetryEnd.NotHere => "has moved to another host meanwhile: try again",
        _ => $"was tried, and it is not known what became of it{(why.Length > 0 ? $": {why}" : "")}. Try again",
    };

    private static int Judge(RetryEnds ends, bool isIncomplete)
    {
        RetryEnd[] all = [
            .. ends.Partitions.Select(partition => partition.End), .. ends.Students.Select(student => student.End)
        ];
        return all.Contains(RetryEnd.StillOut) ? ExitCode.AssertionFailed
            : isIncomplete || all.Contains(RetryEnd.Interrupted) || all.Contains(RetryEnd.NotHere) ? ExitCode.BadJournal
            : ExitCode.Done;
    }

    private sealed record RetryEnds(IReadOnlyList<PartitionRetried> Partitions, IReadOnlyList<Retried> Students);
}
