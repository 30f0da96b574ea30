using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Explaining;

/// <summary>Explains the states of a prior approval, or of a clinic's cover (B10, K2).</summary>
internal static class ApprovalExplainer
{
    public static Explanation? Of(StudentReading reading, HistoryEntry entry, StudentEvent e)
    {
        var known = ("known", (Argument)new On(entry.Header.Known));
        return e switch
        {
            ApprovalRequested r => new Explanation(
                Keys.ApprovalRequested, known, ("approval", Code.Of(r.Approval)), ("act", Name.Of("act", r.Act)),
                ("units", new Count(r.Units, Unit.UnitOfCare))).Under("B10"),
            ApprovalDecided { Units: 0 } d =>
                new Explanation(Keys.ApprovalRefused, known, ("approval", Code.Of(d.Approval))).Under("B10"),
            ApprovalDecided d => Granted(reading.RulesAt(entry), d, known),
            ApprovalUsed u => new Explanation(
                Keys.ApprovalUsed, known, ("approval", Code.Of(u.Approval)), ("claim", Code.Of(u.Claim)),
                ("units", new Count(u.Units, Unit.UnitOfCare))).Under("B10"),
            ApprovalUnitsRevised v => new Explanation(
                Keys.ApprovalUnitsRevised, known, ("approval", Code.Of(v.Approval)), ("claim", Code.Of(v.Claim)),
                ("units", new Count(v.Units, Unit.UnitOfCare))).Under("B10"),
            ApprovalDecisionTakenBack t =>
                new Explanation(Keys.ApprovalTakenBack, known, ("approval", Code.Of(t.Approval)), ("on", new On(t.On)))
                    .Under("S5"),
            ApprovalLapsed l =>
                new Explanation(Keys.ApprovalLapsed, known, ("approval", Code.Of(l.Approval)), ("on", new On(l.On)))
                    .Under("B10"),
            _ => null,
        };
    }

    /// <summary>The current state of an approval, for a line that needs one.</summary>
    public static Explanation Of(Approval approval)
    {
        (string, Argument)[] which = [("approval", Code.Of(approval.Reference)), ("act", Name.Of("act", approval.Act))];
        if (approval.Holding is not { } held)
            return new Explanation(
                Keys.ApprovalPending, [.. which, ("units", new Count(approval.Asked, Unit.UnitOfCare))]).Under("B10");
        if (held.Units == 0)
            return new Explanation(Keys.ApprovalWasRefused, which).Under("B10");
        (string, Argument)[] arguments =
            [
                .. which, ("units", new Count(held.Units, Unit.UnitOfCare)),
                ("used", new Count(approval.Used, Unit.UnitOfCare)), ("from", new On(held.From))
            ];
        return held.Until is { } until
            ? new Explanation(Keys.ApprovalInForce, [.. arguments, ("until", new On(until))]).Under("B10")
            : new Explanation(Keys.ApprovalInForceWithoutEnd, arguments).Under("B10");
    }

    private static Explanation Granted(Rulebook rules, ApprovalDecided d, (string, Argument) known)
    {
        (string, Argument)[] arguments = [
            known, ("approval", Code.Of(d.Approval)), ("units", new Count(d.Units, Unit.UnitOfCare)),
            ("from", new On(d.From))
        ];
        return (d.Until is { } until
            ? new Explanation(Keys.ApprovalGranted, [.. arguments, ("until", new On(until))])
            : new Explanation(Keys.ApprovalGrantedWithoutEnd, arguments)).Under("B10")
                .By(rules.Read(ParameterIds.ApprovalValidityDays, d.From));
    }
}
