using Amoe.Engine.Bytes;
namespace Amoe.Engine.Domain.Claims;

/// <summary>
/// What remains of a claim in its student's cell once nothing more is expected to happen to it: enough to find its detail in the journal, and to
/// know without looking there that it does not matter. 24 bytes.
/// </summary>
public readonly record struct ClosedClaim
{
    private const int NumberBits = 48;
    private static readonly DateOnly Epoch = new(2000, 1, 1);

    // The sheet number in the low bits; above it, of the provider as much as there is room for.
    private readonly ulong _numberAndProvider;
    private readonly ushort _firstCare;
    private readonly ushort _lastCare;

    public ClosedClaim(Claim claim, uint depositOffset, ushort eventCount)
    {
        var (first, last) = (DateOnly.MaxValue, DateOnly.MinValue);
        foreach (ref readonly var line in claim.Lines.AsSpan())
            (first, last) = (line.CareDate < first ? line.CareDate : first, line.CareDate > last ? line.CareDate : last);
        _numberAndProvider = claim.Number | (ulong)HashOf(claim.Provider) << NumberBits;
        (_firstCare, _lastCare) = (Packed(first), Packed(last));
        (DepositOffset, PayableCentimes, EventCount, Status) = (depositOffset, (uint)claim.PayableCentimes, eventCount, claim.Status);
    }

    private ClosedClaim(ulong numberAndProvider, uint depositOffset, uint payableCentimes, ushort firstCare, ushort lastCare, ushort eventCount, ClaimStatus status)
    {
        _numberAndProvider = numberAndProvider;
        (_firstCare, _lastCare) = (firstCare, lastCare);
        (DepositOffset, PayableCentimes, EventCount, Status) = (depositOffset, payableCentimes, eventCount, status);
    }

    /// <summary>The sheet number.</summary>
    public ulong Number => _numberAndProvider & CommandId.ReferenceLimit - 1;

    /// <summary>The shard's record in which it was deposited: where its history begins.</summary>
    public uint DepositOffset { get; }

    /// <summary>The sum of its lines.</summary>
    public uint PayableCentimes { get; }

    /// <summary>How many events it has had: its sequence number goes on from here when it returns.</summary>
    public ushort EventCount { get; }

    /// <summary>How it ended.</summary>
    public ClaimStatus Status { get; }

    /// <summary>False when no line can be of one of these days.</summary>
    public bool MayHaveCare(DateOnly from, DateOnly until) => _firstCare <= Packed(until) && _lastCare >= Packed(from);

    /// <summary>False when it is not of this provider.</summary>
    public bool MayBeOf(int provider) => (ushort)(_numberAndProvider >> NumberBits) == HashOf(provider);

    internal void Write(ByteWriter w)
    {
        w.UInt64(_numberAndProvider);
        w.Varint(DepositOffset);
        w.Varint(PayableCentimes);
        w.Varint(_firstCare);
        w.Varint(_lastCare);
        w.Varint(EventCount);
        w.Byte((byte)Status);
    }

    internal static ClosedClaim Read(ref ByteReader r) =>
        new(r.UInt64(), (uint)r.Varint(), (uint)r.Varint(), (ushort)r.Varint(), (ushort)r.Varint(), (ushort)r.Varint(), (ClaimStatus)r.Byte());

    private static ushort HashOf(int provider) => (ushort)Mixing.Mix((uint)provider);

    // Days before and after what two bytes hold are as good as its first and last: they only ever make a claim be looked at.
    private static ushort Packed(DateOnly day) => (ushort)Math.Clamp(day.DayNumber - Epoch.DayNumber, 0, ushort.MaxValue);
}
