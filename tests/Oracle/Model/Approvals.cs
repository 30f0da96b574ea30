using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;

namespace Amoe.Oracle.Model;

/// <summary>Prior approval, and a clinic's request for cover (B10, K2).</summary>
internal static class Approvals
{
    public static OracleReply Request(Person person, RequestApproval c)
    {
        if (!person.IsKnown)
            return OracleReply.Refused(Reason.NotDeclared);
        if (Find(person, c.Reference) is not null)
            return OracleReply.Refused(Reason.ApprovalAlreadyRequested);
        if (!Scheme.NeedsApproval(c.Act) && c.Act != Act.HospitalStay)
            return OracleReply.Refused(Reason.ApprovalNotNeeded);
        person.Approvals.Add(new Approval(c.Reference, c.Act, c.Units));
        return OracleReply.Done;
    }

    public static OracleReply Decide(Person person, DecideApproval c, Scheme scheme)
    {
        if (Find(person, c.Reference) is not { } approval)
            return OracleReply.Refused(Reason.ApprovalUnknown);
        if (approval.Granted is not null)
            return OracleReply.Refused(Reason.ApprovalAlreadyDecided);
        approval.Granted = Math.Min(approval.Asked, c.Units);
        (approval.First, approval.Last) = (c.Effective, c.Effective.AddDays(scheme.ApprovalDays.On(c.Effective) - 1));
        return new OracleReply(Outcome.Done, approval.Granted == 0 ? Reason.MedicalControlRefused : Reason.None);
    }

    public static bool IsNeeded(ClaimFile claim, in ClaimLine act) =>
        Scheme.NeedsApproval(act.Act) || claim.IsThirdParty && act.Sector == CareSector.Private && act.Act == Act.HospitalStay;

    /// <summary>Takes units for a line from the first approval that has any. What was taken before stays taken.</summary>
    public static Reason Take(Person person, ClaimFile claim, Line line)
    {
        if (line.UnitsTaken > 0)
            return line.UnitsTaken < line.Act.Quantity ? Reason.ApprovalCoversLess : Reason.None;
        var reason = Reason.ApprovalMissing;
        var mayComeBefore = claim.IsThirdParty && line.Act.Circumstances.HasFlag(Circumstances.Emergency);
        foreach (var approval in person.Approvals.Where(approval => approval.Act == line.Act.Act && approval.Granted > 0))
        {
            if (line.Act.CareDate > approval.Last)
            {
                reason = Reason.ApprovalLapsed;
            }
            else if (line.Act.CareDate >= approval.First || mayComeBefore)
            {
                var left = approval.Granted!.Value - approval.Taken;
                if (left == 0)
                {
                    reason = Reason.ApprovalExhausted;
                    continue;
                }

                line.UnitsTaken = Math.Min(left, line.Act.Quantity);
                approval.Taken += line.UnitsTaken;
                return line.UnitsTaken < line.Act.Quantity ? Reason.ApprovalCoversLess : Reason.None;
            }
        }

        return reason;
    }

    private static Approval? Find(Person person, ulong reference) => person.Approvals.Find(approval => approval.Reference == reference);
}
