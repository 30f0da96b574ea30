using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;

namespace Amoe.Oracle.Model;

/// <summary>Prior approval, and a clinic's request for cover (B6, B10, K2).</summary>
internal static class Approvals
{
    public static OracleReply Request(Person person, RequestApproval c)
    {
        if (!person.IsKnown)
            return OracleReply.Refused(Reason.NotDeclared);
        if (Find(person, c.Reference) is not null)
            return OracleReply.Refused(Reason.ApprovalAlreadyRequested);
        if (!Scheme.MayNeedApproval(c.Act) && c.Act != Act.HospitalStay)
            return OracleReply.Refused(Reason.ApprovalNotNeeded);
        person.Approvals.Add(new Approval(c.Reference, c.Act, c.Units));
        return OracleReply.Done;
    }

    public static OracleReply Decide(Person person, DecideApproval c, Scheme scheme)
    {
        if (Find(person, c.Reference) is not { } approval)
            return OracleReply.Refused(Reason.ApprovalUnknown);
        if (approval.Decision is { } known && known.From != c.Effective)
            return OracleReply.Refused(Reason.ApprovalAlreadyDecided);
        var days = scheme.ApprovalDays.On(c.Effective);
        var units = Math.Min(approval.Asked, c.Units);
        approval.Decisions.Add(
            new ApprovalDecision(c.Effective, days == 0 ? null : c.Effective.AddDays(days - 1), units, person.Learn()));
        return new OracleReply(Outcome.Done, units == 0 ? Reason.MedicalControlRefused : Reason.None);
    }

    public static Approval? Find(Person person, ulong reference) =>
        person.Approvals.Find(approval => approval.Reference == reference);

    public static bool IsNeeded(Scheme scheme, ClaimFile claim, in ClaimLine act)
    {
        var (elements, day) = (act.Prosthesis.Elements, act.CareDate);
        return act.Act switch
        {
            Act.LongBridge => elements == 0 || elements > scheme.BridgeElements.On(day),
            Act.PartialDenture =>
                elements < scheme.DentureTeethFrom.On(day) || elements > scheme.DentureTeethTo.On(day),
            Act.HospitalStay => claim.IsThirdParty && act.Sector == CareSector.Private,
            _ => Scheme.MayNeedApproval(act.Act),
        };
    }

    public static bool IsReason(Reason reason) =>
        reason is Reason.ApprovalMissing or Reason.ApprovalLapsed or Reason.ApprovalExhausted
            or Reason.ApprovalCoversLess;

    /// <summary>
    /// Takes units for a line until it has what it claims, oldest approval first. What was taken before stays taken.
    /// </summary>
    public static Reason Take(Person person, ClaimFile claim, Line line)
    {
        var (day, claimed) = (line.Act.CareDate, (int)line.Act.Quantity);
        var granted = person.Approvals.Where(approval => approval.Act == line.Act.Act && approval.Granted > 0).ToList();
        var inForce = granted.Where(approval => IsInForce(approval, claim, line))
            .OrderBy(approval => approval.Decision!.From)
            .ToList();
        foreach (var giver in claim.Lines.Where(other => other != line && LeavesUnits(other)))
            Move(giver, line, claim);
        foreach (var approval in inForce)
        {
            var units = Math.Min(approval.Granted - Taken(person, approval), claimed - line.UnitsTaken);
            if (units > 0)
                line.Units[approval] = line.Units.GetValueOrDefault(approval) + units;
        }

        if (line.UnitsTaken > 0)
            return line.UnitsTaken < claimed ? Reason.ApprovalCoversLess : Reason.None;
        if (inForce.Count > 0)
            return Reason.ApprovalExhausted;
        return granted.Exists(approval => approval.Decision!.Until < day)
            ? Reason.ApprovalLapsed
            : Reason.ApprovalMissing;
    }

    /// <summary>
    /// If an approval has fewer units than were taken of it, the claims with the smallest numbers keep theirs. A
    /// claim's first lines keep its units.
    /// </summary>
    public static void GiveBack(Person person, Approval approval)
    {
        var left = approval.Granted;
        foreach (var claim in person.Claims.Values)
        {
            var had = claim.Lines.Sum(line => line.UnitsTaken);
            var withUnits = claim.Lines.Where(line => line.Act.Act == approval.Act && line.UnitsTaken > 0).ToList();
            foreach (var line in claim.Lines.Where(line => line.Units.ContainsKey(approval)))
            {
                line.Units[approval] = Math.Min(line.Units[approval], left);
                left -= line.Units[approval];
            }

            if (claim.Lines.Sum(line => line.UnitsTaken) < had)
                MoveUp(claim, withUnits);
        }
    }

    /// <summary>
    /// A claim's first lines keep its units. A line that is refused for another reason takes nothing and gives its
    /// units to the others; one that a physician refused keeps its own.
    /// </summary>
    private static void MoveUp(ClaimFile claim, List<Line> lines)
    {
        var takers = lines.FindAll(line => !line.IsRefused || IsReason(line.Reason));
        var givers = lines.FindAll(LeavesUnits);
        foreach (var (i, line) in takers.Index())
        {
            foreach (var giver in givers.Concat(takers.Skip(i + 1)))
                Move(giver, line, claim);
        }
    }

    /// <summary>
    /// Refused for another reason than its approvals, and not by a physician: its units stay with the claim.
    /// </summary>
    private static bool LeavesUnits(Line line) =>
        line.IsRefused && !IsReason(line.Reason) && line.Reason != Reason.MedicalControlRefused;

    private static void Move(Line giver, Line taker, ClaimFile claim)
    {
        foreach (var approval in giver.Units.Keys.Where(approval =>
            approval.Act == taker.Act.Act && IsInForce(approval, claim, taker)).ToList())
        {
            var units = Math.Min(giver.Units[approval], taker.Act.Quantity - taker.UnitsTaken);
            giver.Units[approval] -= units;
            taker.Units[approval] = taker.Units.GetValueOrDefault(approval) + units;
        }
    }

    /// <summary>In an emergency of a third-party claim the care may come before the first day (K2).</summary>
    private static bool IsInForce(Approval approval, ClaimFile claim, Line line)
    {
        var (decision, day) = (approval.Decision, line.Act.CareDate);
        var mayComeBefore = claim.IsThirdParty && line.Act.Circumstances.HasFlag(Circumstances.Emergency);
        return decision is { Units: > 0 } && !(decision.Until < day) && (decision.From <= day || mayComeBefore);
    }

    private static int Taken(Person person, Approval approval) =>
        person.Claims.Values.SelectMany(claim => claim.Lines).Sum(line => line.Units.GetValueOrDefault(approval));
}
