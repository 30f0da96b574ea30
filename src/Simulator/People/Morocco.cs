using System.Globalization;
using System.Text;
using Bogus;
using Bogus.Premium;

namespace Amoe.Simulator.People;

/// <summary>
/// Morocco as a data set of Bogus: names, cities and streets, and numbers as its offices give them. A rule has it as
/// <c>f.Morocco()</c>, with the faker's own random numbers.
/// </summary>
internal sealed class Morocco : DataSet
{
    private static readonly MoroccanLists _lists = MoroccanLists.Read();

    /// <summary>The kinds of providers of care.</summary>
    public static IReadOnlyList<Place> Places => _lists.Places;

    /// <summary>How many medicines there are of each act that is one.</summary>
    public static IReadOnlyList<MedicineCount> Medicines => _lists.Medicines;

    /// <summary>A name in French and Arabic.</summary>
    public Bilingual FirstName(bool female) => Random.ArrayElement(female ? _lists.Women : _lists.Men);

    public Bilingual LastName() => Random.ArrayElement(_lists.Families);

    public Bilingual Street() => Random.ArrayElement(_lists.Streets);

    /// <summary>A city by its French name; one that the lists do not have is written in French alone.</summary>
    public static City CityOf(string name) =>
        Array.Find(_lists.Cities, city => city.Name.French == name) ?? new City(new Bilingual(name, name), "Z");

    /// <summary>The number of a national identity card: a city's letters and five or six digits.</summary>
    public string Cin(City city) =>
        city.CinLetters + Random.ReplaceNumbers(city.CinLetters.Length == 1 || Random.Bool() ? "######" : "#####");

    /// <summary>The number of a pupil in the register of schools.</summary>
    public string Massar() => Random.ReplaceNumbers(Random.ArrayElement(_lists.MassarLetters) + "1########");

    /// <summary>A bank account with its key.</summary>
    public string Rib() =>
        RibOf(Random.ReplaceNumbers("0" + Random.ArrayElement(_lists.Banks) + "7" + new string('#', 18)));

    /// <summary>A number in the national register of health professionals and establishments.</summary>
    public string Inpe() => Random.ReplaceNumbers("#########");

    /// <summary>The barcode of a product of Morocco: EAN-13, with its check digit.</summary>
    public string Barcode()
    {
        var digits = Random.ReplaceNumbers("611#########");
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
            sum += (digits[i] - '0') * (i % 2 == 0 ? 1 : 3);
        return digits + ((10 - sum % 10) % 10).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Such as <c>Atlas</c>: what practices and schools are called.</summary>
    public string Sign() => Random.ArrayElement(_lists.Signs);

    public string School() => Random.ArrayElement(_lists.Schools);

    public string Specialty() => Random.ArrayElement(_lists.Specialties);

    public Substance Substance() => Random.ArrayElement(_lists.Substances);

    /// <summary>
    /// The account of 22 digits and its key: 97 less the remainder of the account, two places up, by 97.
    /// </summary>
    public static string RibOf(string account)
    {
        var remainder = 0;
        foreach (var digit in account + "00")
            remainder = (remainder * 10 + (digit - '0')) % 97;
        return account + (97 - remainder).ToString("00", CultureInfo.InvariantCulture);
    }

    /// <summary>The letters of a name that an address of electronic mail may have.</summary>
    public static string Plain(string name)
    {
        var plain = new StringBuilder();
        foreach (var letter in name.ToLowerInvariant().Normalize(NormalizationForm.FormD))
        {
            if (char.IsAsciiLetter(letter))
                plain.Append(letter);
        }

        return plain.ToString();
    }
}

/// <summary>Morocco in the rules of a faker.</summary>
internal static class MoroccoOfFaker
{
    public static Morocco Morocco(this Faker faker)
    {
        var morocco = ContextHelper.GetOrSet(faker, () => new Morocco());

        // A data set that is made while a document is made has no part in the faker's seed yet.
        morocco.Random = faker.Random;
        return morocco;
    }
}
