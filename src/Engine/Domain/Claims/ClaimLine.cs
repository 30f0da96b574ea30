using System.Runtime.InteropServices;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Domain.Claims;

/// <summary>One act of care on a claim, as the file states it.</summary>
/// <param name="Act">The kind of care.</param>
/// <param name="Sector">Where it was given.</param>
/// <param name="CareDate">The date of care: entitlement and tariff are those of this day (K3, B12).</param>
/// <param name="Quantity">Sessions, boxes, or the cotation of a biology act (B3); at least 1.</param>
/// <param name="PaidCentimes">What was paid, or billed to the fund, for the whole line.</param>
/// <param name="ReferenceCentimes">
/// For the whole line, the national reference tariff of the act or the medicine's public price, where the rulebook
/// takes it from the file; otherwise 0.
/// </param>
/// <param name="Circumstances">What the conditions of some acts depend on.</param>
/// <param name="GenericCentimes">
/// For the whole line, the public price of the medicine's generic (B2); 0 where there is none.
/// </param>
/// <param name="Prosthesis">What a line of prosthetic care says of it (B6).</param>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct ClaimLine(
    Act Act, CareSector Sector, DateOnly CareDate, ushort Quantity, uint PaidCentimes, uint ReferenceCentimes,
    Circumstances Circumstances = Circumstances.None,
    uint GenericCentimes = 0, Prosthesis Prosthesis = default)
{
    /// <summary>
    /// The base where the file states it (B2): the generic's price where there is one, else the tariff or public price.
    /// </summary>
    internal uint StatedBaseCentimes => GenericCentimes != 0 ? GenericCentimes : ReferenceCentimes;

    internal void AddTo(ref ContentHash hash)
    {
        hash.Add((long)Act | (long)Sector << 8 | (long)Circumstances << 16 | (long)Quantity << 32);
        hash.Add(CareDate);
        hash.Add((ulong)PaidCentimes << 32 | ReferenceCentimes);

        // What the first version did not have is left out where it is not said: its fingerprints are in journals.
        if (GenericCentimes != 0)
            hash.Add((ulong)GenericCentimes);
        if (Prosthesis != default)
            hash.Add((ulong)Prosthesis.Teeth << 8 | Prosthesis.Elements);
    }
}

/// <summary>What the conditions of the benefits table ask about a line. The numbers are in the journal.</summary>
[Flags]
public enum Circumstances : byte
{
    None = 0,

    /// <summary>An ophthalmologist prescribed it (glasses, B7) or did it himself (laser, B8).</summary>
    Ophthalmologist = 1,

    /// <summary>The private clinic is contracted with the fund (B8).</summary>
    ContractedClinic = 2,

    /// <summary>Admitted in an emergency: the clinic asks for cover after admission (K2).</summary>
    Emergency = 4,

    /// <summary>Care abroad: the treatment is not available in Morocco, or the illness was sudden (B8).</summary>
    AbroadJustified = 8,
}

/// <summary>What was decided on a line: its amount, and the reason where it is refused or paid in part.</summary>
/// <param name="RefundCentimes">
/// Of the amount, what the student of a third-party claim is repaid, because he bore it (B11).
/// </param>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct LineOutcome(Reason Reason, uint AmountCentimes, uint RefundCentimes = 0)
{
    /// <summary>True when nothing is paid for the line.</summary>
    public bool IsRefused => Reason is not (Reason.None or Reason.ApprovalCoversLess);

    /// <summary>True when the student was not entitled on the day of care.</summary>
    internal bool IsWithoutEntitlement => Reason is >= Reason.NeverEntitled and <= Reason.SuspendedForInterruption;

    /// <summary>True when approvals have no units, or too few, for the line (B10).</summary>
    public bool LacksUnits =>
        Reason is Reason.ApprovalMissing or Reason.ApprovalLapsed or Reason.ApprovalExhausted
            or Reason.ApprovalCoversLess;

    /// <summary>
    /// True when it is refused for a formal cause: it may be presented again, and is no duplicate then (X1).
    /// </summary>
    internal bool MayBePresentedAgain =>
        Reason is Reason.ThirdPartyNotAllowed or Reason.ThirdPartyOnly or Reason.ReferenceMissing
            or Reason.ApprovalMissing or Reason.ApprovalLapsed or Reason.ApprovalExhausted;

    /// <summary>
    /// What the patient bears of a line (K2, B11): what was paid or billed less its amount. Care that was claimed
    /// before is borne there, and not twice.
    /// </summary>
    public long ShareOf(in ClaimLine line) =>
        Reason == Reason.DuplicateLine ? 0 : (long)line.PaidCentimes - AmountCentimes;

    /// <summary>What the patient bears of all lines that were decided.</summary>
    public static long ShareOf(ReadOnlySpan<ClaimLine> lines, ReadOnlySpan<LineOutcome> outcomes)
    {
        var share = 0L;
        for (var i = 0; i < Math.Min(lines.Length, outcomes.Length); i++)
            share += outcomes[i].ShareOf(lines[i]);
        return share;
    }

    /// <summary>What all lines come to, in centimes.</summary>
    public static long Sum(ReadOnlySpan<LineOutcome> outcomes)
    {
        var sum = 0L;
        foreach (var outcome in outcomes)
            sum += outcome.AmountCentimes;
        return sum;
    }

    /// <summary>What of all lines the student of a third-party claim is repaid, in centimes.</summary>
    internal static long SumOfRefunds(ReadOnlySpan<LineOutcome> outcomes)
    {
        var sum = 0L;
        foreach (var outcome in outcomes)
            sum += outcome.RefundCentimes;
        return sum;
    }
}
