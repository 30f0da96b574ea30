using System.Text;
using Amoe.Engine.Actors;
using Amoe.Engine.Akka.Days;
using Amoe.Engine.Akka.Ledgers;
using Amoe.Engine.Akka.Students;
using Amoe.Engine.Akka.Watch;
using Amoe.Engine.Cluster;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Akka.Journal;

/// <summary>What goes from host to host and is never kept, in the bytes in which <c>serve</c> forwards commands and answers.</summary>
internal static class MessageBytes
{
    public static string ManifestOf(object message) => message switch
    {
        StudentCommand => "command",
        ResolveCommand => "resolve",
        StudentReply => "reply",
        FireDue => "fire",
        DueFired => "fired",
        PersistFailed => "failed",
        StudentAway => "away",
        StopStudent => "stop",
        LookAgain => "look",
        DeadlineHeard => "heard",
        MarkDay => "mark",
        DayIsMarked => "marked",
        AskDays => "ask-days",
        Days.Days => "days",
        TakePostings => "post",
        PostingsAccepted => "posted",
        OpenLedgerDay => "open-ledgers",
        LedgerDayIsOpen => "ledgers-open",
        LedgerLetters => "letters",
        LettersHeard => "letters-heard",
        AskLetters => "ask-letters",
        HostStatus => "status",
        _ => throw new ArgumentException($"{message.GetType().Name} does not travel", nameof(message)),
    };

    public static void Write(ByteWriter w, object message)
    {
        switch (message)
        {
            case StudentCommand m:
                Write(w, m.Ticket, m.Day, m.Command);
                break;
            case ResolveCommand m:
                Write(w, m.Ticket, m.Day, m.Command);
                break;
            case StudentReply m:
                w.Varint((ulong)m.Ticket);
                w.UInt64(m.Student.Value);
                ReplyCodec.Write(w, m.Reply);
                break;
            case FireDue m:
                Write(w, m.Student, m.Day);
                break;
            case DueFired m:
                Write(w, m.Student, m.Day);
                break;
            case PersistFailed m:
                w.Varint((ulong)m.Ticket);
                w.UInt64(m.Student.Value);
                break;
            case StudentAway m:
                w.UInt64(m.Student.Value);
                break;
            case LookAgain m:
                Write(w, m.Student, m.Day);
                break;
            case DeadlineHeard m:
                Write(w, m.Student, m.Day);
                break;
            case MarkDay m:
                Write(w, m.Shard, m.IsClosed, m.Day);
                break;
            case DayIsMarked m:
                Write(w, m.Shard, m.IsClosed, m.Day);
                break;
            case Days.Days m:
                Write(w, m.Open);
                Write(w, m.Closed);
                break;
            case TakePostings m:
                w.Varint((ulong)m.Party);
                w.UInt64(m.Student.Value);
                PostWire.Write(w, new PostingBatch(m.Record, m.Day, m.Postings));
                break;
            case PostingsAccepted m:
                w.Varint((ulong)m.Party);
                w.UInt64(m.Student.Value);
                w.Varint((ulong)m.Record);
                break;
            case OpenLedgerDay m:
                w.Varint((ulong)m.Party);
                w.Date(m.Day, 0);
                break;
            case LedgerDayIsOpen m:
                w.Varint((ulong)m.Party);
                w.Date(m.Day, 0);
                break;
            case LedgerLetters m:
                w.Varint((ulong)m.Party);
                PostWire.Write(w, m.All);
                break;
            case LettersHeard m:
                w.Varint((ulong)m.Party);
                break;
            case AskLetters m:
                w.Varint((ulong)m.Party);
                break;
            case HostStatus m:
                w.Text(m.Host);
                w.Varint((ulong)m.Decided);
                w.Varint((ulong)m.Students);
                break;
        }
    }

    public static object Read(ref ByteReader r, string manifest)
    {
        switch (manifest)
        {
            case "command":
                var (ticket, day, command) = ReadCommand(ref r);
                return new StudentCommand(ticket, day, command);
            case "resolve":
                (ticket, day, command) = ReadCommand(ref r);
                return new ResolveCommand(ticket, day, command);
            case "reply":
                return new StudentReply((long)r.Varint(), new StudentId(r.UInt64()), ReplyCodec.Read(ref r, r.Byte()));
            case "fire":
                return new FireDue(new StudentId(r.UInt64()), r.Date(0));
            case "fired":
                return new DueFired(new StudentId(r.UInt64()), r.Date(0));
            case "failed":
                return new PersistFailed((long)r.Varint(), new StudentId(r.UInt64()));
            case "away":
                return new StudentAway(new StudentId(r.UInt64()));
            case "stop":
                return StopStudent.Instance;
            case "look":
                return new LookAgain(new StudentId(r.UInt64()), r.Date(0));
            case "heard":
                return new DeadlineHeard(new StudentId(r.UInt64()), r.Date(0));
            case "mark":
                return new MarkDay(r.Int(), r.Flag(), r.Date(0));
            case "marked":
                return new DayIsMarked(r.Int(), r.Flag(), r.Date(0));
            case "ask-days":
                return AskDays.Instance;
            case "days":
                return new Days.Days(ReadDays(ref r), ReadDays(ref r));
            case "post":
                var (party, student) = (r.Int(), new StudentId(r.UInt64()));
                var batch = PostWire.ReadBatch(ref r);
                return new TakePostings(party, student, batch.Number, batch.Day, batch.Postings);
            case "posted":
                return new PostingsAccepted(r.Int(), new StudentId(r.UInt64()), (long)r.Varint());
            case "open-ledgers":
                return new OpenLedgerDay(r.Int(), r.Date(0));
            case "ledgers-open":
                return new LedgerDayIsOpen(r.Int(), r.Date(0));
            case "letters":
                return new LedgerLetters(r.Int(), PostWire.ReadLetters(ref r));
            case "letters-heard":
                return new LettersHeard(r.Int());
            case "ask-letters":
                return new AskLetters(r.Int());
            case "status":
                return new HostStatus(r.Text(), (long)r.Varint(), (long)r.Varint());
            default:
                throw new InvalidDataException($"«{manifest}» is of a version this one cannot read");
        }
    }

    /// <summary>As many bytes as it says.</summary>
    public static void Text(this ByteWriter w, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        w.Varint((ulong)bytes.Length);
        w.Bytes(bytes);
    }

    public static string Text(this ref ByteReader r) => Encoding.UTF8.GetString(r.Bytes(r.Int()));

    private static void Write(ByteWriter w, long ticket, DateOnly day, Command command)
    {
        w.Varint((ulong)ticket);
        w.Date(day, 0);
        CommandCodec.Write(w, command);
    }

    private static (long Ticket, DateOnly Day, Command Command) ReadCommand(ref ByteReader r) =>
        ((long)r.Varint(), r.Date(0), CommandCodec.Read(ref r, r.Byte()));

    private static void Write(ByteWriter w, StudentId student, DateOnly day)
    {
        w.UInt64(student.Value);
        w.Date(day, 0);
    }

    private static void Write(ByteWriter w, int shard, bool isClosed, DateOnly day)
    {
        w.Varint((ulong)shard);
        w.Flag(isClosed);
        w.Date(day, 0);
    }

    private static void Write(ByteWriter w, DateOnly[] days)
    {
        w.Varint((ulong)days.Length);
        foreach (var day in days)
            w.Date(day, 0);
    }

    private static DateOnly[] ReadDays(ref ByteReader r)
    {
        var days = new DateOnly[r.Int()];
        for (var i = 0; i < days.Length; i++)
            days[i] = r.Date(0);
        return days;
    }
}
