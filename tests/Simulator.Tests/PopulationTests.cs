using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;
using Amoe.Simulator.Scenarios;

namespace Amoe.Simulator.Tests;

public sealed class PopulationTests
{
    private const uint Sample = 200_000;

    private static readonly Scenario Scenario = ScenarioReader.Load("national-year");
    private static readonly StudentProfile[] Students = Profiles(42);

    [Fact]
    public void A_profile_follows_from_seed_and_index_alone()
    {
        var again = new StudentProfile[Sample];
        Parallel.For(
            0, (int)Sample,
            i => again[Sample - 1 - i] = new Population(Scenario, 42, 1000).Profile((uint)(Sample - 1 - i)));
        Assert.Equal(Students, again);
        Assert.NotEqual(Students[..100], Profiles(43)[..100]);
    }

    [Fact]
    public void Categories_have_their_shares()
    {
        var declaring = Students.Where(student => student.Declares).ToArray();
        Near(
            690, declaring.Count(student => student.Enrolment.Category == Category.PublicUniversity), declaring.Length);
        Near(130, declaring.Count(student => student.Enrolment.Category == Category.Ofppt), declaring.Length);
        Near(
            60, declaring.Count(student => student.Enrolment.Category == Category.PrivateHigherEducation),
            declaring.Length);
    }

    [Fact]
    public void Most_declare_coverage_of_the_kinds_the_scenario_says()
    {
        var declaring = Students.Where(student => student.Declares).ToArray();
        var covered = declaring.Where(student => student.Coverage != CoverageKind.None).ToArray();
        Near(817, covered.Length, declaring.Length);
        Near(380, covered.Count(student => student.Coverage == CoverageKind.Cnss), covered.Length);
        Near(240, covered.Count(student => student.Coverage == CoverageKind.Cnops), covered.Length);
    }

    [Fact]
    public void Ages_sexes_and_accounts_are_as_the_scenario_says()
    {
        Near(520, Students.Count(student => student.Female), Students.Length);
        Near(550, Students.Count(student => student.Enrolment.HasBankAccount), Students.Length);
        var university = Students.Where(student => student.Enrolment.Category == Category.PublicUniversity).ToArray();
        Near(
            190,
            university.Count(student => Entitlement.AgeOn(student.Enrolment.BirthDate, Scenario.Horizon.Opens) == 19),
            university.Length);
    }

    [Fact]
    public void Only_public_universities_send_files_again() =>
        Assert.All(
            Students.Where(student => student.Origin == Origin.Resent),
            student => Assert.Equal(Category.PublicUniversity, student.Enrolment.Category));

    [Theory]
    [InlineData(0)]
    [InlineData(20_001)]
    [InlineData(-1)]
    public void A_scale_out_of_bounds_is_refused(int scale) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Population(Scenario, 1, scale));

    [Theory]
    [InlineData(1, 1_415)]
    [InlineData(1_000, 1_415_000)]
    [InlineData(20_000, 28_300_000)]
    public void The_number_of_students_grows_with_the_scale(int scale, uint count) =>
        Assert.Equal(count, new Population(Scenario, 1, scale).Count);

    private static StudentProfile[] Profiles(ulong seed)
    {
        var population = new Population(Scenario, seed, 1000);
        return [.. Enumerable.Range(0, (int)Sample).Select(i => population.Profile((uint)i))];
    }

    /// <summary>Within 1 % of the share, or of four standard errors where the sample is too small for that.</summary>
    private static void Near(int perMille, int part, int whole)
    {
        var expected = (long)whole * perMille / 1000;
        var variance = expected * (1000 - perMille) / 1000;
        var difference = Math.Abs(part - expected);
        Assert.True(
            difference * 100 <= expected || difference * difference <= 16 * variance,
            $"{part} of {whole}, expected {expected}");
    }
}
