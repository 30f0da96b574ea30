using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;

namespace Amoe.Oracle.Model;

/// <summary>
/// Dated facts about a student, in whatever order they are learnt (S2-S5, T7). They are put on record and nothing more:
/// what they mean for a day is <see cref="EntitledDays"/>'s.
/// </summary>
internal static class Facts
{
    public static OracleReply Study(Person person, StudyFact fact)
    {
        if (!person.IsKnown)
            return OracleReply.Refused(Reason.NotDeclared);
        person.Studies.Add(fact);
        return OracleReply.Done;
    }

    public static OracleReply Exempt(Person person, DecideExemption c)
    {
        if (!person.IsKnown)
            return OracleReply.Refused(Reason.NotDeclared);
        person.Exemptions.Add(new ExemptionFact(c.Illness, c.Effective, c.Granted, c.Until));
        return OracleReply.Done;
    }

    /// <summary>Of two decisions on an illness from the same day the one learnt last holds.</summary>
    public static bool IsExempt(Person person, DateOnly day) =>
        person.Exemptions.GroupBy(decision => (decision.Illness, decision.From))
            .Select(decisions => decisions.Last()).Any(decision =>
                decision.Granted && decision.From <= day && day <= decision.Until);

    /// <summary>
    /// A wrong fact is taken back as if it had never been: of several of its kind and date the one learnt last.
    /// </summary>
    public static OracleReply Correct(Person person, CorrectFact c)
    {
        if (!person.IsKnown)
            return OracleReply.Refused(Reason.NotDeclared);
        bool? isTaken = c.Fact switch
        {
            CommandKind.ReportOtherCoverage or CommandKind.EndOtherCoverage =>
                TakeLast(
                    person.Coverage,
                    fact => fact.Fact == c.Fact && fact.On == c.Effective && IsNamed(fact.Coverage, c)),
            CommandKind.InterruptStudies or CommandKind.ChangeInterruptionReason or CommandKind.ResumeStudies =>
                TakeLast(person.Studies, fact => fact.Fact == c.Fact && fact.On == c.Effective),
            CommandKind.ReceiveContribution => TakeReceipt(person, c.Effective),
            CommandKind.DecideExemption => TakeLast(person.Exemptions, fact => fact.From == c.Effective),
            CommandKind.DecideApproval => TakeDecision(person, c),
            _ => null,
        };
        return isTaken switch
        {
            null => OracleReply.Refused(Reason.FactNotCorrectable),
            false => OracleReply.Refused(Reason.FactUnknown),
            true => OracleReply.Done,
        };
    }

    /// <summary>
    /// The approval whose decision a correction takes back: of several the one learnt last; null for other facts.
    /// </summary>
    public static Approval? ApprovalOf(Person person, CorrectFact c) =>
        c.Fact != CommandKind.DecideApproval ? null : person.Approvals
            .Where(approval =>
                approval.Decision?.From == c.Effective && (c.Request == 0 || approval.Reference == c.Request))
            .MaxBy(approval => approval.Decision!.Learnt);

    private static bool IsNamed(CoverageName coverage, CorrectFact c) =>
        c.Coverage == CoverageKind.None || coverage == new CoverageName(c.Coverage, c.Holder);

    private static bool TakeDecision(Person person, CorrectFact c) =>
        ApprovalOf(person, c) is { } approval && approval.Decisions.Remove(approval.Decision!);

    private static bool TakeReceipt(Person person, DateOnly on)
    {
        var last = person.Accounts.Values.SelectMany(account => account.Receipts)
            .Where(receipt => receipt.On == on)
            .MaxBy(receipt => receipt.Learnt);
        return last is not null && person.Accounts.Values.Any(account => account.Receipts.Remove(last));
    }

    private static bool TakeLast<T>(List<T> facts, Predicate<T> isMeant)
    {
        var last = facts.FindLastIndex(isMeant);
        if (last >= 0)
            facts.RemoveAt(last);
        return last >= 0;
    }
}
