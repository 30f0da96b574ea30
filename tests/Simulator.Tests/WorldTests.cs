using Amoe.Engine.Vocabulary;
using Amoe.Simulator.People;
using Amoe.Simulator.Scenarios;

namespace Amoe.Simulator.Tests;

public sealed class WorldTests
{
    private static readonly Scenario Scenario = ScenarioReader.Load("national-year");
    private static readonly Population Population = new(Scenario, 42, 1000);
    private static readonly World World = new(Scenario, Population, 42);
    private static readonly Provider[] Providers = [.. Enumerable.Range(1, 500).Select(World.Provider)];
    private static readonly Medicine[] Medicines = [.. Enumerable.Range(1, 500).Select(World.Medicine)];

    [Fact]
    public void What_is_behind_a_number_is_the_same_whenever_asked_for_and_another_under_another_seed()
    {
        var (again, other) = (new World(Scenario, Population, 42), new World(Scenario, Population, 43));
        Assert.Equal((Providers[11], Medicines[11]), (again.Provider(12), again.Medicine(12)));
        Assert.NotEqual(Providers[11], other.Provider(12));
        Assert.NotEqual(Medicines[11], other.Medicine(12));
    }

    [Fact]
    public void Providers_and_their_practitioners_have_numbers_of_their_own_in_the_register() => Assert.All(Providers, provider =>
    {
        Assert.Matches("^[0-9]{9}$", provider.Inpe);
        Assert.Matches("^[0-9]{9}$", provider.Practitioner.Inpe);
        Assert.NotEqual(provider.Inpe, provider.Practitioner.Inpe);
    });

    [Fact]
    public void A_providers_account_carries_its_right_key() =>
        Assert.All(Providers, provider => Assert.Equal(0, (int)(Int128.Parse(provider.Rib, null) % 97)));

    [Fact]
    public void There_is_every_kind_of_place_and_a_pharmacist_in_each_pharmacy()
    {
        Assert.Equal(["clinic", "hospital", "laboratory", "pharmacy", "practice"], Providers.Select(provider => provider.Place).Distinct().Order());
        Assert.All(Providers.Where(provider => provider.Place == "pharmacy"), provider => Assert.Equal("pharmacist", provider.Practitioner.Specialty));
        Assert.All(Providers.Where(provider => provider.Place == "practice"), provider => Assert.EndsWith($"Dr {provider.Practitioner.LastName}", provider.Name, StringComparison.Ordinal));
    }

    [Fact]
    public void A_medicines_barcode_is_moroccan_and_its_check_digit_right() => Assert.All(Medicines, medicine =>
    {
        Assert.StartsWith("611", medicine.Barcode, StringComparison.Ordinal);
        Assert.Equal(13, medicine.Barcode.Length);
        Assert.Equal(0, medicine.Barcode.Select((digit, i) => (digit - '0') * (i % 2 == 0 ? 1 : 3)).Sum() % 10);
    });

    [Fact]
    public void A_medicines_price_is_what_the_scenario_has_students_pay()
    {
        var paid = Scenario.Care.Amounts[(int)Act.OrdinaryMedicine].UnitCentimes;
        var ordinary = Medicines.Where(medicine => medicine.Act == "ordinary_medicine").ToArray();
        Assert.NotEmpty(ordinary);
        Assert.All(ordinary, medicine => Assert.InRange(medicine.PriceCentimes, paid.Min, paid.Max));
    }

    [Fact]
    public void The_institution_of_a_student_is_of_the_students_category_and_city()
    {
        for (var index = 0u; index < 500; index++)
        {
            var profile = Population.Profile(index);
            var institution = World.Institution(profile.Enrolment.Institution);
            Assert.Equal(Scenario.Population.CityNames[profile.City], institution!.City);
            Assert.Equal(profile.Enrolment.Category, Population.PlaceOf(profile.Enrolment.Institution).Category);
        }
    }

    [Fact]
    public void A_number_of_no_city_is_no_institution() => Assert.Null(World.Institution(1));
}
