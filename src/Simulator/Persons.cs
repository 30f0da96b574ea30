using System.Globalization;
using System.Text;
using Amoe.Engine.Domain;
using Amoe.Engine.Text;
using Amoe.Simulator.Scenarios;
using Bogus;
using YamlDotNet.RepresentationModel;

namespace Amoe.Simulator;

/// <summary>An invented person behind a student's index: what the engine never sees.</summary>
/// <param name="Cin">The number of the national identity card.</param>
/// <param name="Massar">The number of the school register.</param>
/// <param name="Rib">The bank account, where one was declared.</param>
internal sealed record Person(
    string FirstName, string LastName, string FirstNameArabic, string LastNameArabic, bool Female, DateOnly BirthDate,
    string Cin, string Massar, string Email, string? Rib, string Address, string AddressArabic);

/// <summary>Makes persons from (seed, index), agreeing with the student's profile. Slow beside the engine, and never on its way.</summary>
internal sealed class Persons(Scenario scenario, Population population, ulong seed)
{
    private static readonly NameLists Lists = NameLists.Read();

    public Person Person(uint index)
    {
        var profile = population.Profile(index);
        // Bogus takes 31 bits of seed: the hash spreads neighbouring indexes over them.
        var random = new Randomizer((int)(Mixing.Mix(seed, index) >> 33));
        var first = random.ArrayElement(profile.Female ? Lists.Women : Lists.Men);
        var last = random.ArrayElement(Lists.Families);
        var street = random.ArrayElement(Lists.Streets);
        var cityName = scenario.Population.CityNames[profile.City];
        var city = Lists.Cities.GetValueOrDefault(cityName) ?? new City(cityName, cityName, "Z");
        var house = random.Number(1, 180).ToString(CultureInfo.InvariantCulture);
        return new Person(
            first.French, last.French, first.Arabic, last.Arabic, profile.Female, profile.Enrolment.BirthDate,
            city.CinLetters + random.ReplaceNumbers(city.CinLetters.Length == 1 ? "######" : random.Bool() ? "#####" : "######"),
            random.ReplaceNumbers(random.ArrayElement(Lists.MassarLetters) + "1########"),
            $"{Plain(first.French)}.{Plain(last.French)}{index.ToString(CultureInfo.InvariantCulture)}@etudiant.example.ma",
            profile.Enrolment.HasBankAccount ? RibOf(random.ReplaceNumbers("0" + random.ArrayElement(Lists.Banks) + "7" + new string('#', 18))) : null,
            $"{house} {street.French}, {city.French}", $"{house} {street.Arabic}، {city.Arabic}");
    }

    /// <summary>The account of 22 digits and its key: 97 less the remainder of the account, two places up, by 97.</summary>
    public static string RibOf(string account)
    {
        var remainder = 0;
        foreach (var digit in account + "00")
            remainder = (remainder * 10 + (digit - '0')) % 97;
        return account + (97 - remainder).ToString("00", CultureInfo.InvariantCulture);
    }

    private static string Plain(string name)
    {
        var plain = new StringBuilder();
        foreach (var letter in name.ToLowerInvariant().Normalize(NormalizationForm.FormD))
        {
            if (char.IsAsciiLetter(letter))
                plain.Append(letter);
        }
        return plain.ToString();
    }

    private sealed record Name(string French, string Arabic);

    private sealed record City(string French, string Arabic, string CinLetters);

    private sealed record NameLists(Name[] Women, Name[] Men, Name[] Families, Name[] Streets, Dictionary<string, City> Cities)
    {
        private const string FileName = "names.yaml";

        public string[] MassarLetters { get; } = ["D", "E", "F", "G", "H", "J", "K", "L", "M", "N", "P", "R", "S"];

        /// <summary>The second and third digit of banks' codes.</summary>
        public string[] Banks { get; } = ["07", "11", "13", "21", "22", "25", "45", "50"];

        public static NameLists Read()
        {
            using var stream = typeof(Persons).Assembly.GetManifestResourceStream("people/" + FileName)!;
            using var reader = new StreamReader(stream);
            var file = new YamlFile(FileName, message => new InvalidDataException(message));
            var root = file.Map(file.Parse(reader.ReadToEnd()), FileName, "women", "men", "families", "streets", "cities");
            return new NameLists(Names("women"), Names("men"), Names("families"), Names("streets"), file.List(root["cities"], "cities")
                .Select(node => file.Map(node, "a city", "fr", "ar", "cin"))
                .ToDictionary(row => row.Text("fr"), row => new City(row.Text("fr"), row.Text("ar"), row.Text("cin")), StringComparer.Ordinal));

            Name[] Names(string key) => [.. file.List(root[key], key).Select(Row)];

            Name Row(YamlNode node)
            {
                var row = file.Map(node, "a name", "fr", "ar");
                return new Name(row.Text("fr"), row.Text("ar"));
            }
        }
    }
}
