using System.Text;
using Amoe.Engine.Bytes;
using Amoe.Engine.Domain;
using Amoe.Engine.Partitions.Quarantine;

namespace Amoe.Engine.Partitions.Wire;

/// <summary>
/// Messages about what is out of service as bytes: a type, then the fields in the order of their declaration.
/// </summary>
/// <remarks>A message stays far below what remoting carries: things are counted, and a reason is cut.</remarks>
internal static class QuarantineCodec
{
    /// <summary>Students in a message at most.</summary>
    public const int StudentsMax = 512;

    /// <summary>Bytes of a reason at most; a longer one is cut.</summary>
    public const int WhyBytesMax = 400;

    private const int PartitionsMax = 4_096;

    /// <summary>The end of the year 9999, in milliseconds since 1970.</summary>
    private const ulong SinceMax = 253_402_300_799_999;

    private enum MessageType : byte
    {
        AskQuarantine = 1,
        QuarantineAnswered = 2,
        RetryStudents = 3,
        StudentsRetried = 4,
        RetryPartition = 5,
        PartitionRetried = 6,
    }

    public static void Write(ByteWriter w, QuarantineMessage message)
    {
        switch (message)
        {
            case AskQuarantine m:
                w.Byte((byte)MessageType.AskQuarantine);
                w.Varint(m.From);
                break;
            case QuarantineAnswered m:
                w.Byte((byte)MessageType.QuarantineAnswered);
                Write(w, m);
                break;
            case RetryStudents m:
                w.Byte((byte)MessageType.RetryStudents);
                w.Varint((ulong)m.Partition);
                WriteCount(w, m.Students.Length, StudentsMax);
                foreach (var student in m.Students)
                    w.Varint(student.Value);
                break;
            case StudentsRetried m:
                w.Byte((byte)MessageType.StudentsRetried);
                w.Varint((ulong)m.Partition);
                WriteCount(w, m.Students.Length, StudentsMax);
                foreach (var retried in m.Students)
                {
                    w.Varint(retried.Student.Value);
                    Write(w, retried.End, retried.Why);
                }

                break;
            case RetryPartition m:
                w.Byte((byte)MessageType.RetryPartition);
                w.Varint((ulong)m.Partition);
                break;
            case PartitionRetried m:
                w.Byte((byte)MessageType.PartitionRetried);
                w.Varint((ulong)m.Partition);
                Write(w, m.End, m.Why);
                break;
            default:
                throw new InvalidOperationException($"{message.GetType().Name} has no layout on the wire");
        }
    }

    /// <exception cref="InvalidDataException">No writer made these bytes.</exception>
    public static QuarantineMessage Read(ReadOnlySpan<byte> bytes)
    {
        var r = new ByteReader(bytes);
        var type = (MessageType)r.Byte();
        QuarantineMessage message = type switch
        {
            MessageType.AskQuarantine => new AskQuarantine(r.Varint()),
            MessageType.QuarantineAnswered => ReadAnswered(ref r),
            MessageType.RetryStudents => new RetryStudents(ReadPartition(ref r), ReadStudents(ref r)),
            MessageType.StudentsRetried => new StudentsRetried(ReadPartition(ref r), ReadRetried(ref r)),
            MessageType.RetryPartition => new RetryPartition(ReadPartition(ref r)),
            MessageType.PartitionRetried => new PartitionRetried(ReadPartition(ref r), ReadEnd(ref r), ReadWhy(ref r)),
            _ => throw new InvalidDataException($"a message of type {(int)type}, which this version does not know"),
        };
        return r.AtEnd ? message : throw new InvalidDataException($"{r.Left} bytes behind the message");
    }

    private static void Write(ByteWriter w, QuarantineAnswered m)
    {
        w.Varint((ulong)m.Host);
        WriteCount(w, m.Students.Length, StudentsMax);
        foreach (var student in m.Students)
        {
            w.Varint(student.Student.Value);
            w.Varint((ulong)student.Partition);
            w.Varint((ulong)student.Offset);
            w.Date(student.Day, 0);
            Write(w, student.Since, student.Why);
        }

        WriteCount(w, m.Partitions.Length, PartitionsMax);
        foreach (var partition in m.Partitions)
        {
            w.Varint((ulong)partition.Partition);
            Write(w, partition.Since, partition.Why);
        }

        w.Flag(m.Next is not null);
        if (m.Next is { } next)
            w.Varint(next);
    }

