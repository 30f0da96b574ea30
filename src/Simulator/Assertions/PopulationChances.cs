using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Rules;
using Amoe.Engine.Vocabulary;
using Amoe.Simulator.Scenarios;

namespace Amoe.Simulator.Assertions;

/// <summary>
/// The chances of one student's category, coverage, age and acceptance, worked out from the scenario's shares.
/// </summary>
internal sealed class PopulationChances(Scenario scenario, Rulebook rulebook)
{
    private const int Birthdays = 365;

    private readonly PopulationModel _population = scenario.Population;
    private readonly RegistrationModel _registration = scenario.Registration;

    /// <summary>Of all students, those who declare.</summary>
    public double Declares => (double)_population.Declarations / _population.Students;

    /// <summary>Of all students, those whose university sends their file again.</summary>
    private double Resent => (double)_population.Resent / _population.Students;

    /// <summary>
    /// Of all students, those with an application: declarations without coverage, and files sent again.
    /// </summary>
    public double Applies => Declares * Coverage(CoverageKind.None) + Resent;

    /// <summary>
    /// Of all students, those who are accepted (E1-E3): no file of theirs is lost, they are eligible, and ANAM finds no
    /// coverage.
    /// </summary>
    public double Accepted()
    {
        var declared = Chances.Of(_registration.DeclarationDays).ToList();
        var resent = Enumerable.Range(
            _registration.ResendDays.Min, _registration.ResendDays.Max - _registration.ResendDays.Min + 1)
            .Select(day => (day, 1.0 / (_registration.ResendDays.Max - _registration.ResendDays.Min + 1))).ToList();
        var eligible = Categories().Sum(entry => entry.Chance * (1 - Chances.Of(entry.Value.Covered))
            * Chances.Of(entry.Value.Cycles).Sum(cycle =>
                cycle.Chance * Eligible(cycle.Value, entry.Value.Ages, declared)));
        var again = Eligible(_population.ResentCategory.Cycles.Values[0], _population.ResentCategory.Ages, resent);
        return (Declares * eligible * (1 - Chances.Of(_registration.NeverForwarded))
            + Resent * again) * (1 - Chances.Of(_registration.AnamFinds));
    }

    /// <summary>Of those who declare.</summary>
    public double Of(Category category) =>
        Categories().Where(entry => entry.Value.Category == category).Sum(entry => entry.Chance);

    /// <summary>Of those who declare.</summary>
    public double Coverage(CoverageKind coverage)
    {
        var covered = Categories().Sum(entry => entry.Chance * Chances.Of(entry.Value.Covered));
        return coverage == CoverageKind.None ? 1 - covered
            : covered * Chances.Of(_population.CoverageKinds)
                .Where(kind => kind.Value == coverage)
                .Sum(kind => kind.Chance);
    }

    /// <summary>
    /// Of those who declare, those whose age on the opening day is in a band of <see cref="MarginalNames.AgeBands"/>.
    /// </summary>
    public double OfAge(int band) => Categories().Sum(entry =>
        entry.Chance * Chances.Of(entry.Value.Ages)
            .Where(age => MarginalNames.BandOf(age.Value) == band)
            .Sum(age => age.Chance));

    /// <summary>E1 and E2, by the rules of the day of registration.</summary>
    private double Eligible(Cycle cycle, Table<int> ages, IReadOnlyList<(int Value, double Chance)> days) =>
        days.Sum(on =>
        {
            var date = scenario.Horizon.Opens.AddDays(on.Value);
            var rules = rulebook.On(date);
            return !rules.IsEligible(cycle) ? 0
                : rules.IsExemptFromAgeLimit(cycle) ? on.Chance
                : on.Chance * Chances.Of(ages).Sum(age => age.Chance * UpTo(rules.AgeMaxYears, age.Value, date));
        });

    /// <summary>
    /// Of those of an age on the opening day, those who are not older than the limit on a later date: birthdays are
    /// spread evenly over the year.
    /// </summary>
    private double UpTo(int limit, int age, DateOnly date)
    {
        // Of most ages the youngest are past the limit already, or the oldest are not.
        if (!IsYoung(0))
            return 0;
        if (IsYoung(Birthdays - 1))
            return 1;
        return (double)Enumerable.Range(0, Birthdays).Count(IsYoung) / Birthdays;

        bool IsYoung(int daysSinceBirthday) =>
            Entitlement.AgeOn(scenario.Horizon.Opens.AddYears(-age).AddDays(-daysSinceBirthday), date) <= limit;
    }

    private IEnumerable<(CategoryModel Value, double Chance)> Categories() => Chances.Of(_population.Categories);
}
