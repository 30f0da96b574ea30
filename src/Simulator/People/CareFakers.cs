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
    /// <param name="specialty">Null for one that is drawn.</param>
    public PractitionerFaker(string? specialty)
    {
        StrictMode(true);
        RuleFor(practitioner => practitioner.FirstName, f => f.Morocco().FirstName(f.Random.Bool()).French);
        RuleFor(practitioner => practitioner.LastName, f => f.Morocco().LastName().French);
        RuleFor(practitioner => practitioner.Specialty, f => specialty ?? f.Morocco().Specialty());
        RuleFor(practitioner => practitioner.Inpe, f => f.Morocco().Inpe());
    }
}

/// <summary>
/// Makes practices, pharmacies, laboratories, clinics and hospitals, each with the one who answers for it.
/// </summary>
internal sealed class ProviderFaker : Faker<Provider>
{
    public ProviderFaker()
    {
        StrictMode(true);
        var (place, city) = (new Place("", 0, []), new City(new Bilingual("", ""), ""));
        RuleFor(provider => provider.Place, f => (place = f.Morocco().Place()).Name);
        RuleFor(provider => provider.Practitioner, f => new PractitionerFaker(place.Name switch
        {
            "pharmacy" => "pharmacist",
            "laboratory" => "biologist",
            _ => null,
        }).UseSeed(f.Random.Int()).Generate());
        RuleFor(provider => provider.Name, (f, provider) => place.Name == "practice"
            ? $"{f.PickRandom(place.Words)} Dr {provider.Practitioner.LastName}"
            : $"{f.PickRandom(place.Words)} {f.Morocco().Sign()}");
        RuleFor(provider => provider.Inpe, f => f.Morocco().Inpe());
        RuleFor(provider => provider.City, f => (city = f.Morocco().City()).Name.French);
        RuleFor(provider => provider.Address, f => $"{f.Random.Number(1, 180).ToString(CultureInfo.InvariantCulture)} {f.Morocco().Street().French}, {city.Name.French}");
        RuleFor(provider => provider.Rib, f => f.Morocco().Rib());
    }
}

/// <summary>Makes medicines, at prices that the scenario has students pay.</summary>
internal sealed class MedicineFaker : Faker<Medicine>
{
    private static readonly Act[] _acts = [Act.OrdinaryMedicine, Act.ChronicMedicine, Act.ListedCostlyMedicine, Act.NonReimbursableMedicine];

    public MedicineFaker(CareModel care)
    {
        StrictMode(true);
        var act = Act.None;
        RuleFor(medicine => medicine.Act, f => SnakeCase<Act>.NameOf(act = f.PickRandom(_acts)));
        RuleFor(medicine => medicine.IsGeneric, f => f.Random.Number(999) < care.Amounts[(int)act].Generic / 100);
        RuleFor(medicine => medicine.Name, f =>
        {
            var substance = f.Morocco().Substance();
            return $"{substance.Name} {f.PickRandom(substance.Strengths)}, {f.PickRandom(substance.Forms)}";
        });
        RuleFor(medicine => medicine.PriceCentimes, f => f.Random.Number(care.Amounts[(int)act].UnitCentimes.Min / 5, care.Amounts[(int)act].UnitCentimes.Max / 5) * 5);
        RuleFor(medicine => medicine.Barcode, f => f.Morocco().Barcode());
    }
}

/// <summary>Makes institutions of a category in a city.</summary>
internal sealed class InstitutionFaker : Faker<Institution>
{
    public InstitutionFaker(Category category, City city)
    {
        StrictMode(true);
        RuleFor(institution => institution.Category, SnakeCase<Category>.NameOf(category));
        RuleFor(institution => institution.City, city.Name.French);
        var university = category == Category.PublicUniversity ? ReferenceData.Universities.FirstOrDefault(one => one.Town == city.Name.French) : null;
        RuleFor(institution => institution.Name, f => university is null ? $"{f.Morocco().School()} {f.Morocco().Sign()}" : $"{university.Name}, {f.Morocco().School()} {f.Morocco().Sign()}");
        RuleFor(institution => institution.Address, f => $"{f.Random.Number(1, 180).ToString(CultureInfo.InvariantCulture)} {f.Morocco().Street().French}, {city.Name.French}");
    }
}
