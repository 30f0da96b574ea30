using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Domain.Enrolment;

/// <summary>
/// The units of a student's approvals that a claim has or can have, given to its lines one after the other: those of
/// the approvals in force on the day of care add up, oldest first (B10).
/// </summary>
[Rule("B10", "K2")]
internal sealed class ClaimUnits
{
    private static readonly ClaimUnits None = new([], 0);

    private readonly Approval[] _approvals;
    private readonly int[] _own;
    private readonly int[] _free;
    private readonly int[] _more;

    private ClaimUnits(Approval[] approvals, ulong claim)
    {
        // In the order of their first days, then in that of the requests.
        _approvals = [.. approvals.Where(approval => approval.Units > 0)
            .OrderBy(approval => approval.Holding!.Value.From)];
        _own = Array.ConvertAll(_approvals, approval => approval.TakenBy(claim));
        _free = Array.ConvertAll(_approvals, approval => approval.Units - approval.Used);
        _more = new int[_approvals.Length];
    }

    /// <summary>Says what lines got beyond what the claim had.</summary>
    public void Say(ulong claim, Decision decision)
    {
        for (var i = 0; i < _more.Length; i++)
        {
            if (_more[i] > 0)
                decision.Emit(new ApprovalUsed(_approvals[i].Reference, claim, _more[i]));
        }
    }

    /// <summary>
    /// The units that a claim has or can have; none where no line needs any, or nothing was ever asked for.
    /// </summary>
    public static ClaimUnits Of(Student student, CheckCoverage question) =>
        student.Insurance?.Approvals is [_, ..] approvals && Array.Exists(question.Questions, q => q.NeedsApproval)
            ? new ClaimUnits(approvals, question.Claim)
            : None;

    /// <summary>
    /// The units that a line has: it keeps them, whatever was approved since and whether or not it is entitled now. All
    /// it claims where it has none on record: it needed none then.
    /// </summary>
    public int HeldBy(in CoverageQuestion q)
    {
        var kept = q.HoldsUnits ? Keep(q, q.Units) : q.Units;
        return kept > 0 || q.TakesMore ? kept : q.Units;
    }

    /// <summary>Finds units for a line that needs more than it has, or says why there are none.</summary>
    public LineCoverage Approve(in CoverageQuestion q, in LineCoverage line)
    {
        if (!q.NeedsApproval
            || (q.HoldsUnits && !q.TakesMore)
            || line.Reason != Reason.None
            || line.Repeats != Reason.None)
            return line;
        var has = q.HoldsUnits ? line.ApprovedUnits : Keep(q, q.Units);
        has += Take(q, q.Units - has);
        return line with { ApprovedUnits = has, Reason = has > 0 ? Reason.None : WhyNone(q) };
    }

    /// <summary>Gives a line so many of the units the claim has.</summary>
    /// <returns>How many it got.</returns>
    private int Keep(in CoverageQuestion q, int units)
    {
        var kept = 0;
        for (var i = 0; i < _approvals.Length; i++)
        {
            if (!IsFor(_approvals[i], q))
                continue;
            var part = Math.Min(units - kept, _own[i]);
            _own[i] -= part;
            kept += part;
        }

        return kept;
    }

    /// <summary>Gives a line so many of the units that no claim has.</summary>
    /// <returns>How many it got.</returns>
    private int Take(in CoverageQuestion q, int units)
    {
        var taken = 0;
        for (var i = 0; i < _approvals.Length; i++)
        {
            if (!IsFor(_approvals[i], q))
                continue;
            var part = Math.Min(units - taken, _free[i]);
            _free[i] -= part;
            _more[i] += part;
            taken += part;
        }

        return taken;
    }

    /// <summary>Why a line got none: the nearest miss.</summary>
    private Reason WhyNone(in CoverageQuestion q)
    {
        var reason = Reason.ApprovalMissing;
        foreach (var approval in _approvals)
        {
            if (IsFor(approval, q))
                return Reason.ApprovalExhausted;
            if (approval.Act == q.Act && approval.Holding?.Until < q.CareDate)
                reason = Reason.ApprovalLapsed;
        }

        return reason;
    }

    private static bool IsFor(Approval approval, in CoverageQuestion q) =>
        approval.Act == q.Act && approval.IsInForce(q.CareDate, q.Emergency);
}
