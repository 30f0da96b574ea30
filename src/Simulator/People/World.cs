using Amoe.Engine.Domain;
using Amoe.Simulator.Scenarios;
using Bogus;

namespace Amoe.Simulator.People;

/// <summary>
/// The invented world behind the numbers of a year's traffic: each document is a function of seed and number. Slow
/// beside the engine, and never on its way, which knows numbers alone.
/// </summary>
internal sealed class World(Scenario scenario, Population population, ulong seed)
{
    /// <summary>Providers are numbered from 1.</summary>
    public int ProviderMax => scenario.Filing.Providers;

    /// <summary>Medicines are numbered from 1: as many as the nation's list has, roughly.</summary>
    public static int MedicineMax => 5_000;

    /// <summary>The person behind a student's index.</summary>
    public Person Person(uint index)
    {
        var profile = population.Profile(index);
        return Make(new PersonFaker(profile, Morocco.CityOf(scenario.Population.CityNames[profile.City]), index), Kind.Person, index);
    }

    /// <summary>The provider that claims name by a number.</summary>
    public Provider Provider(int number) => Make(new ProviderFaker(), Kind.Provider, (uint)number);

    public Medicine Medicine(int number) => Make(new MedicineFaker(scenario.Care), Kind.Medicine, (uint)number);

    /// <summary>
    /// The institution that declarations name by a number; null where the scenario has no such city or category.
    /// </summary>
    public Institution? Institution(int number)
    {
        var (city, category) = Population.PlaceOf(number);
        return (uint)city < (uint)scenario.Population.CityNames.Count && Enum.IsDefined(category)
            ? Make(new InstitutionFaker(category, Morocco.CityOf(scenario.Population.CityNames[city])), Kind.Institution, (uint)number)
            : null;
    }

    // Bogus takes 31 bits of seed: the hash spreads neighbouring numbers over them.
    private T Make<T>(Faker<T> faker, Kind kind, uint number)
        where T : class => faker.UseSeed((int)(Mixing.Mix(seed, (ulong)kind << 32 | number) >> 33)).Generate();

    private enum Kind
    {
        Person,
        Provider,
        Medicine,
        Institution,
    }
}
