namespace Amoe.Engine.Domain.Enrolment;

/// <summary>What a student who asked for coverage has: rights with their suspensions, contribution, approvals.</summary>
public sealed class Insurance
{
    private RareInsurance? _rare;

    /// <summary>The rights, oldest first; they never overlap.</summary>
    public Right[] Rights { get; internal set; } = [];

    /// <summary>Suspensions as known now; those for one cause oldest first.</summary>
    public Suspension[] Suspensions { get; internal set; } = [];

    /// <summary>The contribution of the latest year that has one, linked to those before; null while none was due or paid.</summary>
    public Contribution? Contribution { get; internal set; }

    public Approval[] Approvals
    {
        get => _rare?.Approvals ?? [];
        internal set => Rare.Approvals = value;
    }

    /// <summary>Exemptions from the patient's share, in the order in which they were granted: claims come in for care under earlier ones too.</summary>
    public Exemption[] Exemptions
    {
        get => _rare?.Exemptions ?? [];
        internal set => Rare.Exemptions = value;
    }

    /// <summary>What is known of other coverage, oldest first (S2).</summary>
    public CoverageFact[] CoverageFacts
    {
        get => _rare?.CoverageFacts ?? [];
        internal set => Rare.CoverageFacts = value;
    }

    /// <summary>What is known of interrupted studies, oldest first (S3).</summary>
    public StudyFact[] StudyFacts
    {
        get => _rare?.StudyFacts ?? [];
        internal set => Rare.StudyFacts = value;
    }

    /// <summary>True when there are facts from which suspensions for other coverage or interruption may follow.</summary>
    internal bool HasFacts => _rare is { CoverageFacts.Length: > 0 } or { StudyFacts.Length: > 0 };

    /// <summary>The money of all years that is not expected (C5): owed back, never forgotten.</summary>
    public long HeldCentimes
    {
        get
        {
            var held = 0L;
            for (var contribution = Contribution; contribution is not null; contribution = contribution.Before)
                held += contribution.HeldCentimes;
            return held;
        }
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

    /// <summary>The contribution of an academic year; null while none was due or paid.</summary>
    public Contribution? ContributionOf(int year)
    {
        var contribution = Contribution;
        while (contribution is not null && contribution.Year != year)
            contribution = contribution.Before;
        return contribution;
    }

    /// <summary>True when a day counts as one of other coverage (S2), whether a right covers it or not.</summary>
    public bool HasOtherCoverageOn(DateOnly date) => Timeline.HoldingOn(CoverageFacts, date) is { Coverage: not CoverageKind.None };

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

    /// <summary>A copy that can be changed and leaves this one as it is.</summary>
    internal Insurance Copy() => new()
    {
        Rights = [.. Rights],
        Suspensions = [.. Suspensions],
        Contribution = Contribution?.Copy(),
        _rare = _rare?.Copy(),
    };

    private RareInsurance Rare => _rare ??= new RareInsurance();

    // What few of the insured ever have stands apart, and costs the others eight bytes.
    private sealed class RareInsurance
    {
        public Approval[] Approvals = [];
        public Exemption[] Exemptions = [];
        public CoverageFact[] CoverageFacts = [];
        public StudyFact[] StudyFacts = [];

        public RareInsurance Copy()
        {
            var copy = (RareInsurance)MemberwiseClone();
            copy.Approvals = [.. Approvals];
            return copy;
        }
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

    /// <summary>True while no end is known.</summary>
    public bool IsOpen => Until == DateOnly.MaxValue;
}

/// <summary>Exemption from the patient's share, both ends included (B9).</summary>
public sealed record Exemption(int Illness, DateOnly From, DateOnly Until)
{
    public bool Covers(DateOnly date) => From <= date && date <= Until;
}
