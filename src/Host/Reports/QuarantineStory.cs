using Amoe.Engine.Explaining;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using Amoe.Engine.Replay;
using Amoe.Host.Running;
using Spectre.Console;

namespace Amoe.Host.Reports;

/// <summary>Why a student is out of service: what a host says, what the journal says, and what can be done.</summary>
internal sealed class QuarantineStory
{
    private const int RecordsShown = 5;

    private readonly StudentStory _story;
    private readonly HistoryEntry[] _before;
    private readonly Explanation? _then;
    private readonly string? _notExplained;
    private readonly bool _isIncomplete;

    private QuarantineStory(IJournal journal, StudentStory story, QuarantineList? list)
    {
        (_story, _isIncomplete) = (story, list?.Silent.Count > 0);
        var (student, partition) = (list?.Find(story.Student), list?.FindPartition(story.Partition));
        (Host, Since) = student is not null
            ? (student.Host, student.Out.Since)
            : (partition?.Host, partition?.Out.Since);
        PartitionWhy = partition?.Out.Why ?? (list is null ? story.Damage : null);
        if (student is not null)
            (Why, Offset, Day) = (student.Out.Why, student.Out.Offset, student.Out.Day);
        else if (list is null && story.Fault is { } fault)
            (Why, Offset, Day) = (fault.Why, fault.Offset, fault.Day);
        IsOfRecord = story.Fault is { } unreadable && unreadable.Offset == Offset;
        _before = [.. story.Records.Where(entry => Offset is not { } offset || entry.Offset < offset)];
        (_then, _notExplained) = Explain(journal);
    }

    /// <summary>Why the student is out of service; null where only the whole partition is, or nothing.</summary>
    public string? Why { get; }

    /// <summary>Why the student's partition is out of service; null where it serves.</summary>
    public string? PartitionWhy { get; }

    public bool IsOutOfService => Why is not null || PartitionWhy is not null;

    private HostRow? Host { get; }

    private long? Since { get; }

    private long? Offset { get; }

    private DateOnly? Day { get; }

    /// <summary>
    /// True where a record cannot be applied; false where a decision failed before the record at <see cref="Offset"/>.
    /// </summary>
    private bool IsOfRecord { get; }

    /// <param name="list">What the hosts say; null where none serves the journal.</param>
    public static QuarantineStory Of(IJournal journal, StudentStory story, QuarantineList? list) =>
        new(journal, story, list);

    public void WriteText(IAnsiConsole console)
    {
        foreach (var line in Lines())
            Terminal.Plain(line);
        if (!IsOutOfService)
            return;
        Terminal.Plain("");
        Terminal.Plain(_before.Length == 0 ? "There is no record of the student before." : "The last records before:");
        var write = HistoryText.Writer(console);
        foreach (var entry in _before.TakeLast(RecordsShown))
            write(entry);
        if (_notExplained is not null)
            Terminal.Plain($"The student before cannot be explained: {_notExplained}");
        if (_then is { } explanation)
        {
            Terminal.Plain("");
            Terminal.Plain("The student before:");
            foreach (var line in ExplanationText.Lines(explanation, Language.En))
                Terminal.Plain(line.Length == 0 ? line : $"  {line}");
        }

        Terminal.Plain("");
        Terminal.Plain("What can be done:");
        foreach (var advice in Advice())
            Terminal.Plain($"- {advice}");
    }

    public void WriteJson(TextWriter output, string journal) => JsonLine.Write(output, json =>
    {
        json.WriteStartObject();
        json.WriteString("journal", journal);
        json.WriteNumber("student", _story.Student.Value);
        json.WriteNumber("partition", _story.Partition);
        json.WriteBoolean("in_service", !IsOutOfService);
        QuarantineJson.Write(json, Since, Host);
        if (Why is not null)
            json.WriteString("why", Why);
        if (PartitionWhy is not null)
            json.WriteString("partition_why", PartitionWhy);
        if (Offset is { } offset)
        {
            json.WriteNumber("offset", offset);
            if (_story.SequenceNumberOf(offset) is { } sequenceNumber)
                json.WriteNumber("sequence_number", sequenceNumber);
        }

        if (Day is { } day)
            json.WriteString("day", Format.Date(day));
        json.WriteStartArray("records");
        foreach (var entry in IsOutOfService ? _before.TakeLast(RecordsShown) : [])
            json.WriteRawValue(HistoryJson.Of(entry));
        json.WriteEndArray();
        if (IsOutOfService && _then is not null)
            ExplanationJson.Write(json, _then, Language.En);
        json.WriteStartArray("advice");
        foreach (var advice in Advice())
            json.WriteStringValue(advice);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private IEnumerable<string> Lines()
    {
        if (!IsOutOfService)
        {
            yield return $"{(_isIncomplete ? $"no host that answered has student {_story.Student} out of service" : $"student {_story.Student} is in service")}, in partition {_story.Partition}";
            if (_story.Damage is { } damage)
                yield return $"The journal is damaged, and its host serves the partition from memory: {damage}";
            yield break;
        }

        var where = Host is null ? "by a replay of the journal" : $"as host {Host.Id} ({Host.Endpoint}) says";
        var since = Since is null ? "" : $", since {QuarantineText.Since(Since)}";
        if (PartitionWhy is not null)
            yield return $"partition {_story.Partition}, which has student {_story.Student}, is out of service, {where}{since}: {PartitionWhy}";
        if (Why is null)
            yield break;
        yield return $"student {_story.Student} is out of service, {where}{since}: {Why}";
        var frame = Offset is { } offset && _story.SequenceNumberOf(offset) is { } sequenceNumber
            ? $" (sequence number {sequenceNumber})"
            : "";
        yield return IsOfRecord
            ? $"That is record {Offset} of partition {_story.Partition}{frame}, known on {Format.Date(Day!.Value)}: it cannot be applied."
            : $"A decision failed on {Format.Date(Day!.Value)}, when record {Offset} of partition {_story.Partition}{frame} was to be the next one.";
    }

    private IEnumerable<string> Advice()
    {
        if (!IsOutOfService)
            yield break;
        if (PartitionWhy is not null || _story.Damage is not null)
            yield return "Restore the damaged events, or the journal, from a copy (docs/operations.md).";
        if (IsOfRecord)
            yield return "Try another version of the program: this one cannot apply the record. Please report the exception to its issue tracker.";
        yield return Host is null
            ? "A start of the program reads the journal again, and tries again by itself."
            : $"Then have it tried again: amoe quarantine retry {_story.Student}";
    }

    private (Explanation? Then, string? NotExplained) Explain(IJournal journal)
    {
        if (!IsOutOfService || _before.Length == 0)
            return default;
        try
        {
            var reading = StudentReading.Of(journal, _story.Student, new JournalRulebooks(journal), _before);
            return (Explainer.Student(reading, reading.KnownOn), null);
        }
        catch (JournalException e)
        {
            // The marks of adopted rulebooks are behind the damage.
            return (null, e.Message);
        }
    }
}
