using System.Globalization;

namespace Amoe.Engine.Domain.Parties;

/// <summary>
/// A party's number in the engine: an institution, a care provider, or a day's payment run. None of them is a person.
/// </summary>
public readonly record struct PartyId(ulong Value) : IComparable<PartyId>
{
    // The kind in the low bits: as a varint in the journal a number stays short.
    private const int KindBits = 3;

    private PartyId(PartyKind kind, int number)
        : this((ulong)(uint)number << KindBits | (ulong)kind)
    {
    }

    public PartyKind Kind => (PartyKind)(Value & ((1 << KindBits) - 1));

    /// <summary>The institution's or provider's own number; for a run the day, counted from 0001-01-01.</summary>
    public int Number => (int)(Value >> KindBits);

    /// <summary>An institution, which collects contributions and transfers them (P8, C3).</summary>
    public static PartyId Institution(int number) => new(PartyKind.Institution, number);

    /// <summary>A care provider, which the fund pays for third-party claims (P6, K2).</summary>
    public static PartyId Provider(int number) => new(PartyKind.Provider, number);

    /// <summary>The payment run of a day: every payment ordered on it (K8).</summary>
    public static PartyId RunOf(DateOnly day) => new(PartyKind.PaymentRun, day.DayNumber);

    /// <summary>
    /// Which of the ledger partitions keeps this party's ledger: fixed for as long as their number is.
    /// </summary>
    public int PartitionOf(int ledgerPartitions) => (int)(Mixing.Mix(Value) % (ulong)ledgerPartitions);

    public int CompareTo(PartyId other) => Value.CompareTo(other.Value);

    public static bool operator <(PartyId left, PartyId right) => left.Value < right.Value;

    public static bool operator >(PartyId left, PartyId right) => left.Value > right.Value;

    public static bool operator <=(PartyId left, PartyId right) => left.Value <= right.Value;

    public static bool operator >=(PartyId left, PartyId right) => left.Value >= right.Value;

    public override string ToString() =>
        Kind == PartyKind.PaymentRun && (uint)Number <= (uint)DateOnly.MaxValue.DayNumber
            ? $"payment run of {DateOnly.FromDayNumber(Number):yyyy-MM-dd}"
            : string.Create(
                CultureInfo.InvariantCulture, $"{(Kind == PartyKind.Institution ? "institution" : "provider")} {Number}");
}

/// <summary>The kind of a party. The numbers are in the journal.</summary>
public enum PartyKind : byte
{
    None = 0,
    Institution = 1,
    Provider = 2,
    PaymentRun = 3,
}
