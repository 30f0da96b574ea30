using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Rules;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Domain.Enrolment;

/// <summary>
/// The life of a prior approval, or of a clinic's cover: requested, decided, taken by claims (B10, K2).
/// </summary>
internal static class Approvals
{
    [Rule("B10", "K2")]
    public static void Request(Student student, RequestApproval c, Rulebook rulebook, Decision decision)
    {
        var act = rulebook.On(c.Effective).Act(c.Act);
        if (!student.IsKnown)
            decision.Refuse(Reason.NotDeclared);
        else if (Find(student, c.Reference) is not null)
            decision.Refuse(Reason.ApprovalAlreadyRequested);
        else if (!act.NeedsPriorApproval && !NeedsCover(act))
            decision.Refuse(Reason.ApprovalNotNeeded);
        else
            decision.Emit(new ApprovalRequested(c.Reference, c.Act, c.Units, c.Effective));
    }

    /// <summary>
    /// Of two decisions on a request with the same first day the one learnt last holds (T7); one with another day has
    /// to be taken back first.
    /// </summary>
    [Rule("B10", "T7")]
    public static void DecideRequest(Student student, DecideApproval c, Rulebook rulebook, Decision decision)
    {
        if (Find(student, c.Reference) is not { } approval)
        {
            decision.Refuse(Reason.ApprovalUnknown);
            return;
        }

        if (approval.Holding is { } held && held.From != c.Effective)
        {
            decision.Refuse(Reason.ApprovalAlreadyDecided);
            return;
        }

        var validity = rulebook.On(c.Effective).ApprovalValidityDays;
        DateOnly? until = validity > 0 ? c.Effective.AddDays(validity - 1) : null;
        var granted = Math.Min(c.Units, approval.Asked);
        decision.Emit(new ApprovalDecided(c.Reference, granted, c.Effective, until));
        if (approval.State == ApprovalState.Requested)
            Clocks.ApprovalAnswered(approval, c.Effective, rulebook, decision);
        TellClaims(approval, granted, FirstDayOf(student, approval.Act, c.Effective, rulebook), decision);
        decision.Conclude(Outcome.Done, granted == 0 ? Reason.MedicalControlRefused : Reason.None);
    }

    /// <summary>A decision is taken back: the one before it holds again, or the request is not decided.</summary>
    [Rule("B10", "S5", "T7")]
    public static void TakeBack(Student student, CorrectFact c, Rulebook rulebook, Decision decision)
    {
        if (!student.IsKnown)
        {
            decision.Refuse(Reason.NotDeclared);
            return;
        }

        var approval = (student.Insurance?.Approvals ?? [])
            .Where(approval =>
                approval.Holding?.From == c.Effective && (c.Request == 0 || approval.Reference == c.Request))
            .MaxBy(approval => approval.Holding!.Value.Number);
        if (approval is null)
        {
            decision.Refuse(Reason.FactUnknown);
            return;
        }

        decision.Emit(new ApprovalDecisionTakenBack(approval.Reference, c.Effective));
        var units = approval.Decisions is [.., var before, _] ? before.Units : 0;
        TellClaims(approval, units, FirstDayOf(student, approval.Act, c.Effective, rulebook), decision);
    }

    /// <summary>
    /// True when a private clinic must have asked the fund for cover (K2): the acts that ask for a contracted clinic.
    /// </summary>
    public static bool NeedsCover(ActRule act) => act.Conditions.HasFlag(ActConditions.ContractedClinicIfPrivate);

    /// <summary>
    /// Has claims judged again for units an approval comes to have (S5). Where it has fewer than were taken, the claims
    /// with the smallest numbers keep theirs.
    /// </summary>
    private static void TellClaims(Approval approval, int units, DateOnly from, Decision decision)
    {
        List<ulong>? losers = null;
        foreach (var taker in approval.Takers)
        {
            var kept = Math.Min(taker.Units, units);
            units -= kept;
            if (kept == taker.Units)
                continue;
            decision.Emit(new ApprovalUnitsRevised(approval.Reference, taker.Claim, kept));
            (losers ??= []).Add(taker.Claim);
        }

        decision.Send(new ApprovalsChanged(approval.Act, losers?.ToArray() ?? [], from));
    }

    /// <summary>
    /// The first day of care that an approval of the act can be for. Not the changed one's alone: a claim may take
    /// units that another left since. In an emergency of third-party payment care comes before any approval (K2), so an
    /// act that was ever paid so has no first day.
    /// </summary>
    private static DateOnly FirstDayOf(Student student, Act act, DateOnly changedFrom, Rulebook rulebook)
    {
        foreach (var rules in rulebook.Periods)
        {
            if (rules.Act(act).ThirdParty != ThirdParty.Never)
                return DateOnly.MinValue;
        }

        var first = changedFrom;
        foreach (var approval in student.Insurance?.Approvals ?? [])
        {
            if (approval.Act == act && approval.Holding is { } held && held.From < first)
                first = held.From;
        }

        return first;
    }

    private static Approval? Find(Student student, ulong reference) =>
        Array.Find(student.Insurance?.Approvals ?? [], approval => approval.Reference == reference);
}
