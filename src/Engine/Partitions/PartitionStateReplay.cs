using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;

namespace Amoe.Engine.Partitions;

// What a replay applies: frames, their records, and the events of a record.
internal sealed partial class PartitionState
{
    /// <summary>Replays a frame.</summary>
    /// <exception cref="JournalException">It is not the next one of the partition, or cannot be read.</exception>
    public void Apply(Frame frame)
    {
        for (var i = 0; i < frame.Segments.Count; i++)
            Apply(frame.SegmentAt(i), frame.FirstRecord);
        SequenceNumber = frame.SequenceNumber;
    }

    /// <summary>Replays a segment of a store that keeps segments: a frame of one bucket.</summary>
    /// <exception cref="JournalException">It is not the next one of the partition, or cannot be read.</exception>
    public void Apply(in Segment segment)
    {
        Apply(segment, segment.Offset);
        SequenceNumber++;
    }

    /// <summary>Replays the records of one student alone: this state is of him alone.</summary>
    /// <exception cref="JournalException">The frame cannot be read.</exception>
    public void ApplyOf(StudentId student, Frame frame)
    {
        if (frame.SegmentOf(student) is not { } segment)
            return;
        var reader = new SegmentReader(segment);
        var sink = new OneStudentSink(student, this);
        do
            Place = (frame.FirstRecord, reader.Position, 0);
        while (reader.Read(sink));
    }

    private void Apply(in Segment segment, long frame)
    {
        RequireNext(segment);
        var reader = new SegmentReader(segment);
        var batch = _batch ??= new RecordBatch();
        while (batch.Fill(ref reader))
        {
            Load(batch);
            foreach (ref readonly var record in batch.Records)
            {
                Place = (frame, record.Position, 0);
                batch.Pass(record, this);
            }
        }
    }

    /// <summary>Loads the students of records that are about to be applied.</summary>
    public void Load(RecordBatch batch)
    {
        foreach (ref readonly var record in batch.Records)
        {
            if (record.Header.HasStudent)
                Prefetch.Add(record.Header.Student);
        }

        Prefetch.Load();
    }

    /// <exception cref="JournalException">The segment is not the next one of the partition.</exception>
    public void RequireNext(in Segment segment)
    {
        if (segment.Offset != Offset)
            throw new JournalException(
                $"partition {segment.Partition}, offset {segment.Offset}: the records from {Offset} on are missing");
    }

    void IRecordSink.Begin(in RecordHeader header, long offset)
    {
        (_header, _record) = (header, offset);
        Place = Place with { Reference = header.Id.Reference };
        _replaying = header.HasStudent && offset >= BucketOf(header.Student).From ? Student(header.Student) : null;
        if (_replaying is { } student)
            Begin(student);
    }

    void IEventSink.On(Event e, ReadOnlySpan<byte> bytes)
    {
        if (_replaying is not { } student)
        {
            if (!_header.HasStudent)
                ReplayOfNoStudent(e, bytes);
            return;
        }

        if (!student.IsQuarantined)
        {
            try
            {
                Apply(student, student.ClaimOf(e), e);
            }
            catch (Exception fault) when (fault is not JournalException)
            {
                Quarantine(student, new QuarantinedStudent(fault.Message, _record, _header.Known) { IsPartial = true });
            }
        }

        if (!student.IsQuarantined)
            Count(student, e, _header.Known, bytes);
    }

    private void ReplayOfNoStudent(Event e, ReadOnlySpan<byte> bytes)
    {
        if (e is RulebookAdopted adopted)
            Rulebook = adopted.Number;

        // Who hosted the partition is no fact of a ledger, and the digest says nothing of it.
        if (Ledgers is null || Offset < From || e is IncarnationStarted)
            return;
        Ledgers.Evolve(e);
        Ledgers.Count(e, _header.Known, bytes);
    }

    void IRecordSink.End()
    {
        // A record that a bucket's snapshot has already.
        if (_replaying is null && _header.HasStudent)
            Offset++;
        else
            Book(_replaying, _header);
    }
}
