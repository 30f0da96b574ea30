using Amoe.Engine.Bytes;
using Amoe.Engine.Domain;
using Amoe.Engine.Partitions.Sessions;

namespace Amoe.Engine.Partitions.Wire;

/// <summary>Messages of sessions as bytes: a type, the session, and the message's fields (docs/sessions.md).</summary>
internal static class SessionCodec
{
    /// <summary>What a batch has at most before its items: type, sender, session, number and count.</summary>
    public const int HeaderBytesMax = 1 + GuidBytes + 10 + 10 + 3;

    /// <summary>
    /// Items of a batch at most, so that no message makes its reader allocate more than their places.
    /// </summary>
    public const int ItemsMax = 4_096;

    private const int GuidBytes = 16;
    private const int ItemBytesMin = 2;

    private enum MessageType : byte
    {
        OpenSession = 1,
        SessionOpened = 2,
        Batch = 3,
        BatchAnswered = 4,
        SessionRefused = 5,
        ProbeSession = 6,
        SessionAlive = 7,
        OutOfService = 8,
    }

    public static void Write(ByteWriter w, SessionMessage message)
    {
        switch (message)
        {
            case OpenSession m:
                WriteHead(w, MessageType.OpenSession, m.Session);
                Write(w, m.Sender);
                break;
            case SessionOpened m:
                WriteHead(w, MessageType.SessionOpened, m.Session);
                w.Varint((ulong)m.Window);
                break;
            case Batch m:
                ArgumentOutOfRangeException.ThrowIfGreaterThan(m.Items.Length, ItemsMax);
                WriteHead(w, MessageType.Batch, m.Session);
                Write(w, m.Sender);
                w.Varint((ulong)m.Number);
                Write(w, m.Items);
                break;
            case BatchAnswered m:
                WriteHead(w, MessageType.BatchAnswered, m.Session);
                w.Varint((ulong)m.Number);
                w.Varint((ulong)m.Replies.Length);
                foreach (ref readonly var reply in m.Replies.AsSpan())
                    ReplyCodec.Write(w, reply);
                break;
            case SessionRefused m:
                WriteHead(w, MessageType.SessionRefused, m.Session);
                break;
            case OutOfService m:
                WriteHead(w, MessageType.OutOfService, m.Session);
                break;
            case ProbeSession m:
                WriteHead(w, MessageType.ProbeSession, m.Session);
                Write(w, m.Sender);
                w.Varint((ulong)m.Next);
                break;
            case SessionAlive m:
                WriteHead(w, MessageType.SessionAlive, m.Session);
                w.Varint((ulong)m.Oldest);
                break;
            default:
                throw new InvalidOperationException($"{message.GetType().Name} has no layout on the wire");
        }
    }

    /// <exception cref="InvalidDataException">No writer made these bytes.</exception>
    public static SessionMessage Read(ReadOnlySpan<byte> bytes)
    {
        var r = new ByteReader(bytes);
        var (type, session) = ((MessageType)r.Byte(), ReadNumber(ref r));
        SessionMessage message = type switch
        {
            MessageType.OpenSession => new OpenSession(ReadGuid(ref r), session),
            MessageType.SessionOpened => new SessionOpened(session, ReadWindow(ref r)),
            MessageType.Batch => new Batch(ReadGuid(ref r), session, ReadNumber(ref r), ReadItems(ref r)),
            MessageType.BatchAnswered => new BatchAnswered(session, ReadNumber(ref r), ReadReplies(ref r)),
            MessageType.SessionRefused => new SessionRefused(session),
            MessageType.ProbeSession => new ProbeSession(ReadGuid(ref r), session, ReadNumber(ref r)),
            MessageType.SessionAlive => new SessionAlive(session, ReadNumber(ref r)),
            MessageType.OutOfService => new OutOfService(session),
            _ => throw new InvalidDataException($"a message of type {(int)type}, which this version does not know"),
        };
        return r.AtEnd ? message : throw new InvalidDataException($"{r.Left} bytes behind the message");
    }

    private static void WriteHead(ByteWriter w, MessageType type, long session)
    {
        w.Byte((byte)type);
        w.Varint((ulong)session);
    }

    private static void Write(ByteWriter w, Guid guid)
    {
        Span<byte> bytes = stackalloc byte[GuidBytes];
        if (!guid.TryWriteBytes(bytes))
            throw new InvalidOperationException($"an id has {GuidBytes} bytes");
        w.Bytes(bytes);
    }

    private static Guid ReadGuid(ref ByteReader r) => new(r.Bytes(GuidBytes));

    private static long ReadNumber(ref ByteReader r)
    {
        var number = r.Varint();
        return number <= long.MaxValue ? (long)number : throw new InvalidDataException("a number of more than 63 bits");
    }

    private static int ReadWindow(ref ByteReader r)
    {
        var window = r.Varint();
        return window is >= 1 and <= int.MaxValue
            ? (int)window
            : throw new InvalidDataException($"a window of {window} items");
    }

    private static void Write(ByteWriter w, SessionItem[] items)
    {
        w.Varint((ulong)items.Length);
        foreach (ref readonly var item in items.AsSpan())
        {
            if (item.Command is { } command)
            {
                CommandCodec.Write(w, command);
                continue;
            }

            w.Byte((byte)item.Mark);
            w.Date(item.Day, 0);
        }
    }

    private static SessionItem[] ReadItems(ref ByteReader r)
    {
        var items = new SessionItem[WireFields.Count(ref r, ItemsMax, ItemBytesMin)];
        if (items.Length == 0)
            throw new InvalidDataException("a batch without items");
        for (var i = 0; i < items.Length; i++)
        {
            var first = r.Byte();
            items[i] = (CommandKind)first is CommandKind.OpenDay or CommandKind.CloseDay
                ? ReadMark(ref r, (CommandKind)first)
                : new SessionItem(CommandCodec.Read(ref r, first), CommandKind.None, default);
        }

        return items;
    }

    private static SessionItem ReadMark(ref ByteReader r, CommandKind mark)
    {
        var day = r.Date(0);
        return CommandBounds.IsDay(day)
            ? SessionItem.OfDay(mark, day)
            : throw new InvalidDataException("a day that no partition opens");
    }

    private static Reply[] ReadReplies(ref ByteReader r)
    {
        var replies = new Reply[WireFields.Count(ref r, ItemsMax, 1)];
        for (var i = 0; i < replies.Length; i++)
            replies[i] = ReplyCodec.Read(ref r, r.Byte());
        return replies;
    }
}
