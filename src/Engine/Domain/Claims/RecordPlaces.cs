using Amoe.Engine.Bytes;

namespace Amoe.Engine.Domain.Claims;

/// <summary>Where a record is in its partition's log.</summary>
/// <param name="Frame">The partition's number of the first record of the frame, or segment, that holds it.</param>
/// <param name="Position">Where in the student's part of that frame its bytes begin.</param>
/// <param name="IsOwn">True where the record's reference is the claim: it can be read without those before it.</param>
internal readonly record struct RecordPlace(long Frame, int Position, bool IsOwn = false);

/// <summary>
/// The places of a claim's own records, packed: about three bytes each behind the first, because every claim keeps
/// them. They are what a passivated claim is read back by, without a look at the records between.
/// </summary>
internal static class RecordPlaces
{
    private const int PlaceBytesMax = 15;

    /// <summary>The list with one more place; a second event of the same record adds none.</summary>
    public static byte[] With(byte[] places, RecordPlace place)
    {
        var last = default(RecordPlace);
        foreach (var known in new Reader(places))
            last = known;
        if (places.Length > 0 && last == place)
            return places;
        Span<byte> added = stackalloc byte[PlaceBytesMax];
        var length = Put(added, 0, (ulong)(place.Frame - last.Frame));
        length = Put(added, length, (ulong)place.Position << 1 | (place.IsOwn ? 1UL : 0));
        var grown = new byte[places.Length + length];
        places.CopyTo(grown, 0);
        added[..length].CopyTo(grown.AsSpan(places.Length));
        return grown;
    }

    /// <summary>Checks places that come from outside, so that reading them later cannot fail.</summary>
    /// <exception cref="InvalidDataException">The bytes are not of places.</exception>
    public static void Validate(ReadOnlySpan<byte> places)
    {
        foreach (var _ in Read(places))
        {
        }
    }

    /// <summary>The places in the order of the log.</summary>
    public static Reader Read(ReadOnlySpan<byte> places) => new(places);

    private static int Put(Span<byte> bytes, int at, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            bytes[at++] = (byte)(value | 0x80);
        bytes[at++] = (byte)value;
        return at;
    }

    internal ref struct Reader(ReadOnlySpan<byte> places)
    {
        private ByteReader _bytes = new(places);

        public RecordPlace Current { get; private set; }

        public readonly Reader GetEnumerator() => this;

        /// <exception cref="InvalidDataException">The bytes are not of places.</exception>
        public bool MoveNext()
        {
            if (_bytes.AtEnd)
                return false;
            var (frame, packed) = (Current.Frame + (long)_bytes.Varint(), _bytes.Varint());
            if (frame < Current.Frame || packed >> 1 > int.MaxValue)
                throw new InvalidDataException("the place of a record that cannot be");
            Current = new RecordPlace(frame, (int)(packed >> 1), (packed & 1) != 0);
            return true;
        }
    }
}
