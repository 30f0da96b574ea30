using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Rules;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Domain.Enrolment;

/// <summary>The life of a prior approval, or of a clinic's cover: requested, decided, taken by claims (B10, K2).</summary>
internal static class Approvals
{
    private const int StackUnitsMax = 64;

    [Rule("B10", "K2")]
    public static void Request(Student student, RequestApproval c, Rulebook rulebook, Decision decision)
    {
        var act = rulebook.On(c.Effective).Act(c.Act);
        if (!student.IsKnown)
            decision.Refuse(Reason.NotDeclared);
        else if (IndexOf(student, c.Reference) >= 0)
            decision.Refuse(Reason.ApprovalAlreadyRequested);
        else if (!act.NeedsPriorApproval && !NeedsCover(act))
            decision.Refuse(Reason.ApprovalNotNeeded);
        else
            decision.Emit(new ApprovalRequested(c.Reference, c.Act, c.Units, c.Effective));
    }

    [Rule("B10")]
    public static void DecideRequest(Student student, DecideApproval c, Rulebook rulebook, Decision decision)
    {
        var index = IndexOf(student, c.Reference);
        if (index < 0)
        {
            decision.Refuse(Reason.ApprovalUnknown);
            return;
        }

        var approval = student.Insurance!.Approvals[index];
        if (approval.State != ApprovalState.Requested)
        {
            decision.Refuse(Reason.ApprovalAlreadyDecided);
            return;
        }

        var until = c.Effective.AddDays(rulebook.On(c.Effective).ApprovalValidityDays - 1);
        var granted = Math.Min(c.Units, approval.Units);
        decision.Emit(new ApprovalDecided(c.Reference, granted, c.Effective, until));
        Clocks.ApprovalAnswered(approval, c.Effective, rulebook, decision);
        decision.Conclude(Outcome.Done, granted == 0 ? Reason.MedicalControlRefused : Reason.None);
    }

    /// <summary>True when a private clinic must have asked the fund for cover (K2): the acts that ask for a contracted clinic.</summary>
    public static bool NeedsCover(ActRule act) => act.Conditions.HasFlag(ActConditions.ContractedClinicIfPrivate);

    /// <summary>Finds for each entitled line that needs one an approval, takes its units, and says so on the line.</summary>
    [Rule("B10", "K2")]
    public static void Take(Student student, CheckCoverage question, LineCoverage[] lines, Decision decision)
    {
        var approvals = student.Insurance?.Approvals ?? [];
        Span<int> taken = approvals.Length <= StackUnitsMax ? stackalloc int[approvals.Length] : new int[approvals.Length];
        for (var i = 0; i < lines.Length; i++)
        {
            if (question.Questions[i].HoldsUnits)
                Keep(approvals, taken, question.Questions[i], question.Claim, ref lines[i]);
        }

        for (var i = 0; i < lines.Length; i++)
        {
            ref readonly var q = ref question.Questions[i];
            if (!q.NeedsApproval || q.HoldsUnits || lines[i].Reason != Reason.None || lines[i].Repeats != Reason.None)
                continue;
            var (index, reason) = Find(approvals, taken, q, question.Claim);
            if (index < 0)
            {
                lines[i] = lines[i] with { Reason = reason, ApprovedUnits = 0 };
                continue;
            }

            var units = Math.Min(q.Units, Left(approvals[index], taken[index], question.Claim));
            taken[index] += units;
            lines[i] = lines[i] with { ApprovedUnits = units };
        }

        for (var index = 0; index < taken.Length; index++)
        {
            if (taken[index] - approvals[index].TakenBy(question.Claim) is > 0 and var more)
                decision.Emit(new ApprovalUsed(approvals[index].Reference, question.Claim, more));
        }
    }

    /// <summary>A line paid under units its claim took keeps them, whatever was approved since and whether or not it is entitled now.</summary>
    private static void Keep(Approval[] approvals, Span<int> taken, in CoverageQuestion q, ulong claim, ref LineCoverage line)
    {
        for (var i = 0; i < approvals.Length; i++)
        {
            var units = Math.Min(q.Units, approvals[i].TakenBy(claim) - taken[i]);
            if (approvals[i].Act != q.Act || units <= 0 || q.CareDate > approvals[i].Until || (q.CareDate < approvals[i].From && !q.Emergency))
                continue;
            taken[i] += units;
            line = line with { ApprovedUnits = units };
            return;
        }
    }

    /// <summary>The approval for a line, or why there is none: the nearest miss is the reason given.</summary>
    private static (int Index, Reason Reason) Find(Approval[] approvals, ReadOnlySpan<int> taken, in CoverageQuestion q, ulong claim)
    {
        var reason = Reason.ApprovalMissing;
        for (var i = 0; i < approvals.Length; i++)
        {
            ref readonly var approval = ref approvals[i];
            if (approval.Act != q.Act || approval.State is not (ApprovalState.Granted or ApprovalState.Lapsed))
                continue;
            if (q.CareDate > approval.Until)
                reason = Reason.ApprovalLapsed;
            else if (q.CareDate < approval.From && !q.Emergency)
                continue;
            else if (Left(approval, taken[i], claim) == 0)
                reason = Reason.ApprovalExhausted;
            else
                return (i, Reason.None);
        }

        return (-1, reason);
    }

    /// <summary>Units left for a claim: what it took before is still its own, so that the same question has the same answer.</summary>
    private static int Left(in Approval approval, int taken, ulong claim) =>
        approval.Units - approval.Used - taken + approval.TakenBy(claim);

    private static int IndexOf(Student student, ulong reference)
    {
        var approvals = student.Insurance?.Approvals ?? [];
        return Array.FindIndex(approvals, approval => approval.Reference == reference);
    }
}
