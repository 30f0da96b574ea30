using System.Globalization;
using Amoe.Engine.Reference;
using Amoe.Engine.Text;
using Amoe.Engine.Vocabulary;
using Amoe.Simulator.Scenarios;
using Bogus;

namespace Amoe.Simulator.People;

/// <summary>Makes health professionals.</summary>
internal sealed class PractitionerFaker : Faker<Practitioner>
{
    public PractitionerFaker(Place place)
    {
        StrictMode(true);
        RuleFor(practitioner => practitioner.FirstName, f => f.Morocco().FirstName(f.Random.Bool()).French);
        RuleFor(practitioner => practitioner.LastName, f => f.Morocco().LastName().French);
        RuleFor(
            practitioner => practitioner.Specialty,
            f => place.Specialty.Length > 0 ? place.Specialty : f.Morocco().Specialty());
        RuleFor(practitioner => practitioner.Inpe, f => place.Sector == CareSector.Abroad ? "" : f.Morocco().Inpe());
    }
}

/// <summary>
/// Makes practices, pharmacies, laboratories, clinics and hospitals, each with the one who answers for it. Abroad they
/// have no number in the national register and no Moroccan account.
/// </summary>
internal sealed class ProviderFaker : Faker<Provider>
{
    /// <param name="city">Null for one of the place's own cities.</param>
    public ProviderFaker(Place place, string? city)
    {
        StrictMode(true);
        var isAbroad = place.Sector == CareSector.Abroad;
        RuleFor(provider => provider.Place, place.Name);
        RuleFor(
            provider => provider.Practitioner, f => new PractitionerFaker(place).UseSeed(f.Random.Int()).Generate());
        RuleFor(provider => provider.Name, (f, provider) => place.IsPractice
            ? $"{f.PickRandom(place.Words)} Dr {provider.Practitioner.LastName}"
            : $"{f.PickRandom(place.Words)} {f.Morocco().Sign()}");
        RuleFor(provider => provider.Inpe, f => isAbroad ? "" : f.Morocco().Inpe());
        RuleFor(provider => provider.City, f => city ?? f.PickRandom(place.CitiesAbroad));
        RuleFor(provider => provider.Address, (f, provider) => isAbroad
            ? provider.City
            : $"{f.Random.Number(1, 180).ToString(CultureInfo.InvariantCulture)} {f.Morocco().Street().French}, {provider.City}");
        RuleFor(provider => provider.Rib, f => isAbroad ? "" : f.Morocco().Rib());
    }
}

/// <summary>Makes medicines of an act, at what the scenario has students pay for it.</summary>
internal sealed class MedicineFaker : Faker<Medicine>
{
    /// <summary>The smallest coin.</summary>
    private const int Coin = 5;

    public MedicineFaker(Act act, ActAmounts amounts)
    {
        StrictMode(true);
        RuleFor(medicine => medicine.Act, SnakeCase<Act>.NameOf(act));
        RuleFor(medicine => medicine.Name, f =>
        {
            var substance = f.Morocco().Substance();
            return $"{substance.Name} {f.PickRandom(substance.Strengths)}, {f.PickRandom(substance.Forms)}";
        });
        RuleFor(medicine => medicine.PriceCentimes, f => amounts.UnitCentimes.SkewedAt(f.Random.ULong()) / Coin * Coin);
        RuleFor(
            medicine => medicine.ReferenceCentimes,
            (f, medicine) => PerMille(f, medicine.PriceCentimes, amounts.ReferencePerMille));
        RuleFor(medicine => medicine.GenericCentimes, (f, medicine) =>
            f.Random.Number(Draws.Whole - 1) < amounts.Generic
                ? PerMille(f, medicine.ReferenceCentimes, amounts.GenericPerMille)
                : 0);
        RuleFor(medicine => medicine.Barcode, f => f.Morocco().Barcode());
    }

    private static int PerMille(Faker f, int of, Between perMille) =>
        (int)(of * (long)f.Random.Number(perMille.Min, perMille.Max) / 1000);
}

/// <summary>Makes institutions of a category in a city.</summary>
internal sealed class InstitutionFaker : Faker<Institution>
{
    public InstitutionFaker(Category category, City city)
    {
        StrictMode(true);
        RuleFor(institution => institution.Category, SnakeCase<Category>.NameOf(category));
        RuleFor(institution => institution.City, city.Name.French);
        var university = category == Category.PublicUniversity
            ? ReferenceData.Universities.FirstOrDefault(one => one.Town == city.Name.French)
            : null;
        RuleFor(
            institution => institution.Name,
            f =>
                university is null
                    ? $"{f.Morocco().School()} {f.Morocco().Sign()}"
                    : $"{university.Name}, {f.Morocco().School()} {f.Morocco().Sign()}");
        RuleFor(
            institution => institution.Address,
            f =>
                $"{f.Random.Number(1, 180).ToString(CultureInfo.InvariantCulture)} {f.Morocco().Street().French}, {city.Name.French}");
    }
}
