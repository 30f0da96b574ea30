using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;
using Amoe.Simulator.Scenarios;

namespace Amoe.Simulator;

/// <summary>The way in which a student comes into the year.</summary>
internal enum Origin : byte
{
    /// <summary>Declares for the first time.</summary>
    New = 0,

    /// <summary>Registered last year; the student declares again (D7).</summary>
    Renewing = 1,

    /// <summary>Registered last year; the university re-sends the file (D7).</summary>
    Resent = 2,

    /// <summary>Registered last year; has only the grace period left (D8).</summary>
    Leaver = 3,
}

/// <summary>The attributes of a student that matter to the scheme.</summary>
/// <param name="Coverage">The other coverage declared, or none.</param>
/// <param name="City">The city's number in the scenario.</param>
internal readonly record struct StudentProfile(
    EnrolmentRecord Enrolment, CoverageKind Coverage, Origin Origin, int City, bool Female, bool Chronic)
{
    public bool Declares => Origin is Origin.New or Origin.Renewing;

    public bool CarriedOver => Origin != Origin.New;
}

/// <summary>Every student of the run: a pure function of scenario, seed and index, nothing kept.</summary>
internal sealed class Population
{
    public const int ScaleMin = 1;
    public const int ScaleMax = 20_000;

    public const int CitiesMax = 60;
    public const int InstitutionsMax = 6;

    /// <summary>Room for the institutions of every category in one city.</summary>
    private const int PerCity = 64;

    private readonly PopulationModel _model;
    private readonly DateOnly _opens;

    /// <param name="scale">In thousandths: 1000 is the whole nation.</param>
    public Population(Scenario scenario, ulong seed, int scale)
    {
        if (scale is < ScaleMin or > ScaleMax)
            throw new ArgumentOutOfRangeException(
                nameof(scale), scale, $"the scale is from {ScaleMin} to {ScaleMax} thousandths");
        (_model, _opens, Seed) = (scenario.Population, scenario.Horizon.Opens, seed);
        (Enrolments, Coverages) = (new Enrolments(scenario), new Coverages(scenario.Population));
        Scale = scale;
        Count = (uint)Math.Max(1, (long)_model.Students * scale / 1000);
    }

    /// <summary>Where every draw comes from.</summary>
    public ulong Seed { get; }

    public int Scale { get; }

    /// <summary>How many students there are: indexes run from 0.</summary>
    public uint Count { get; }

    /// <summary>Draws the enrolments of a student in other years or institutions.</summary>
    public Enrolments Enrolments { get; }

    /// <summary>Draws the other coverage of a student.</summary>
    public Coverages Coverages { get; }

    /// <summary>Small and dense, from 1: every record of the journal has an id.</summary>
    public static StudentId IdOf(uint index) => new(index + 1UL);

    public static uint IndexOf(StudentId student) => (uint)(student.Value - 1);

    public Draws DrawsOf(uint index) => new(Seed, index);

    /// <summary>One field of the profile that is often asked for alone.</summary>
    public bool HasBankAccount(in Draws draws) => draws.Chance(DrawPurpose.BankAccount, _model.BankAccount);

    public StudentProfile Profile(uint index) => Profile(DrawsOf(index));

    public StudentProfile Profile(in Draws draws)
    {
        var drawn = draws.Range(DrawPurpose.Origin, new Between(0, _model.Students - 1));
        var declares = drawn < _model.Declarations;
        var resent = !declares && drawn < _model.Declarations + _model.Resent;
        var category = resent ? _model.ResentCategory : draws.Pick(DrawPurpose.Category, _model.Categories);
        var covered = declares && draws.Chance(DrawPurpose.Coverage, category.Covered);
        var history = !declares ? (resent ? Origin.Resent : Origin.Leaver)
            : draws.Chance(DrawPurpose.Renewing, covered ? _model.CoveredNow : _model.Renewing)
            ? Origin.Renewing
            : Origin.New;
        var city = draws.Pick(DrawPurpose.City, _model.Cities);
        var enrolment = new EnrolmentRecord(
            category.Category,
            // A student whose file is re-sent was found eligible before.
            resent ? category.Cycles.Values[0] : draws.Pick(DrawPurpose.Cycle, category.Cycles),
            draws.Chance(DrawPurpose.PaidTrack, category.PaidTrack),
            InstitutionOf(
                city, category.Category,
                draws.Range(DrawPurpose.Institution, new Between(0, category.Institutions - 1))),
            BirthDate(draws, draws.Pick(DrawPurpose.Age, category.Ages)),
            HasBankAccount(draws));
        return new StudentProfile(
            enrolment, covered ? draws.Pick(DrawPurpose.CoverageKind, _model.CoverageKinds) : CoverageKind.None,
            history, city,
            draws.Chance(DrawPurpose.Sex, _model.Female), draws.Chance(DrawPurpose.Chronic, _model.Chronic));
    }

    public static int InstitutionOf(int city, Category category, int number) =>
        (city + 1) * PerCity + ((int)category - 1) * InstitutionsMax + number;

    /// <summary>The city and category in an institution's number, which may be none of the scenario's.</summary>
    public static (int City, Category Category) PlaceOf(int institution) =>
        (institution / PerCity - 1, (Category)(institution % PerCity / InstitutionsMax + 1));

    /// <summary>Another institution of the category in the same city.</summary>
    public static int InstitutionAfter(int institution, Category category)
    {
        var first = institution / PerCity * PerCity + ((int)category - 1) * InstitutionsMax;
        return first + (institution - first + 1) % InstitutionsMax;
    }

    /// <summary>A day on which the completed years at the opening are those drawn.</summary>
    private DateOnly BirthDate(in Draws draws, int age) =>
        _opens.AddYears(-age).AddDays(-draws.Range(DrawPurpose.Birthday, new Between(0, 364)));
}
