using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;

namespace Amoe.Oracle.Model;

/// <summary>Other basic coverage, of several kinds and holders, each with dates of its own (S2, S4, T5, T7).</summary>
internal static class Coverages
{
    public static OracleReply Report(Person person, ReportOtherCoverage c)
    {
        if (!person.IsKnown)
            return OracleReply.Refused(Reason.NotDeclared);
        Begins(person, new CoverageName(c.Coverage, c.Holder), c.Effective, c.ByAnam ? Word.Anam : Word.Student);
        return OracleReply.Done;
    }

    public static OracleReply End(Person person, EndOtherCoverage c)
    {
        if (!person.IsKnown)
            return OracleReply.Refused(Reason.NotDeclared);
        if (c.Coverage == CoverageKind.None)
            return OracleReply.Refused(Reason.CoverageNotNamed);
        person.Coverage.Add(
            new CoverageFact(
                new CoverageName(c.Coverage, c.Holder), false, c.Effective, c.ByAnam ? Word.Anam : Word.Student));
        return OracleReply.Done;
    }

    public static void Begins(Person person, CoverageName coverage, DateOnly from, Word by) =>
        person.Coverage.Add(new CoverageFact(coverage, true, from, by));

    /// <summary>
    /// A student who is accepted has no other coverage: every one that lasts is taken to have ended the day before.
    /// </summary>
    public static void InferEnds(Person person, DateOnly acceptedOn)
    {
        foreach (var coverage in NamesOf(person).Where(coverage => Lasts(person, coverage, acceptedOn)).ToList())
            person.Coverage.Add(new CoverageFact(coverage, false, acceptedOn.AddDays(-1), Word.Inferred));
    }

    public static bool IsCovered(Person person, DateOnly day) =>
        person.Coverage.Count > 0 && NamesOf(person).Any(coverage => Lasts(person, coverage, day));

    /// <summary>The statement with the latest date holds; of two with the same date the one learnt last.</summary>
    public static bool Lasts(Person person, CoverageName coverage, DateOnly day)
    {
        CoverageFact? holds = null;
        for (var i = 0; i < person.Coverage.Count; i++)
        {
            var fact = person.Coverage[i];
            if (fact.Coverage == coverage
                && fact.From <= day
                && (holds is null || fact.From >= holds.From)
                && Counts(person, i))
                holds = fact;
        }

        return holds is { Begins: true };
    }

    private static IEnumerable<CoverageName> NamesOf(Person person) =>
        person.Coverage.Select(fact => fact.Coverage)
            .Distinct()
            .OrderBy(coverage => coverage.Kind)
            .ThenBy(coverage => coverage.Holder);

    /// <summary>
    /// An end counts that ANAM confirms, or that was inferred and that ANAM did not contradict later (S2, S4).
    /// </summary>
    private static bool Counts(Person person, int index)
    {
        var fact = person.Coverage[index];
        return fact.Begins || fact.By switch
        {
            Word.Anam => true,
            Word.Student => false,
            _ => !person.Coverage.Skip(index + 1).Any(said =>
                said.By == Word.Anam
                    && said.Coverage == fact.Coverage
                    && (said.Begins ? said.On <= fact.On : said.On > fact.On)),
        };
    }
}
