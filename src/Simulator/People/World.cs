using Amoe.Engine.Domain;
using Amoe.Simulator.Scenarios;
using Bogus;

namespace Amoe.Simulator.People;

/// <summary>
/// The invented world that a year's traffic is drawn from: who there is, where, and what medicines cost. Each document
/// is a function of seed and number. Most are slow to make beside the engine, and never on its way, which knows numbers
/// alone; medicines are made once, for their prices.
/// </summary>
internal sealed class World
{
    private readonly Scenario _scenario;
    private readonly Population _population;
    private readonly Lazy<Formulary> _medicines;

    public World(Scenario scenario, Population population)
    {
        (_scenario, _population) = (scenario, population);
        _medicines = new Lazy<Formulary>(() =>
            new Formulary(scenario.Care, (faker, number) => Make(faker, Kind.Medicine, (uint)number)));
        Providers = new ProviderRegister(scenario);
    }

    public ProviderRegister Providers { get; }

    /// <summary>Made when first asked for, which takes a tenth of a second.</summary>
    public Formulary Medicines => _medicines.Value;

    /// <summary>The person behind a student's index.</summary>
    public Person Person(uint index)
    {
        var profile = _population.Profile(index);
        return Make(
            new PersonFaker(profile, Morocco.CityOf(_scenario.Population.CityNames[profile.City]), index), Kind.Person,
            index);
    }

    /// <summary>The provider that claims name by a number.</summary>
    public Provider Provider(int number)
    {
        var (place, city) = Providers.Of(number);
        return Make(
            new ProviderFaker(place, city is { } known ? _scenario.Population.CityNames[known] : null), Kind.Provider,
            (uint)number);
    }

    /// <summary>
    /// The institution that declarations name by a number; null where the scenario has no such city or category.
    /// </summary>
    public Institution? Institution(int number)
    {
        var (city, category) = Population.PlaceOf(number);
        return (uint)city < (uint)_scenario.Population.CityNames.Count && Enum.IsDefined(category)
            ? Make(
                new InstitutionFaker(category, Morocco.CityOf(_scenario.Population.CityNames[city])), Kind.Institution,
                (uint)number)
            : null;
    }

    // Bogus takes 31 bits of seed: the hash spreads neighbouring numbers over them.
    private T Make<T>(Faker<T> faker, Kind kind, uint number)
        where T : class =>
            faker.UseSeed((int)(Mixing.Mix(_population.Seed, (ulong)kind << 32 | number) >> 33)).Generate();

    private enum Kind
    {
        Person,
        Provider,
        Medicine,
        Institution,
    }
}
