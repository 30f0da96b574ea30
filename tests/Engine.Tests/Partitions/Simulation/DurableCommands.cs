using Amoe.Engine.Domain;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Tests.Partitions.Simulation;

/// <summary>A witness of the store: which commands are durable.</summary>
internal sealed class DurableCommands : IRecordSink
{
    private readonly HashSet<(StudentId, CommandId)> _commands = [];

    public bool Has(StudentId student, CommandId command) => _commands.Contains((student, command));

    /// <summary>A segment has become durable.</summary>
    public void Add(in Segment segment)
    {
        var reader = new SegmentReader(segment);
        while (reader.Read(this))
        {
        }
    }

    void IRecordSink.Begin(in RecordHeader header, long offset) => _commands.Add((header.Student, header.Id));

    void IEventSink.On(Event e, ReadOnlySpan<byte> bytes)
    {
    }

    void IRecordSink.End()
    {
    }
}
