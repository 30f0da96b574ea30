using System.Buffers;
using System.Text.Json;
using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Host.Api.Commands;

namespace Amoe.Host.Api.Emitting;

/// <summary>
/// Takes commands for an engine and writes each as a line. A command is written before it goes on, because its answer
/// may have its driver post the next one from another thread. Sent again, it is not written again.
/// </summary>
/// <remarks>One sender for each partition, which posts from one thread at a time.</remarks>
internal sealed class EmittingTarget : ICommandTarget
{
    private readonly ICommandTarget _engine;
    private readonly EmittedStream _stream;
    private readonly Part[] _parts;

    public EmittingTarget(ICommandTarget engine, EmittedStream stream)
    {
        (_engine, _stream) = (engine, stream);
        _parts = [.. Enumerable.Range(0, engine.StudentPartitions)
            .Select(_ => stream.TakeBuffer())
            .Select(buffer => new Part(buffer, new Utf8JsonWriter(buffer)))];
    }

    public int StudentPartitions => _engine.StudentPartitions;

    public int LedgerPartitions => _engine.LedgerPartitions;

    public long IncarnationOf(int partition) => _engine.IncarnationOf(partition);

    public bool TryPost(Command command, IReplyTo replyTo)
    {
        Emit(command);
        return _engine.TryPost(command, replyTo);
    }

    public int TryPostAll(ReadOnlySpan<Command> commands, IReplyTo replyTo)
    {
        foreach (var command in commands)
            Emit(command);
        return _engine.TryPostAll(commands, replyTo);
    }

    public bool TryPostDay(int partition, CommandKind mark, DateOnly day, IReplyTo replyTo) =>
        _engine.TryPostDay(
            partition, mark, day,
            mark == CommandKind.CloseDay && partition < _parts.Length
                ? new AtClose(this, partition, day, replyTo)
                : replyTo);

    private void Emit(Command command) => _parts[command.Student.PartitionOf(_parts.Length)].Add(command);

    private void Close(int partition, DateOnly day)
    {
        var (lines, commands) = _parts[partition].Take(_stream.TakeBuffer());
        _stream.Close(partition, _parts.Length, day, lines, commands);
    }

    /// <summary>Ends a partition's day once it is closed durably, before its driver begins the next one.</summary>
    private sealed class AtClose(EmittingTarget target, int partition, DateOnly day, IReplyTo replyTo) : IReplyTo
    {
        public long Incarnation => replyTo.Incarnation;

        public void OnReply(StudentId student, in Reply reply)
        {
            if (reply.IsDecision)
                target.Close(partition, day);
            replyTo.OnReply(student, reply);
        }
    }

    /// <summary>What a partition's sender has posted since it closed a day.</summary>
    /// <param name="json">Writes to the buffer. Flushed after each command, it has nothing to dispose.</param>
    private sealed class Part(ArrayBufferWriter<byte> buffer, Utf8JsonWriter json)
    {
        private readonly HashSet<(StudentId Student, CommandId Command)> _sent = [];
        private ArrayBufferWriter<byte> _buffer = buffer;

        public void Add(Command command)
        {
            if (!_sent.Add((command.Student, command.Id)))
                return;
            CommandJson.Write(json, command);
            json.Flush();
            json.Reset();
            _buffer.Write("\n"u8);
        }

        /// <summary>The lines, and how many; the next ones go into another buffer.</summary>
        public (ArrayBufferWriter<byte> Lines, int Count) Take(ArrayBufferWriter<byte> next)
        {
            var taken = (_buffer, _sent.Count);
            _buffer = next;
            json.Reset(next);
            _sent.Clear();
            return taken;
        }
    }
}
