using Amoe.Engine.Domain.Benefits;

namespace Amoe.Engine.Domain.Enrolment;

/// <summary>What a student who asked for coverage has: rights with their suspensions, contribution, approvals.</summary>
public sealed class Insurance
{
    private RareInsurance? _rare;

    /// <summary>The rights, oldest first; they never overlap.</summary>
    public Right[] Rights { get; internal set; } = [];

    /// <summary>Suspensions as known now, in the order in which they were learnt.</summary>
    public Suspension[] Suspensions { get; internal set; } = [];

    /// <summary>The contribution of the current year; null while none was due or paid.</summary>
    public Contribution? Contribution { get; internal set; }

    public Approval[] Approvals
    {
        get => _rare?.Approvals ?? [];
        internal set => Rare.Approvals = value;
    }

    /// <summary>Contributions of all years that opened no right (C5): owed back, never forgotten.</summary>
    public long HeldCentimes
    {
        get => _rare?.HeldCentimes ?? 0;
        internal set => Rare.HeldCentimes = value;
    }

    public Interruption? Interruption
    {
        get => _rare?.Interruption;
        internal set => Rare.Interruption = value;
    }

    /// <summary>Exemptions from the patient's share, in the order in which they were granted: claims come in for care under earlier ones too.</summary>
    public Exemption[] Exemptions
    {
        get => _rare?.Exemptions ?? [];
        internal set => Rare.Exemptions = value;
    }

    /// <summary>Other coverage reported and not ended (S2).</summary>
    public CoverageKind OtherCoverage
    {
        get => _rare?.OtherCoverage ?? CoverageKind.None;
        internal set => Rare.OtherCoverage = value;
    }

    /// <summary>The first day of <see cref="OtherCoverage"/>.</summary>
    public DateOnly OtherCoverageFrom
    {
        get => _rare?.OtherCoverageFrom ?? default;
        internal set => Rare.OtherCoverageFrom = value;
    }

    /// <summary>True when anything is on record that most of the insured never have.</summary>
    internal bool HasRare => _rare is not null;

    /// <summary>The latest right, if it has not lapsed.</summary>
    public Right? CurrentRight => Rights is [.., { Lapsed: false } last] ? last : null;

    /// <summary>True when an exemption from the patient's share covers a day (B9).</summary>
    public bool IsExemptOn(DateOnly date)
    {
        foreach (var exemption in Exemptions)
        {
            if (exemption.Covers(date))
                return true;
        }

        return false;
    }

    /// <summary>True when a right, lapsed or not, covers a day or one after it.</summary>
    public bool HasRightFrom(DateOnly date) => Rights is [.., var last] && date <= last.GraceUntil;

    /// <summary>True when the student was registered for an academic year.</summary>
    public bool HasRightOf(int year)
    {
        foreach (var right in Rights)
        {
            if (right.Year == year)
                return true;
        }

        return false;
    }

    /// <summary>True while a suspension for this cause has no end.</summary>
    public bool IsSuspendedFor(SuspensionCause cause)
    {
        foreach (var suspension in Suspensions)
        {
            if (suspension.Cause == cause && suspension.Until == DateOnly.MaxValue)
                return true;
        }

        return false;
    }

    private RareInsurance Rare => _rare ??= new RareInsurance();

    // What few of the insured ever have stands apart, and costs the others eight bytes.
    private sealed class RareInsurance
    {
        public Approval[] Approvals = [];
        public long HeldCentimes;
        public Interruption? Interruption;
        public Exemption[] Exemptions = [];
        public CoverageKind OtherCoverage;
        public DateOnly OtherCoverageFrom;
    }
}

/// <summary>A right of one academic year: entitlement from <paramref name="From"/> to <paramref name="GraceUntil"/>, both included (D4, D8, T2).</summary>
/// <param name="Until">The last day of the academic year.</param>
/// <param name="GraceUntil">The last day of grace; cut short when a renewal takes over.</param>
/// <param name="Lapsed">True once the grace ran out or a renewal took over: nothing more falls due.</param>
public readonly record struct Right(short Year, bool Lapsed, DateOnly From, DateOnly Until, DateOnly GraceUntil)
{
    public bool Covers(DateOnly date) => From <= date && date <= GraceUntil;
}

/// <summary>A time without entitlement for a cause of S1-S3, both ends included; open while <paramref name="Until"/> is the end of time.</summary>
public readonly record struct Suspension(SuspensionCause Cause, DateOnly From, DateOnly Until)
{
    public bool Covers(DateOnly date) => From <= date && date <= Until;
}

/// <summary>The contribution of one year (C2-C5, T3).</summary>
public sealed class Contribution
{
    /// <summary>The last day on which it is in time; null while no right makes it due.</summary>
    public DateOnly? Due { get; internal set; }

    public long PaidCentimes { get; internal set; }

    public long ReceivedCentimes { get; internal set; }

    /// <summary>True when it opened no right (C5).</summary>
    public bool IsHeld { get; internal set; }

    /// <summary>The institution it was paid to.</summary>
    public int PaidTo { get; internal set; }

    /// <summary>True when its receipt was shown to a second institution, which takes nothing (C4). The fund still waits for the first one's transfer.</summary>
    public bool ReceiptShown { get; internal set; }

    public bool IsSettled => ReceivedCentimes > 0;
}

/// <summary>A running interruption of studies (S3).</summary>
/// <param name="Suspends">The day the suspension takes effect (T4), or null where the reason excuses.</param>
public sealed record Interruption(DateOnly From, InterruptionReason Reason, DateOnly? Suspends);

/// <summary>Exemption from the patient's share, both ends included (B9).</summary>
public sealed record Exemption(int Illness, DateOnly From, DateOnly Until)
{
    public bool Covers(DateOnly date) => From <= date && date <= Until;
}

/// <summary>A prior approval, or a clinic's cover, with a life of its own: requested, granted or refused, used, lapsed (B10, K2).</summary>
/// <param name="Reference">The reference of the request.</param>
/// <param name="Units">Units asked for; once decided, units granted.</param>
/// <param name="Used">Units taken by claims.</param>
/// <param name="Takers">The claims that took units, and how many each: asked again, each is answered the same. Null while there are none.</param>
public readonly record struct Approval(
    ulong Reference, Act Act, ApprovalState State, int Units, int Used, DateOnly From, DateOnly Until, ApprovalTaker[]? Takers = null)
{
    /// <summary>The units a claim took before.</summary>
    public int TakenBy(ulong claim)
    {
        var units = 0;
        foreach (var taker in Takers ?? [])
            units += taker.Claim == claim ? taker.Units : 0;
        return units;
    }
}

/// <summary>A claim that took units of an approval.</summary>
public readonly record struct ApprovalTaker(ulong Claim, int Units);

/// <summary>Where an approval stands. The numbers are in snapshots.</summary>
public enum ApprovalState : byte
{
    None = 0,
    Requested = 1,
    Granted = 2,
    Refused = 3,
    Lapsed = 4,
}