    private static QuarantineAnswered ReadAnswered(ref ByteReader r)
    {
        var host = ReadLong(ref r);
        var students = new StudentOut[WireFields.Count(ref r, StudentsMax, bytesMin: 6)];
        for (var i = 0; i < students.Length; i++)
            students[i] = new StudentOut(
                new StudentId(r.Varint()), ReadPartition(ref r), ReadLong(ref r), r.Date(0), ReadSince(ref r),
                ReadWhy(ref r));
        var partitions = new PartitionOut[WireFields.Count(ref r, PartitionsMax, bytesMin: 3)];
        for (var i = 0; i < partitions.Length; i++)
            partitions[i] = new PartitionOut(ReadPartition(ref r), ReadSince(ref r), ReadWhy(ref r));
        return new QuarantineAnswered(host, students, partitions, ReadFlag(ref r) ? r.Varint() : null);
    }

    private static StudentId[] ReadStudents(ref ByteReader r)
    {
        var students = new StudentId[WireFields.Count(ref r, StudentsMax, bytesMin: 1)];
        for (var i = 0; i < students.Length; i++)
            students[i] = new StudentId(r.Varint());
        return students;
    }

    private static Retried[] ReadRetried(ref ByteReader r)
    {
        var retried = new Retried[WireFields.Count(ref r, StudentsMax, bytesMin: 3)];
        for (var i = 0; i < retried.Length; i++)
            retried[i] = new Retried(new StudentId(r.Varint()), ReadEnd(ref r), ReadWhy(ref r));
        return retried;
    }

    private static void WriteCount(ByteWriter w, int count, int max)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, max);
        w.Varint((ulong)count);
    }

    private static void Write(ByteWriter w, RetryEnd end, string why)
    {
        w.Byte((byte)end);
        Write(w, why);
    }

    /// <summary>0 where it is not known since when.</summary>
    private static void Write(ByteWriter w, long? since, string why)
    {
        w.Varint((ulong)(since ?? 0));
        Write(w, why);
    }

    private static void Write(ByteWriter w, string why)
    {
        Span<byte> bytes = stackalloc byte[WhyBytesMax];
        Encoding.UTF8.GetEncoder().Convert(why, bytes, flush: true, out _, out var length, out _);
        w.Varint((ulong)length);
        w.Bytes(bytes[..length]);
    }

    private static int ReadPartition(ref ByteReader r)
    {
        var partition = r.Varint();
        return partition < PartitionsMax ? (int)partition : throw new InvalidDataException($"partition {partition}");
    }

    private static long ReadLong(ref ByteReader r)
    {
        var number = r.Varint();
        return number <= long.MaxValue ? (long)number : throw new InvalidDataException("a number of more than 63 bits");
    }

    private static RetryEnd ReadEnd(ref ByteReader r)
    {
        var end = (RetryEnd)r.Byte();
        return end is >= RetryEnd.Served and <= RetryEnd.NotHere
            ? end
            : throw new InvalidDataException($"an end {(int)end}, which this version does not know");
    }

    private static bool ReadFlag(ref ByteReader r)
    {
        var flag = r.Byte();
        return flag <= 1 ? flag == 1 : throw new InvalidDataException("neither yes nor no");
    }

    private static long? ReadSince(ref ByteReader r)
    {
        var milliseconds = r.Varint();
        if (milliseconds > SinceMax)
            throw new InvalidDataException("a moment after the year 9999");
        return milliseconds == 0 ? null : (long)milliseconds;
    }

    private static string ReadWhy(ref ByteReader r) =>
        Encoding.UTF8.GetString(r.Bytes(WireFields.Count(ref r, WhyBytesMax, 1)));
}
