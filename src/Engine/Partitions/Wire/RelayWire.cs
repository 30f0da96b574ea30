using Amoe.Engine.Bytes;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Parties;

namespace Amoe.Engine.Partitions.Wire;

/// <summary>How far a ledger partition has come with a student partition.</summary>
/// <param name="Partition">The student partition.</param>
/// <param name="Taken">
/// The last of its batches that is taken durably: it need not be kept for this ledger partition any more.
/// </param>
/// <param name="Known">The last that the asker has: what follows is asked for.</param>
internal readonly record struct RelayMark(int Partition, long Taken, long Known);

/// <summary>Asks other hosts for what their partitions have for this host's.</summary>
/// <param name="Fetch">Which fetch of the asker it belongs to.</param>
/// <param name="Party">
/// The ledger partition that is to be given postings, counted from the first; <see cref="Notices"/> where notices are
/// asked for.
/// </param>
/// <param name="Marks">The partitions that are asked.</param>
internal sealed record RelayQuestion(long Fetch, int Party, IReadOnlyList<RelayMark> Marks)
{
    /// <summary>
    /// Instead of a ledger partition: what its ledgers, and those of the others asked, have to say to claims.
    /// </summary>
    public const int Notices = -1;
}

/// <summary>An answer to a <see cref="RelayQuestion"/>, or a part of one.</summary>
/// <param name="Fetch">That of the question.</param>
/// <param name="Party">That of the question.</param>
internal sealed record RelayAnswer(long Fetch, int Party, IReadOnlyList<RelayedOfPartition> Relayed);

/// <summary>What one partition has for the asker: postings or notices.</summary>
/// <param name="IsAll">False where a message took no more of its batches.</param>
/// <param name="Taken">How many batches a ledger partition had taken when it had these recoveries.</param>
internal sealed record RelayedOfPartition(
    int Partition, IReadOnlyList<PostingBatch> Batches, bool IsAll, long Taken,
    IReadOnlyList<RecoveryNotice> Recoveries);

/// <summary>Postings and notices between hosts as bytes.</summary>
internal static class RelayWire
{
    // A batch follows; or none does, because that was all the partition has, or all that the message took of it.
    private const byte Batch = 1;
    private const byte IsAll = 2;
    private const byte IsMore = 3;

    private const int MarkBytesMin = 3;
    private const int PostingBytesMin = 14;
    private const int NoticeBytesMin = 13;

    public static void Write(ByteWriter w, RelayQuestion question)
    {
        w.Varint((ulong)question.Fetch);
        w.Signed(question.Party);
        w.Varint((ulong)question.Marks.Count);
        foreach (var mark in question.Marks)
        {
            w.Varint((ulong)mark.Partition);
            w.Varint((ulong)mark.Taken);
            w.Varint((ulong)mark.Known);
        }
    }

    public static RelayQuestion ReadQuestion(ref ByteReader r, int studentPartitions, int ledgerPartitions)
    {
        var (fetch, party) = ((long)r.Varint(), ReadParty(ref r, ledgerPartitions));
        var partitions = studentPartitions + ledgerPartitions;
        var marks = new RelayMark[WireFields.Count(ref r, partitions, MarkBytesMin)];
        for (var i = 0; i < marks.Length; i++)
        {
            marks[i] = new RelayMark(ReadPartition(ref r, partitions), (long)r.Varint(), (long)r.Varint());
            if (marks[i].Partition < studentPartitions == (party == RelayQuestion.Notices))
                throw new InvalidDataException($"partition {marks[i].Partition} has none of that kind");
        }

        return new RelayQuestion(fetch, party, marks);
    }

    public static void BeginAnswer(ByteWriter w, RelayQuestion question)
    {
        w.Varint((ulong)question.Fetch);
        w.Signed(question.Party);
    }

    /// <summary>
    /// Adds what one partition has to an answer, or as many of its batches as the message takes, at least one.
    /// </summary>
    public static void Write(ByteWriter w, int party, RelayedOfPartition relayed, int bytesMax)
    {
        w.Varint((ulong)relayed.Partition);
        if (party == RelayQuestion.Notices)
        {
            w.Varint((ulong)relayed.Taken);
            Write(w, relayed.Recoveries);
            return;
        }

        var written = 0;
        while (written < relayed.Batches.Count && (written == 0 || w.Length < bytesMax))
        {
            w.Byte(Batch);
            Write(w, relayed.Batches[written++]);
        }

        w.Byte(relayed.IsAll && written == relayed.Batches.Count ? IsAll : IsMore);
    }

