using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Domain.Enrolment;

/// <summary>
/// What a student who asked for coverage has: rights with their suspensions, contribution, approvals.
/// </summary>
public sealed class Insurance
{
    private RareInsurance? _rare;

    /// <summary>The rights, oldest first; they never overlap.</summary>
    public Rights Rights { get; internal set; }

    /// <summary>
    /// The contribution of the latest year that has one, linked to those before; null while none was due or paid.
    /// </summary>
    public Contribution? Contribution { get; internal set; }

    /// <summary>Suspensions as known now; those for one cause oldest first.</summary>
    public Suspension[] Suspensions
    {
        get => _rare?.Suspensions ?? [];
        internal set
        {
            if (_rare is not null || value.Length > 0)
                Rare.Suspensions = value;
        }
    }

    public Approval[] Approvals
    {
        get => _rare?.Approvals ?? [];
        internal set => Rare.Approvals = value;
    }

    /// <summary>Requests for approval without a decision (B10).</summary>
    internal int PendingApprovals => Approvals.Count(approval => approval.State == ApprovalState.Requested);

    /// <summary>The same, as the totals have it.</summary>
    internal int CountedApprovals
    {
        get => _rare?.CountedApprovals ?? 0;
        set => Rare.CountedApprovals = value;
    }

    /// <summary>
    /// Decisions on exemption from the patient's share, in the order in which they were learnt: claims come in for care
    /// under earlier ones too.
    /// </summary>
    public Exemption[] Exemptions
    {
        get => _rare?.Exemptions ?? [];
        internal set => Rare.Exemptions = value;
    }

    /// <summary>What was stated of other coverages, in the order in which it was learnt (S2, T7).</summary>
    public CoverageFact[] CoverageFacts
    {
        get => _rare?.CoverageFacts ?? [];
        internal set => (Rare.CoverageFacts, Rare.Covered) = (value, SuspensionRules.Covered(value));
    }

    /// <summary>What is known of interrupted studies, in the order in which it was learnt (S3, T7).</summary>
    public StudyFact[] StudyFacts
    {
        get => _rare?.StudyFacts ?? [];
        internal set => (Rare.StudyFacts, Rare.Interrupted) = (value, SuspensionRules.Interrupted(value));
    }

    /// <summary>
    /// The suspensions that follow from <see cref="CoverageFacts"/>, whatever the rights. Worked out when facts change,
    /// because every command of the student asks for them.
    /// </summary>
    internal Suspension[] Covered => _rare?.Covered ?? [];

    /// <summary>The suspensions that follow from <see cref="StudyFacts"/>, in the same way.</summary>
    internal Suspension[] Interrupted => _rare?.Interrupted ?? [];

    /// <summary>
    /// True when there are facts from which suspensions for other coverage or interruption may follow.
    /// </summary>
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
    public bool IsExemptOn(DateOnly date) => ExemptionOn(date) is not null;

    /// <summary>
    /// The grant of exemption that covers a day; null when there is none. Of two decisions on one illness from one day
    /// the one learnt last holds (T7).
    /// </summary>
    [Rule("B9", "T7")]
    internal Exemption? ExemptionOn(DateOnly date)
    {
        var decisions = Exemptions;
        for (var i = 0; i < decisions.Length; i++)
        {
            var decision = decisions[i];
            if (decision.Granted
                && decision.Covers(date)
                && !Array.Exists(decisions[(i + 1)..], decision.IsSupersededBy))
                return decision;
        }

        return null;
    }

    /// <summary>The contribution of an academic year; null while none was due or paid.</summary>
    public Contribution? ContributionOf(int year)
    {
        var contribution = Contribution;
        while (contribution is not null && contribution.Year != year)
            contribution = contribution.Before;
        return contribution;
    }

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
        Rights = Rights,
        Contribution = Contribution?.Copy(),
        _rare = _rare?.Copy(),
    };

    /// <summary>Approvals of a state that the totals have counted.</summary>
    internal void Restore(Approval[] approvals)
    {
        Approvals = approvals;
        CountedApprovals = PendingApprovals;
    }

    private RareInsurance Rare => _rare ??= new RareInsurance();

    // What few of the insured ever have is apart, and costs the others eight bytes.
    private sealed class RareInsurance
    {
        public Suspension[] Suspensions = [];
        public Approval[] Approvals = [];
        public Exemption[] Exemptions = [];
        public CoverageFact[] CoverageFacts = [];
        public StudyFact[] StudyFacts = [];
        public Suspension[] Covered = [];
        public Suspension[] Interrupted = [];
        public int CountedApprovals;

        public RareInsurance Copy()
        {
            var copy = (RareInsurance)MemberwiseClone();
            copy.Suspensions = [.. Suspensions];
            copy.Approvals = [.. Approvals];
            return copy;
        }
    }
}

/// <summary>
/// A time without entitlement for a cause of S1-S3, both ends included; open while <paramref name="Until"/> is the end
/// of time.
/// </summary>
public readonly record struct Suspension(SuspensionCause Cause, DateOnly From, DateOnly Until)
{
    public bool Covers(DateOnly date) => From <= date && date <= Until;

    /// <summary>True while no end is known.</summary>
    public bool IsOpen => Until == DateOnly.MaxValue;
}

/// <summary>A decision on exemption from the patient's share, both ends included (B9).</summary>
/// <param name="Supersedes">As in <see cref="ExemptionDecided"/>.</param>
public sealed record Exemption(int Illness, DateOnly From, DateOnly Until, bool Granted, bool Supersedes)
{
    public bool Covers(DateOnly date) => From <= date && date <= Until;

    internal bool IsSupersededBy(Exemption later) => later.Supersedes && later.Illness == Illness && later.From == From;
}
