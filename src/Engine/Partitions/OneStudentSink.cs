using Amoe.Engine.Domain;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Partitions;

/// <summary>Passes on the records of one student.</summary>
internal sealed class OneStudentSink(StudentId student, IRecordSink next) : IRecordSink
{
    private bool _isHis;

    public void Begin(in RecordHeader header, long offset)
    {
        _isHis = header.Student == student && header.HasStudent;
        if (_isHis)
            next.Begin(header, offset);
    }

    public void On(Event e, ReadOnlySpan<byte> bytes)
    {
        if (_isHis)
            next.On(e, bytes);
    }

    public void End()
    {
        if (_isHis)
            next.End();
    }
}
