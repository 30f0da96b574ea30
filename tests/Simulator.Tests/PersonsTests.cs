using System.Text.RegularExpressions;
using Amoe.Simulator.People;
using Amoe.Simulator.Scenarios;

namespace Amoe.Simulator.Tests;

public sealed partial class PersonsTests
{
    private static readonly Scenario Scenario = ScenarioReader.Load("national-year");
    private static readonly Population Population = new(Scenario, 42, 1000);
    private static readonly Person[] People = [.. Enumerable.Range(0, 2_000)
        .Select(i => new World(Scenario, Population).Person((uint)i))];

    [Fact]
    public void A_person_is_the_same_whenever_asked_for()
    {
        Assert.Equal(People[1_234], new World(Scenario, Population).Person(1_234));
        Assert.NotEqual(
            People[1_234], new World(Scenario, new Population(Scenario, 43, Population.Scale)).Person(1_234));
    }

    [Fact]
    public void A_person_agrees_with_the_profile() => Assert.All(People.Index(), pair =>
    {
        var profile = Population.Profile((uint)pair.Index);
        Assert.Equal(profile.Enrolment.BirthDate, pair.Item.BirthDate);
        Assert.Equal(profile.Female, pair.Item.Female);
        Assert.Equal(profile.Enrolment.HasBankAccount, pair.Item.Rib is not null);
        Assert.Contains(Scenario.Population.CityNames[profile.City], pair.Item.Address, StringComparison.Ordinal);
    });

    [Fact]
    public void Card_and_school_numbers_have_their_format() => Assert.All(People, person =>
    {
        Assert.Matches(Cin(), person.Cin);
        Assert.Matches(Massar(), person.Massar);
        Assert.Matches(Email(), person.Email);
    });

    [Fact]
    public void Arabic_names_and_addresses_are_in_Arabic_script() => Assert.All(People, person =>
    {
        Assert.Matches(Arabic(), person.FirstNameArabic);
        Assert.Matches(Arabic(), person.LastNameArabic);
        Assert.DoesNotMatch(Latin(), person.AddressArabic);
    });

    [Fact]
    public void A_bank_account_carries_its_right_key() =>
        Assert.All(People.Where(person => person.Rib is not null), person =>
        {
            Assert.Matches(Rib(), person.Rib);
            Assert.Equal(0, (int)(Int128.Parse(person.Rib!, null) % 97));
        });

    [GeneratedRegex("^[A-Z]{1,2}[0-9]{5,6}$")]
    private static partial Regex Cin();

    [GeneratedRegex("^[A-Z][0-9]{9}$")]
    private static partial Regex Massar();

    [GeneratedRegex(@"^[a-z]+\.[a-z]+[0-9]+@etudiant\.example\.ma$")]
    private static partial Regex Email();

    [GeneratedRegex(@"^[\u0600-\u06FF ]+$")]
    private static partial Regex Arabic();

    [GeneratedRegex("[A-Za-z]")]
    private static partial Regex Latin();

    [GeneratedRegex("^[0-9]{24}$")]
    private static partial Regex Rib();
}
