using Amoe.Engine.Bytes;

namespace Amoe.Engine.Domain.Claims;

/// <summary>
/// What remains in memory of a claim that was paid, or of which nothing was payable: what it takes to find its records
/// in the journal, and to tell that it does not matter.
/// </summary>
/// <param name="Number">The sheet number.</param>
/// <param name="PayableCentimes">The sum of its lines.</param>
/// <param name="LastSequenceNr">
/// How many events it has had: its sequence number goes on from here when it is reactivated.
/// </param>
/// <param name="HasProsthesis">True when one of its lines is one: it is looked at when another is claimed (B6).</param>
/// <param name="LacksUnits">
/// True when approvals have no units, or too few, for one of its lines: it is looked at when they come to have more
/// (B10).
/// </param>
/// <param name="Places">The places of its records, as <see cref="RecordPlaces"/> packs them.</param>
internal readonly record struct PassivatedClaim(
    ulong Number, ushort ProviderHash, ushort FirstCare, ushort LastCare, long PayableCentimes, ushort LastSequenceNr,
    bool HasProsthesis, bool LacksUnits,
    ReadOnlyMemory<byte> Places)
{
    private static readonly DateOnly Epoch = new(2000, 1, 1);

    public static PassivatedClaim Of(Claim claim)
    {
        var (first, last) = (DateOnly.MaxValue, DateOnly.MinValue);
        foreach (ref readonly var line in claim.Lines.AsSpan())
            (first, last) = (line.CareDate < first ? line.CareDate : first,
                line.CareDate > last ? line.CareDate : last);
        return new PassivatedClaim(claim.Number, HashOf(
            claim.Provider), Packed(first), Packed(last), claim.PayableCentimes, claim.LastSequenceNr,
            Array.Exists(claim.Lines, line => Repeats.IsProsthesis(line.Act)),
            Array.Exists(claim.Outcomes, outcome => outcome.LacksUnits), claim.Places);
    }

    /// <summary>False when no line can be of one of these days.</summary>
    public bool MayHaveCare(DateOnly from, DateOnly until) => FirstCare <= Packed(until) && LastCare >= Packed(from);

    /// <summary>False when it is not of this provider.</summary>
    public bool MayBeOf(int provider) => ProviderHash == HashOf(provider);

    private static ushort HashOf(int provider) => (ushort)Mixing.Mix((uint)provider);

    // Days before and after what two bytes hold are as good as its first and last: they only ever make a claim be
    // looked at.
    private static ushort Packed(DateOnly day) =>
        (ushort)Math.Clamp(day.DayNumber - Epoch.DayNumber, 0, ushort.MaxValue);
}

/// <summary>
/// A student's passivated claims in the order of their numbers, packed into one array: some thirty bytes each. The same
/// claims are the same bytes, whether or not one was reactivated in between by a question, which no replay repeats.
/// </summary>
internal struct PassivatedClaims
{
    private const int FlagBits = 2;
    private const ulong HasProsthesisFlag = 1;
    private const ulong LacksUnitsFlag = 2;

    private byte[]? _bytes;

    public readonly bool IsEmpty => _bytes is null;

    public readonly ReadOnlySpan<byte> Bytes => _bytes;

    /// <exception cref="InvalidDataException">The bytes are not of passivated claims.</exception>
    public static PassivatedClaims From(ReadOnlySpan<byte> bytes)
    {
        var claims = new PassivatedClaims { _bytes = bytes.IsEmpty ? null : bytes.ToArray() };
        foreach (var claim in claims)
            RecordPlaces.Validate(claim.Places.Span);
        return claims;
    }

    public readonly bool TryFind(ulong number, out PassivatedClaim claim)
    {
        foreach (var known in this)
        {
            claim = known;
            if (known.Number == number)
                return true;
        }

        claim = default;
        return false;
    }

    public void Add(in PassivatedClaim claim)
    {
        var at = 0;
        for (var known = GetEnumerator(); known.MoveNext() && known.Current.Number < claim.Number;)
            at = known.End;
        var bytes = Bytes;
        var places = claim.Places.Span;
        var w = new ByteWriter(bytes.Length + 32 + places.Length);
        w.Bytes(bytes[..at]);
        w.Varint(claim.Number);
        w.Byte((byte)claim.ProviderHash);
        w.Byte((byte)(claim.ProviderHash >> 8));
        w.Varint(claim.FirstCare);
        w.Signed(claim.LastCare - claim.FirstCare);
        w.Varint((ulong)claim.PayableCentimes);
        w.Varint(
            (ulong)claim.LastSequenceNr << FlagBits | (claim.LacksUnits ? LacksUnitsFlag : 0) | (claim.HasProsthesis
                ? HasProsthesisFlag
                : 0));
        w.Varint((ulong)places.Length);
        w.Bytes(places);
        w.Bytes(bytes[at..]);
        _bytes = w.Written.ToArray();
    }

    /// <summary>Removes a claim, if it is there.</summary>
    public void Remove(ulong number)
    {
        var start = 0;
        for (var known = GetEnumerator(); known.MoveNext(); start = known.End)
        {
            if (known.Current.Number != number)
                continue;
            byte[] rest = [.. Bytes[..start], .. Bytes[known.End..]];
            _bytes = rest.Length > 0 ? rest : null;
            return;
        }
    }

    public readonly List<PassivatedClaim> ToList()
    {
        var all = new List<PassivatedClaim>();
        foreach (var claim in this)
            all.Add(claim);
        return all;
    }

    public readonly Enumerator GetEnumerator() => new(_bytes);

    internal struct Enumerator(byte[]? bytes)
    {
        public PassivatedClaim Current { get; private set; }

        /// <summary>Where the bytes of the current claim end.</summary>
        public int End { get; private set; }

        public bool MoveNext()
        {
            if (bytes is null || End >= bytes.Length)
                return false;
            var r = new ByteReader(bytes.AsSpan(End));
            var (number, hash) = (r.Varint(), (ushort)(r.Byte() | r.Byte() << 8));
            var first = (ushort)r.Int();
            var last = (ushort)(first + r.Signed());
            var (payable, events, length) = ((long)r.Varint(), r.Int(), r.Int());
            var start = End + r.Position;
            r.Bytes(length);
            Current = new PassivatedClaim(
                number, hash, first, last, payable, (ushort)(events >> FlagBits),
                (events & (int)HasProsthesisFlag) != 0, (events & (int)LacksUnitsFlag) != 0,
                bytes.AsMemory(start, length));
            End = start + length;
            return true;
        }
    }
}
