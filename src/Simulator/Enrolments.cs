using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;
using Amoe.Simulator.Scenarios;

namespace Amoe.Simulator;

/// <summary>
/// As what a student is enrolled on a day, where that is not the year's first declaration: last year, or after a change
/// of institution (C2, D7).
/// </summary>
internal sealed class Enrolments(Scenario scenario)
{
    private readonly PopulationModel _population = scenario.Population;
    private readonly ChangeModel _change = scenario.Registration.Change;

    /// <summary>The day of the year's first declaration, of a student who declares.</summary>
    public DateOnly DeclaredOn(in Draws draws) =>
        scenario.Horizon.Opens.AddDays(draws.Pick(DrawPurpose.DeclarationDay, scenario.Registration.DeclarationDays));

    /// <summary>The registration that is carried over from last year.</summary>
    public EnrolmentRecord LastYear(in Draws draws, in StudentProfile profile)
    {
        if (profile.Origin != Origin.Renewing)
            return profile.Enrolment;
        var enrolment = HasOtherCategoryLastYear(draws, profile) ? OnOtherSide(profile) : profile.Enrolment;
        return enrolment.HasBankAccount || !draws.Chance(DrawPurpose.AccountGivenUp, _population.AccountGivenUp)
            ? enrolment
            : enrolment with { HasBankAccount = true };
    }

    /// <summary>True for a student who declares another institution within the year.</summary>
    public bool Changes(in Draws draws, in StudentProfile profile) =>
        profile.Declares
            && profile.Coverage == CoverageKind.None
            && draws.Chance(DrawPurpose.ChangesInstitution, _change.Share);

    /// <summary>The day on which a student who changes declares the other institution.</summary>
    public DateOnly ChangedOn(in Draws draws) =>
        DeclaredOn(draws).AddDays(draws.Range(DrawPurpose.ChangesAfter, _change.After));

    /// <summary>The enrolment that a student who changes declares.</summary>
    public EnrolmentRecord Changed(in Draws draws, in StudentProfile profile)
    {
        var enrolment = draws.Chance(DrawPurpose.ChangesSide, _change.OtherSide)
            ? OnOtherSide(profile)
            : Elsewhere(profile.Enrolment);
        return enrolment with
        {
            HasBankAccount = enrolment.HasBankAccount && !draws.Chance(DrawPurpose.ClosesAccount, _change.ClosesAccount)
        };
    }

    /// <summary>The enrolment on record, as far as this year's declarations say.</summary>
    public EnrolmentRecord On(in Draws draws, in StudentProfile profile, DateOnly day) =>
        Changes(draws, profile) && day >= ChangedOn(draws) ? Changed(draws, profile) : profile.Enrolment;

    /// <summary>The category that decides about desks: last year's until this year is declared.</summary>
    public Category CategoryOn(in Draws draws, in StudentProfile profile, DateOnly day) =>
        HasOtherCategoryLastYear(draws, profile) && day < DeclaredOn(draws)
            ? OtherSideOf(profile.Enrolment.Category)
            : On(draws, profile, day).Category;

    /// <summary>The same enrolment at another institution of the category in the city.</summary>
    public static EnrolmentRecord Elsewhere(in EnrolmentRecord enrolment) =>
        enrolment with { Institution = Population.InstitutionAfter(enrolment.Institution, enrolment.Category) };

    private bool HasOtherCategoryLastYear(in Draws draws, in StudentProfile profile) =>
        profile.Origin == Origin.Renewing && draws.Chance(DrawPurpose.OtherLastYear, _population.OtherLastYear);

    private static EnrolmentRecord OnOtherSide(in StudentProfile profile)
    {
        var category = OtherSideOf(profile.Enrolment.Category);
        return profile.Enrolment with
        {
            Category = category,
            PaidTrack = false,
            Institution = Population.InstitutionOf(profile.City, category, 0)
        };
    }

    /// <summary>The private category beside a public one, and the reverse.</summary>
    private static Category OtherSideOf(Category category) => category switch
    {
        Category.PublicUniversity or Category.PublicHigherEducation => Category.PrivateHigherEducation,
        Category.PublicPreparatory => Category.PrivatePreparatory,
        Category.PublicTraditional => Category.PrivateTraditional,
        Category.Ofppt or Category.MinistryVocational => Category.PrivateVocational,
        Category.PrivateHigherEducation => Category.PublicUniversity,
        Category.PrivatePreparatory => Category.PublicPreparatory,
        Category.PrivateTraditional => Category.PublicTraditional,
        Category.PrivateVocational => Category.Ofppt,
        _ => throw new ArgumentOutOfRangeException(nameof(category), category, "not a category of the scheme"),
    };
}
