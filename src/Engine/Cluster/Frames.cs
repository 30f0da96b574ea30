using Amoe.Engine.Bytes;
using Amoe.Engine.Domain;
using Amoe.Engine.Partitions.Wire;
using Amoe.Engine.Partitions;

namespace Amoe.Engine.Cluster;

/// <summary>What a frame carries: its second byte, behind the version.</summary>
internal enum FrameType : byte
{
    /// <summary>Commands and marks, by shard, from whoever the frame names.</summary>
    Items = 1,

    /// <summary>What became of them.</summary>
    Answers = 2,

    /// <summary>A host asks for the post of other hosts' shards.</summary>
    PostAsked = 3,

    /// <summary>The post of a host's shards.</summary>
    PostAnswered = 4,
}

/// <summary>What stands in a frame of items or answers, each behind a byte that says so.</summary>
internal enum FramePart : byte
{
    /// <summary>Items of one session, one after the other, up to a zero.</summary>
    Items = 1,

    /// <summary>Is a session still known, with all that was sent in it?</summary>
    Probe = 2,

    /// <summary>Answers to items of one session that follow each other, up to <see cref="ReplyCodec.End"/>.</summary>
    Replies = 3,

    /// <summary>A session is over: from an item on nothing was taken.</summary>
    Bounce = 4,

    /// <summary>The answer to a probe: all of it is known, and some of it not answered yet.</summary>
    Alive = 5,

    /// <summary>A shard's owner, for a client that may go there itself.</summary>
    Owner = 6,
}

/// <summary>Why a session is over.</summary>
internal enum BounceReason : byte
{
    None = 0,

    /// <summary>Too much waits there.</summary>
    Full = 1,

    /// <summary>The shard is not served there.</summary>
    Moved = 2,

    /// <summary>Something before it never arrived, or was answered and the answer did not come back.</summary>
    Gap = 3,

    /// <summary>What was taken was lost before it was durable: it may stand or not.</summary>
    Lost = 4,
}

/// <summary>What is common to all frames (docs/cluster-protocol.md).</summary>
internal static class Frames
{
    /// <summary>Of the whole protocol: who reads another refuses the frame.</summary>
    public const byte Version = 4;

    /// <summary>A day, in milliseconds: nobody waits longer for an answer.</summary>
    public const long RemainingMsMax = 24 * 60 * 60 * 1_000;

    public static void Begin(ByteWriter w, FrameType type)
    {
        w.Byte(Version);
        w.Byte((byte)type);
    }

    /// <exception cref="InvalidDataException">Another version, or no frame at all.</exception>
    public static FrameType ReadType(ref ByteReader r)
    {
        if (r.Byte() is var version && version != Version)
            throw new InvalidDataException($"a frame of version {version}; this host speaks version {Version}");
        return (FrameType)r.Byte();
    }

    /// <param name="remaining">Milliseconds until it is given up.</param>
    public static void WriteItem(ByteWriter w, in Envelope envelope, long remaining)
    {
        if (envelope.Command is { } command)
        {
            CommandCodec.Write(w, command);
        }
        else
        {
            w.Byte((byte)envelope.Mark);
            w.Date(envelope.Day, 0);
        }

        w.Varint((ulong)remaining);
    }

    /// <summary>What follows a first byte that was read already.</summary>
    /// <returns>It, without anyone to answer to, and the milliseconds until it is given up.</returns>
    public static (Envelope Envelope, long Remaining) ReadItem(ref ByteReader r, byte first)
    {
        var mark = (CommandKind)first;
        Envelope envelope;
        if (mark is CommandKind.OpenDay or CommandKind.CloseDay)
        {
            var day = r.Date(0);
            if (!CommandBounds.IsDay(day))
                throw new InvalidDataException("a day that no shard opens");
            envelope = new Envelope(null, mark, day, null!);
        }
        else
        {
            envelope = new Envelope(CommandCodec.Read(ref r, first), CommandKind.None, default, null!);
        }

        var remaining = r.Varint();
        return (envelope, remaining <= RemainingMsMax ? (long)remaining : throw new InvalidDataException("a deadline beyond any that is given"));
    }
}
