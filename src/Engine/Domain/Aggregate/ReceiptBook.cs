using Amoe.Engine.Bytes;

namespace Amoe.Engine.Domain.Aggregate;

/// <summary>How a command was answered the first time.</summary>
internal readonly record struct Receipt(CommandId Id, uint Fingerprint, Outcome Outcome, Reason Reason);

/// <summary>
/// Every command a student or his claims ever decided, and how: about nine bytes each, because it stays in memory for
/// good. Searched from the front: a student has a few dozen.
/// </summary>
internal struct ReceiptBook
{
    private const int HasAttempt = 0x08;
    private const int HasReason = 0x80;
    private const int FirstBytes = 16;
    private const int GrowBytes = 16;
    private const int RecordBytesMax = 32;

    private byte[]? _bytes;
    private int _length;
    private ulong _lastReference;

    /// <summary>
    /// A bit per id seen, 64 of them: most commands are new, and most of those are recognised without reading the book.
    /// </summary>
    private ulong _seen;

    public readonly ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public void Add(in Receipt receipt)
    {
        Span<byte> record = stackalloc byte[RecordBytesMax];
        var at = 0;
        record[at++] = (byte)receipt.Id.Kind;
        record[at++] = (byte)(((int)receipt.Outcome - (int)Outcome.Done)
            | (receipt.Id.Attempt != 0 ? HasAttempt : 0) | (receipt.Reason != Reason.None ? HasReason : 0));
        if (receipt.Id.Attempt != 0)
            record[at++] = receipt.Id.Attempt;
        if (receipt.Reason != Reason.None)
            record[at++] = (byte)receipt.Reason;
        var delta = (long)(receipt.Id.Reference - _lastReference);
        for (var rest = (ulong)(delta << 1) ^ (ulong)(delta >> 63); ; rest >>= 7)
        {
            record[at++] = (byte)(rest >= 0x80 ? rest | 0x80 : rest);
            if (rest < 0x80)
                break;
        }

        BitConverter.TryWriteBytes(record[at..], receipt.Fingerprint);
        at += sizeof(uint);
        if (_bytes is null || _length + at > _bytes.Length)
            Array.Resize(ref _bytes, _bytes is null ? Math.Max(FirstBytes, at) : _length + GrowBytes);
        record[..at].CopyTo(_bytes.AsSpan(_length));
        _length += at;
        _lastReference = receipt.Id.Reference;
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
        var book = new ReceiptBook { _bytes = bytes.ToArray(), _length = bytes.Length };
        var reader = new ByteReader(bytes);
        while (!reader.AtEnd)
            book._seen |= BitOf(Read(ref reader, ref book._lastReference).Id);
        return book;
    }

    private static Receipt Read(ref ByteReader reader, ref ulong reference)
    {
        var kind = (CommandKind)reader.Byte();
        var flags = reader.Byte();
        var attempt = (flags & HasAttempt) != 0 ? reader.Byte() : (byte)0;
        var reason = (flags & HasReason) != 0 ? (Reason)reader.Byte() : Reason.None;
        reference += (ulong)reader.Signed();
        return new Receipt(new CommandId(kind, reference, attempt), reader.UInt32(), (Outcome)((flags & 7) + (int)Outcome.Done), reason);
    }

    private static ulong BitOf(CommandId id) => 1UL << (int)(Mixing.Mix(id.Value) & 63);
}
