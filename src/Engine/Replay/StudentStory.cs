using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Partitions;

namespace Amoe.Engine.Replay;

/// <summary>
/// The records of a student in a journal, up to where the student or the partition can no longer be followed.
/// </summary>
internal sealed class StudentStory
{
    private readonly List<HistoryEntry> _records = [];
    private readonly List<(long FirstRecord, long SequenceNumber)> _frames = [];
    private long _end;

    private StudentStory(StudentId student, int partition) => (Student, Partition) = (student, partition);

    public StudentId Student { get; }

    public int Partition { get; }

    /// <summary>The student's records that can be read and applied.</summary>
    public IReadOnlyList<HistoryEntry> Records => _records;

    /// <summary>Why the student cannot be replayed; null where that is possible.</summary>
    public QuarantinedStudent? Fault { get; private set; }

    /// <summary>Why the partition's log cannot be followed to its end; null where it can.</summary>
    public string? Damage { get; private set; }

    /// <summary>Reads a partition's log as far as that is possible.</summary>
    /// <exception cref="JournalUnavailableException">The store does not answer: nothing is known.</exception>
    public static StudentStory Read(PartitionJournal journal, StudentId student, IActorLogic? logic = null)
    {
        var story = new StudentStory(student, student.PartitionOf(journal.Identity.StudentPartitions));
        try
        {
            story.Follow(journal, logic ?? new AmoeLogic(JournalRulebooks.Current(journal)));
        }
        catch (JournalException e) when (e is not JournalUnavailableException)
        {
            story.Damage = e.Message;
        }

        return story;
    }

    /// <summary>The sequence number of the frame that has a record; null where none that can be read has it.</summary>
    public long? SequenceNumberOf(long record) =>
        record < _end ? _frames.Last(frame => frame.FirstRecord <= record).SequenceNumber : null;

    private void Follow(PartitionJournal journal, IActorLogic logic)
    {
        var state = new PartitionState(logic);
        foreach (var frame in journal.Frames.Each(reader => reader.Read(Partition, fromRecord: 0)))
        {
            _frames.Add((frame.FirstRecord, frame.SequenceNumber));
            _end = frame.NextRecord;
            if (Fault is not null || frame.SegmentOf(Student) is not { } segment)
                continue;
            state.ApplyOf(Student, frame);
            Fault = state.Quarantined.GetValueOrDefault(Student);
            _records.AddRange(
                History.Of(segment, Student).Where(entry => Fault is null || entry.Offset < Fault.Offset));
        }
    }
}
