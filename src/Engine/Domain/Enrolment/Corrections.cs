using Amoe.Engine.Rules;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Domain.Enrolment;

/// <summary>
/// An operator takes back a fact that was wrong: it never held, and one of its date that it had replaced holds again
/// (S5, T7).
/// </summary>
internal static class Corrections
{
    [Rule("S5", "T7")]
    public static void Decide(Student student, CorrectFact c, Rulebook rulebook, Decision decision)
    {
        if (!student.IsKnown)
        {
            decision.Refuse(Reason.NotDeclared);
            return;
        }

        if (c.Fact is not (CommandKind.ReportOtherCoverage or CommandKind.EndOtherCoverage
            or CommandKind.InterruptStudies or CommandKind.ChangeInterruptionReason
            or CommandKind.ResumeStudies or CommandKind.ReceiveContribution or CommandKind.DecideExemption))
        {
            decision.Refuse(Reason.FactNotCorrectable);
            return;
        }

        if (student.Insurance is not { } insurance)
            decision.Refuse(Reason.FactUnknown);
        else if (c.Fact == CommandKind.ReceiveContribution)
            TakeBackReceipt(student, c, rulebook, decision);
        else if (c.Fact is CommandKind.ReportOtherCoverage or CommandKind.EndOtherCoverage)
            TakeBackCoverage(insurance, c, decision);
        else if (IsOnRecord(insurance, c.Fact, c.Effective))
            decision.Emit(new FactTakenBack(c.Fact, c.Effective));
        else
            decision.Refuse(Reason.FactUnknown);

        if (decision.Outcome != Outcome.Refused)
            Suspending.Follow(student, c.Known, decision);
    }

    /// <summary>The fact named goes, of those on record the one learnt last.</summary>
    public static void TakeBack(Insurance insurance, FactTakenBack correction)
    {
        switch (correction.Fact)
        {
            case CommandKind.ReportOtherCoverage or CommandKind.EndOtherCoverage:
                var name = new CoverageName(correction.Coverage, correction.Holder);
                insurance.CoverageFacts = Timeline.WithoutLast(
                    insurance.CoverageFacts, fact => IsOf(fact, correction.Fact, correction.On) && fact.Name == name);
                break;
            case CommandKind.DecideExemption:
                insurance.Exemptions = Timeline.WithoutLast(
                    insurance.Exemptions, exemption => exemption.From == correction.On);
                break;
            default:
                insurance.StudyFacts = Timeline.WithoutLast(
                    insurance.StudyFacts, fact => IsOf(fact, correction.Fact, correction.On));
                break;
        }
    }

    private static void TakeBackReceipt(Student student, CorrectFact c, Rulebook rulebook, Decision decision)
    {
        if (ContributionAccount.LastLearnt(student.Insurance!, c.Effective) is not null)
            ContributionAccount.TakeBackReceipt(student, c.Effective, rulebook, decision);
        else
            decision.Refuse(Reason.FactUnknown);
    }

    private static void TakeBackCoverage(Insurance insurance, CorrectFact c, Decision decision)
    {
        var name = new CoverageName(c.Coverage, c.Holder);
        var at = Array.FindLastIndex(
            insurance.CoverageFacts,
            fact => IsOf(fact, c.Fact, c.Effective) && (c.Coverage == CoverageKind.None || fact.Name == name));
        if (at < 0)
            decision.Refuse(Reason.FactUnknown);
        else
            decision.Emit(
                new FactTakenBack(
                    c.Fact, c.Effective, insurance.CoverageFacts[at].Coverage, insurance.CoverageFacts[at].Holder));
    }

    private static bool IsOnRecord(Insurance insurance, CommandKind kind, DateOnly on) =>
        kind == CommandKind.DecideExemption
            ? Array.Exists(insurance.Exemptions, exemption => exemption.From == on)
            : Array.Exists(insurance.StudyFacts, fact => IsOf(fact, kind, on));

    private static bool IsOf(in CoverageFact fact, CommandKind kind, DateOnly on) =>
        kind == CommandKind.EndOtherCoverage ? fact.IsEnd && fact.On == Days.After(on) : !fact.IsEnd && fact.On == on;

    private static bool IsOf(in StudyFact fact, CommandKind kind, DateOnly on) =>
        fact.On == on && fact.Change == kind switch
        {
            CommandKind.InterruptStudies => StudyChange.Interrupted,
            CommandKind.ChangeInterruptionReason => StudyChange.ReasonChanged,
            CommandKind.ResumeStudies => StudyChange.Resumed,
            _ => StudyChange.None,
        };
}
