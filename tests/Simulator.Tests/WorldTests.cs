using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Text;
using Amoe.Engine.Vocabulary;
using Amoe.Simulator.People;
using Amoe.Simulator.Scenarios;
using Amoe.Simulator.Traffic;

namespace Amoe.Simulator.Tests;

public sealed class WorldTests
{
    private static readonly Scenario Scenario = ScenarioReader.Load("national-year");
    private static readonly Population Population = new(Scenario, 42, 1000);
    private static readonly World World = new(Scenario, Population);
    private static readonly Provider[] Providers = [.. Enumerable.Range(1, World.Providers.Max)
        .Where(number => number % 24 == 0)
        .Select(World.Provider)];
    private static readonly Medicine[] Medicines = [.. Enumerable.Range(1, Formulary.Max)
        .Select(number => World.Medicines[number])];

    private static World Other => new(Scenario, new Population(Scenario, 43, 1000));

    [Fact]
    public void What_is_behind_a_number_is_the_same_whenever_asked_for_and_another_under_another_seed()
    {
        var again = new World(Scenario, Population);
        Assert.Equal((World.Provider(12), Medicines[11]), (again.Provider(12), again.Medicines[12]));
        Assert.NotEqual(World.Provider(12), Other.Provider(12));
        Assert.NotEqual(Medicines[11], Other.Medicines[12]);
    }

    [Fact]
    public void Providers_and_their_practitioners_have_numbers_of_their_own_in_the_register() =>
        Assert.All(AtHome, provider =>
        {
            Assert.Matches("^[0-9]{9}$", provider.Inpe);
            Assert.Matches("^[0-9]{9}$", provider.Practitioner.Inpe);
            Assert.NotEqual(provider.Inpe, provider.Practitioner.Inpe);
        });

    [Fact]
    public void A_providers_account_carries_its_right_key() =>
        Assert.All(AtHome, provider => Assert.Equal(0, (int)(Int128.Parse(provider.Rib, null) % 97)));

    [Fact]
    public void A_hospital_abroad_has_no_number_in_the_register_and_no_moroccan_account()
    {
        var abroad = World.Provider(World.Providers.Max);
        Assert.Equal(
            ("hospital_abroad", "", "", ""), (abroad.Place, abroad.Inpe, abroad.Rib, abroad.Practitioner.Inpe));
        Assert.DoesNotContain(abroad.City, Scenario.Population.CityNames);
    }

    [Fact]
    public void There_is_every_kind_of_place_and_a_pharmacist_in_each_pharmacy()
    {
        Assert.Equal(
            Morocco.Places.Select(place => place.Name).Except(["hospital_abroad"]).Order(),
            AtHome.Select(provider => provider.Place).Distinct().Order());
        Assert.All(
            Providers.Where(provider => provider.Place == "pharmacy"),
            provider => Assert.Equal("pharmacist", provider.Practitioner.Specialty));
        Assert.All(
            Providers.Where(provider => provider.Place == "general_practice"),
            provider =>
                Assert.EndsWith($"Dr {provider.Practitioner.LastName}", provider.Name, StringComparison.Ordinal));
    }

    [Fact]
    public void Providers_are_as_many_in_a_city_as_its_students_are_beside_the_others()
    {
        var inCasablanca = Providers.Count(provider => provider.City == "Casablanca");
        Assert.InRange(inCasablanca, Providers.Length * 0.16, Providers.Length * 0.18);
    }

    /// <summary>A scenario may have fewer providers than there are kinds of places in its cities.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(12_000)]
    public void Every_provider_of_an_act_is_one_of_the_existing_providers(int providers)
    {
        var register = new ProviderRegister(Scenario with { Filing = Scenario.Filing with { Providers = providers } });
        for (var city = 0; city < Scenario.Population.CityNames.Count; city++)
        {
            foreach (var act in SnakeCase<Act>.Values.Where(act => act != Act.None))
            {
                foreach (var bits in new[] { ulong.MinValue, ulong.MaxValue })
                {
                    Assert.InRange(register.Draw(act, CareSector.Private, city, bits), 1, providers);
                    Assert.InRange(register.Draw(act, CareSector.Public, city, bits), 1, providers);
                }
            }

            Assert.InRange(register.Draw(Act.CareAbroad, CareSector.Abroad, city, ulong.MaxValue), 1, providers);
        }
    }

    [Fact]
    public void The_provider_of_a_claim_gives_its_first_act_and_mostly_where_the_student_is()
    {
        var (claims, atHome) = (Claims(), 0);
        foreach (var claim in claims)
        {
            var (place, city) = World.Providers.Of(claim.Provider);
            var first = claim.Lines[0];
            Assert.Equal(first.Sector, place.Sector);
            Assert.True(
                first.Sector != CareSector.Private || place.Acts.Contains(first.Act),
                $"{place.Name} gives no {first.Act}");
            atHome += city == Population.Profile(Population.IndexOf(claim.Student)).City ? 1 : 0;
        }

        // 12 % are treated elsewhere, and some of these happen to be at home.
        Assert.InRange(atHome, claims.Count * 0.84, claims.Count * 0.94);
    }

    [Fact]
    public void A_line_of_medicine_costs_so_many_boxes_of_a_medicine_of_its_act()
    {
        var prices = Medicines.ToLookup(
            medicine => medicine.Act, medicine => (medicine.PriceCentimes, medicine.GenericCentimes));
        var lines = Claims()
            .Where(claim => !Sheet.IsAgain(Sheet.NumberOf(claim.Claim)))
            .SelectMany(claim => claim.Lines)
            .Where(line => prices.Contains(SnakeCase<Act>.NameOf(line.Act)))
            .ToList();
        Assert.NotEmpty(lines);
        Assert.All(lines, line =>
        {
            var box = (int)line.PaidCentimes / line.Quantity;
            Assert.Contains(prices[SnakeCase<Act>.NameOf(line.Act)], price => price.PriceCentimes == box);
        });
    }

    [Fact]
    public void Some_medicines_have_a_generic_which_costs_less_and_those_that_are_not_reimbursed_none()
    {
        var ordinary = Medicines.Where(medicine => medicine.Act == "ordinary_medicine").ToList();
        Assert.InRange(
            ordinary.Count(medicine => medicine.GenericCentimes > 0), ordinary.Count * 0.42, ordinary.Count * 0.48);
        Assert.All(ordinary, medicine => Assert.InRange(medicine.GenericCentimes, 0, medicine.ReferenceCentimes - 1));
        Assert.All(
            ordinary,
            medicine =>
                Assert.InRange(medicine.ReferenceCentimes, medicine.PriceCentimes * 9 / 10, medicine.PriceCentimes));
        Assert.All(
            Medicines.Where(medicine => medicine.Act == "non_reimbursable_medicine"),
            medicine => Assert.Equal((0, 0), (medicine.ReferenceCentimes, medicine.GenericCentimes)));
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

    private static IEnumerable<Provider> AtHome => Providers.Where(provider => provider.Place != "hospital_abroad");

    private static List<DepositClaim> Claims() =>
        [.. new Rehearsal().Open().Run().Sent.Select(sent => sent.Command).OfType<DepositClaim>()];
}
