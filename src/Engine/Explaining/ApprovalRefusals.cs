using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Text;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Explaining;

/// <summary>
/// The grounds on which a request for approval, or its decision, was refused (B10): the request on record, or the acts
/// that need one.
/// </summary>
internal static class ApprovalRefusals
{
    public static IEnumerable<Explanation> Of(Refusal refusal)
    {
        if (refusal.Reason == Reason.ApprovalNotNeeded)
            return [Needed(refusal)];
        var reference = refusal.Header.Id.Reference;
        if (refusal.Reason == Reason.ApprovalUnknown)
            return [Unknown(refusal, reference)];
        return refusal.Before.Entries.SelectMany(entry => entry.Events.OfType<StudentEvent>()
            .Where(e =>
                e is ApprovalRequested r && r.Approval == reference
                    || e is ApprovalDecided d && d.Approval == reference)
            .Select(e => ApprovalExplainer.Of(refusal.Before, entry, e)).OfType<Explanation>());
    }

    private static Explanation Unknown(Refusal refusal, ulong reference)
    {
        var approvals = refusal.Student.Insurance?.Approvals ?? [];
        var number = ("approval", (Argument)Code.Of(reference));
        return (approvals.Length == 0
            ? new Explanation(Keys.RefusalNoApproval, number)
            : new Explanation(
                Keys.RefusalNoSuchApproval, number,
                ("approvals", new Names([.. approvals.Select(approval => Code.Of(approval.Reference))])))).Under("B10");
    }

    /// <summary>
    /// The acts that need an approval or cover on that day.
    /// </summary>
    private static Explanation Needed(Refusal refusal)
    {
        var day = refusal.Header.Effective;
        var rules = refusal.Rules.On(day);
        var acts = SnakeCase<Act>.Values.Where(act =>
            act != Act.None && (rules.Act(act).NeedsPriorApproval || Approvals.NeedsCover(rules.Act(act))));
        return new Explanation(
            Keys.RefusalActsOnApproval, ("day", new On(day)),
            ("acts", new Names([.. acts.Select(act => Name.Of("act", act))]))).Under("B10");
    }
}
