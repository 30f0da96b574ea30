using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;

namespace Amoe.Oracle.Model;

/// <summary>
/// Dated facts about a student, in whatever order they are learnt (S2-S5, T5, T7): one a day and timeline, the one learnt last. They are put on record
/// and nothing more: what they mean for a day is <see cref="EntitledDays"/>'s.
/// </summary>
internal static class Facts
{
    /// <summary>Whoever said so, the student himself, ANAM or its answer to an application: it is one kind of fact. So is its end, be it that he was accepted.</summary>
    public static OracleReply Covered(Person person, DateOnly from) => OnCoverage(person, from, new CoverageFact(true, CommandKind.ReportOtherCoverage));

    public static OracleReply CoverageEnds(Person person, DateOnly lastDay) =>
        OnCoverage(person, lastDay.AddDays(1), new CoverageFact(false, CommandKind.EndOtherCoverage));

    public static bool IsCovered(Person person, DateOnly day) => person.Coverage.LastOrDefault(fact => fact.Key <= day).Value.Covered;

    public static OracleReply Study(Person person, DateOnly day, StudyFact fact)
    {
        if (!person.IsKnown)
            return OracleReply.Refused(Reason.NotDeclared);
        // A reason given for the very day an interruption began is the reason it began for.
        var isBeginning = fact.Fact == CommandKind.ChangeInterruptionReason
            && person.Studies.TryGetValue(day, out var known) && known.Fact == CommandKind.InterruptStudies;
        person.Studies[day] = isBeginning ? fact with { Fact = CommandKind.InterruptStudies } : fact;
        return OracleReply.Done;
    }

    public static OracleReply Exempt(Person person, DecideExemption c)
    {
        if (!person.IsKnown)
            return OracleReply.Refused(Reason.NotDeclared);
        if (c.Granted)
            person.Exemptions[c.Effective] = c.Until;
        return OracleReply.Done;
    }

    public static bool IsExempt(Person person, DateOnly day) => person.Exemptions.Any(grant => grant.Key <= day && day <= grant.Value);

    /// <summary>A wrong fact is taken back as if it had never been.</summary>
    public static OracleReply Correct(Person person, CorrectFact c)
    {
        if (!person.IsKnown)
            return OracleReply.Refused(Reason.NotDeclared);
        bool? isTaken = c.Fact switch
        {
            CommandKind.ReportOtherCoverage => TakeCoverage(person, c.Effective, c.Fact),
            CommandKind.EndOtherCoverage => TakeCoverage(person, c.Effective.AddDays(1), c.Fact),
            CommandKind.InterruptStudies or CommandKind.ChangeInterruptionReason or CommandKind.ResumeStudies =>
                person.Studies.TryGetValue(c.Effective, out var fact) && fact.Fact == c.Fact && person.Studies.Remove(c.Effective),
            CommandKind.ReceiveContribution => person.Contributions.Values.Sum(of => of.Receipts.RemoveAll(receipt => receipt.On == c.Effective)) > 0,
            CommandKind.DecideExemption => person.Exemptions.Remove(c.Effective),
            _ => null,
        };
        return isTaken switch
        {
            null => OracleReply.Refused(Reason.FactNotCorrectable),
            false => OracleReply.Refused(Reason.FactUnknown),
            true => OracleReply.Done,
        };
    }

    private static OracleReply OnCoverage(Person person, DateOnly from, CoverageFact fact)
    {
        if (!person.IsKnown)
            return OracleReply.Refused(Reason.NotDeclared);
        person.Coverage[from] = fact;
        return OracleReply.Done;
    }

    private static bool TakeCoverage(Person person, DateOnly day, CommandKind kind) =>
        person.Coverage.TryGetValue(day, out var fact) && fact.Fact == kind && person.Coverage.Remove(day);
}
