using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Domain.Claims;

/// <summary>
/// Tells a student's adjudicated claims of something learnt late that they may depend on: those it concerns are judged
/// again (S5).
/// </summary>
public abstract record LateTruth() : Message(0)
{
    /// <summary>True when a line may be decided differently.</summary>
    /// <param name="claim">The line's claim.</param>
    /// <param name="former">What was decided on it.</param>
    internal abstract bool Concerns(Claim claim, in ClaimLine line, in LineOutcome former);

    /// <summary>False when no line of a passivated claim can be concerned: it is not even read.</summary>
    internal abstract bool MayConcern(in PassivatedClaim passivated);

    /// <summary>True when a line may be decided differently.</summary>
    internal bool Concerns(Claim claim)
    {
        for (var i = 0; i < claim.Outcomes.Length; i++)
        {
            if (Concerns(claim, claim.Lines[i], claim.Outcomes[i]))
                return true;
        }

        return false;
    }
}

/// <summary>
/// The student's standing on these days is not what it was: of their lines the entitlement and the exemption are looked
/// at again.
/// </summary>
/// <param name="From">The first day.</param>
/// <param name="Until">The last day.</param>
public sealed record CoverageChanged(DateOnly From, DateOnly Until) : LateTruth
{
    public bool Covers(DateOnly day) => From <= day && day <= Until;

    internal override bool Concerns(Claim claim, in ClaimLine line, in LineOutcome former) => Covers(line.CareDate);

    internal override bool MayConcern(in PassivatedClaim passivated) => passivated.MayHaveCare(From, Until);
}

/// <summary>
/// Approvals of an act are not what they were: of its lines that have units, or lack them, the approvals are looked at
/// again (B10).
/// </summary>
/// <param name="Losers">Claims that had units and have fewer now.</param>
/// <param name="From">
/// No approval of the act is for care before it: a line of earlier care lacks units for the same reason as before.
/// </param>
public sealed record ApprovalsChanged(Act Act, ulong[] Losers, DateOnly From) : LateTruth
{
    public bool Equals(ApprovalsChanged? other) =>
        other is not null && (Act, From) == (other.Act, other.From) && Losers.AsSpan().SequenceEqual(other.Losers);

    public override int GetHashCode() => HashCode.Combine(Act, Losers.Length, From);

    /// <summary>True when a claim lost units.</summary>
    internal bool TookFrom(Claim claim) => Array.IndexOf(Losers, claim.Number) >= 0;

    internal override bool Concerns(Claim claim, in ClaimLine line, in LineOutcome former) =>
        line.Act == Act && (former.LacksUnits || (!former.IsRefused && TookFrom(claim)));

    internal override bool MayConcern(in PassivatedClaim passivated) =>
        (passivated.LacksUnits && passivated.MayHaveCare(From, DateOnly.MaxValue))
            || Array.IndexOf(Losers, passivated.Number) >= 0;
}

/// <summary>
/// Prostheses that count from now on, or count no longer (B6). Of later ones of the kind at the place it is looked at
/// again whether they are too recent.
/// </summary>
/// <param name="Of">The claim they are on.</param>
/// <param name="Lines">The prostheses.</param>
/// <param name="AreWithdrawn">
/// False when the claim was received. True when the lines proved to be claimed before: only what they made too recent
/// is judged again, on their own claim too.
/// </param>
public sealed record ProsthesesLearnt(ulong Of, ClaimLine[] Lines, bool AreWithdrawn = false) : LateTruth
{
    public bool Equals(ProsthesesLearnt? other) =>
        other is not null
            && (Of, AreWithdrawn) == (other.Of, other.AreWithdrawn)
            && Lines.AsSpan().SequenceEqual(other.Lines);

    public override int GetHashCode() => HashCode.Combine(Of, Lines.Length, AreWithdrawn);

    internal override bool Concerns(Claim claim, in ClaimLine line, in LineOutcome former)
    {
        var isConcerned = AreWithdrawn
            ? former.Reason == Reason.ProsthesisTooRecent
            : claim.Number != Of && (former.Reason is Reason.None or Reason.ProsthesisTooRecent || former.LacksUnits);
        return isConcerned && IsAfterAny(line);
    }

    internal override bool MayConcern(in PassivatedClaim passivated)
    {
        if (!passivated.HasProsthesis || passivated.Number == Of)
            return false;
        foreach (ref readonly var earlier in Lines.AsSpan())
        {
            if (passivated.MayHaveCare(Days.After(earlier.CareDate), DateOnly.MaxValue))
                return true;
        }

        return false;
    }

    private bool IsAfterAny(in ClaimLine line)
    {
        foreach (ref readonly var earlier in Lines.AsSpan())
        {
            if (Repeats.IsLike(line, earlier) && earlier.CareDate < line.CareDate)
                return true;
        }

        return false;
    }
}
