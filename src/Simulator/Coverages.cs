using Amoe.Engine.Domain.Enrolment;
using Amoe.Simulator.Scenarios;

namespace Amoe.Simulator;

/// <summary>Other coverage of a student: the scheme, and whose insurance it is (E3, S2).</summary>
internal readonly record struct OtherCoverage(CoverageKind Kind, CoverageHolder Holder)
{
    public static OtherCoverage None => default;
}

/// <summary>
/// Which of a student's reported coverages a fact is about. The number is the reference of the report and of the end.
/// </summary>
internal enum Reported
{
    /// <summary>The one reported first.</summary>
    First = 1,

    /// <summary>The other parent's.</summary>
    Second = 2,

    /// <summary>The one that begins when the first ends.</summary>
    Next = 3,

    /// <summary>The one of last year's grace.</summary>
    Before = 4,
}

/// <summary>Draws whose insurance covers a student, and in which scheme.</summary>
internal sealed class Coverages(PopulationModel population)
{
    /// <summary>The coverage a student declares.</summary>
    public OtherCoverage Declared(in Draws draws, in StudentProfile profile) =>
        profile.Coverage == CoverageKind.None
            ? OtherCoverage.None
            : new OtherCoverage(profile.Coverage, draws.Pick(DrawPurpose.DeclaredHolder, population.Holders));

    /// <summary>The coverage ANAM finds where it finds one.</summary>
    public OtherCoverage Found(in Draws draws) =>
        new(
            draws.Pick(DrawPurpose.AnamFindsKind, population.CoverageKinds),
            draws.Pick(DrawPurpose.AnamFindsHolder, population.Holders));

    public OtherCoverage Of(in Draws draws, Reported which)
    {
        var drawn = Drawn(draws, which);
        if (which is not (Reported.Second or Reported.Next))
            return drawn;

        // A coverage is one kind of one holder: another parent's is another coverage, whatever the scheme.
        var first = Drawn(draws, Reported.First).Holder;
        return which == Reported.Next && drawn.Holder != first ? drawn
            : drawn with { Holder = first == CoverageHolder.Father ? CoverageHolder.Mother : CoverageHolder.Father };
    }

    private OtherCoverage Drawn(in Draws draws, Reported which)
    {
        var n = (int)which - (int)Reported.First;
        return new OtherCoverage(
            draws.Pick(DrawPurpose.ReportKind, population.CoverageKinds, n),
            draws.Pick(DrawPurpose.ReportHolder, population.Holders, n));
    }
}