    public static RelayAnswer ReadAnswer(ref ByteReader r, int studentPartitions, int ledgerPartitions)
    {
        var (fetch, party) = ((long)r.Varint(), ReadParty(ref r, ledgerPartitions));
        var relayed = new List<RelayedOfPartition>();
        while (!r.AtEnd)
        {
            var partition = ReadPartition(ref r, studentPartitions + ledgerPartitions);
            relayed.Add(
                party == RelayQuestion.Notices
                    ? new RelayedOfPartition(partition, [], IsAll: true, (long)r.Varint(), ReadNotices(ref r))
                    : ReadBatches(ref r, partition));
        }

        return new RelayAnswer(fetch, party, relayed);
    }

    private static RelayedOfPartition ReadBatches(ref ByteReader r, int partition)
    {
        var batches = new List<PostingBatch>();
        byte next;
        while ((next = r.Byte()) == Batch)
            batches.Add(ReadBatch(ref r));
        return next is IsAll or IsMore
            ? new RelayedOfPartition(partition, batches, next == IsAll, 0, [])
            : throw new InvalidDataException($"a batch of type {next}, which this version does not know");
    }

    private static int ReadPartition(ref ByteReader r, int partitions)
    {
        var partition = r.Int();
        return (uint)partition < (uint)partitions
            ? partition
            : throw new InvalidDataException($"partition {partition}, of {partitions}");
    }

    private static void Write(ByteWriter w, PostingBatch batch)
    {
        w.Varint((ulong)batch.Number);
        w.Date(batch.Day, 0);
        w.Varint((ulong)batch.Postings.Length);
        foreach (ref readonly var posting in batch.Postings.AsSpan())
        {
            w.Varint(posting.Party.Value);
            w.Byte((byte)posting.Kind);
            w.Signed(posting.AmountCentimes);
            w.Byte((byte)posting.Method);
            w.UInt64(posting.Student.Value);
            w.Varint(posting.Claim);
            w.Byte(posting.Attempt);
        }
    }

    private static PostingBatch ReadBatch(ref ByteReader r)
    {
        var (number, day) = ((long)r.Varint(), r.Date(0));
        var postings = new Posting[WireFields.Count(ref r, int.MaxValue, PostingBytesMin)];
        for (var i = 0; i < postings.Length; i++)
        {
            postings[i] = new Posting(
                new PartyId(r.Varint()), (PostingKind)r.Byte(), r.Signed(), (PaymentMethod)r.Byte(),
                new StudentId(r.UInt64()), r.Varint(), r.Byte());
        }

        return new PostingBatch(number, day, postings);
    }

    private static void Write(ByteWriter w, IReadOnlyList<RecoveryNotice> notices)
    {
        w.Varint((ulong)notices.Count);
        foreach (var notice in notices)
        {
            w.Varint(notice.Provider.Value);
            w.UInt64(notice.Student.Value);
            w.Varint(notice.Claim);
            w.Byte(notice.Attempt);
            w.Signed(notice.AmountCentimes);
            w.Date(notice.Due, 0);
        }
    }

    private static RecoveryNotice[] ReadNotices(ref ByteReader r)
    {
        var notices = new RecoveryNotice[WireFields.Count(ref r, int.MaxValue, NoticeBytesMin)];
        for (var i = 0; i < notices.Length; i++)
            notices[i] = new RecoveryNotice(
                new PartyId(r.Varint()), new StudentId(r.UInt64()), r.Varint(), r.Byte(), r.Signed(), r.Date(0));
        return notices;
    }

    private static int ReadParty(ref ByteReader r, int ledgerPartitions)
    {
        var party = r.Signed();
        return party >= RelayQuestion.Notices && party < ledgerPartitions
            ? (int)party
            : throw new InvalidDataException($"ledger partition {party}, of {ledgerPartitions}");
    }
}
