using Amoe.Engine.Bytes;

namespace Amoe.Engine.Domain.Aggregate;

/// <summary>How a command was answered the first time.</summary>
internal readonly record struct Receipt(CommandId Id, uint Fingerprint, Outcome Outcome, Reason Reason);

/// <summary>
/// Every command a student or his claims ever decided, and how: about eight bytes each, because it stays in memory for
/// good. Searched from the front: a student has a few dozen.
/// </summary>
internal struct ReceiptBook
{
    private const int HasAttempt = 0x08;
    private const int HasReason = 0x80;

    // With the kind: done, for no reason and at the first attempt, as most are, and no byte says so.
    private const int IsPlain = 0x80;
    private const int ReferenceBits = 48;
    private const int SpareBytes = 8;
    private const int RecordBytesMax = 32;

    private byte[]? _bytes;

    /// <summary>The last reference, and above its 48 bits how many of the bytes are not used.</summary>
    private ulong _end;

    /// <summary>
    /// A bit per id seen, 64 of them: most commands are new, and most of those are recognised without reading the book.
    /// </summary>
    private ulong _seen;

    public readonly ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    private readonly int Length => _bytes is null ? 0 : _bytes.Length - (int)(_end >> ReferenceBits);

    private readonly ulong LastReference => _end & (CommandId.ReferenceLimit - 1);

    public void Add(in Receipt receipt)
    {
        Span<byte> record = stackalloc byte[RecordBytesMax];
        var at = 0;
        var isPlain = receipt is { Outcome: Outcome.Done, Reason: Reason.None, Id.Attempt: 0 };
        record[at++] = (byte)((int)receipt.Id.Kind | (isPlain ? IsPlain : 0));
        if (!isPlain)
        {
            record[at++] = (byte)(((int)receipt.Outcome - (int)Outcome.Done)
                | (receipt.Id.Attempt != 0 ? HasAttempt : 0) | (receipt.Reason != Reason.None ? HasReason : 0));
        }

        if (receipt.Id.Attempt != 0)
            record[at++] = receipt.Id.Attempt;
        if (receipt.Reason != Reason.None)
            record[at++] = (byte)receipt.Reason;
        var delta = (long)(receipt.Id.Reference - LastReference);
        for (var rest = (ulong)(delta << 1) ^ (ulong)(delta >> 63); ; rest >>= 7)
        {
            record[at++] = (byte)(rest >= 0x80 ? rest | 0x80 : rest);
            if (rest < 0x80)
                break;
        }

        BitConverter.TryWriteBytes(record[at..], receipt.Fingerprint);
        at += sizeof(uint);
        var (start, end) = (Length, Length + at);

        // To whole words, which is what an array takes in any case.
        if (_bytes is null || end > _bytes.Length)
            Array.Resize(ref _bytes, (end + SpareBytes + 7) & ~7);
        record[..at].CopyTo(_bytes.AsSpan(start));
        EndAt(end, receipt.Id.Reference);
        _seen |= BitOf(receipt.Id);
    }

    public readonly bool TryFind(CommandId id, out Receipt receipt)
    {
        if ((_seen & BitOf(id)) != 0)
        {
            var reader = new ByteReader(Bytes);
            var reference = 0UL;
            while (!reader.AtEnd)
            {
                receipt = Read(ref reader, ref reference);
                if (receipt.Id == id)
                    return true;
            }
        }

        receipt = default;
        return false;
    }

    /// <summary>A book with the bytes of another.</summary>
    public static ReceiptBook From(ReadOnlySpan<byte> bytes)
    {
        var (book, reference) = (new ReceiptBook { _bytes = bytes.ToArray() }, 0UL);
        var reader = new ByteReader(bytes);
        while (!reader.AtEnd)
            book._seen |= BitOf(Read(ref reader, ref reference).Id);
        book.EndAt(bytes.Length, reference);
        return book;
    }

    private void EndAt(int length, ulong reference) =>
        _end = (ulong)(_bytes!.Length - length) << ReferenceBits | reference;

    private static Receipt Read(ref ByteReader reader, ref ulong reference)
    {
        var first = reader.Byte();
        var kind = (CommandKind)(first & ~IsPlain);
        var flags = (first & IsPlain) != 0 ? 0 : reader.Byte();
        var attempt = (flags & HasAttempt) != 0 ? reader.Byte() : (byte)0;
        var reason = (flags & HasReason) != 0 ? (Reason)reader.Byte() : Reason.None;
        reference += (ulong)reader.Signed();
        return new Receipt(
            new CommandId(kind, reference, attempt), reader.UInt32(), (Outcome)((flags & 7) + (int)Outcome.Done),
            reason);
    }

    private static ulong BitOf(CommandId id) => 1UL << (int)(Mixing.Mix(id.Value) & 63);
}
