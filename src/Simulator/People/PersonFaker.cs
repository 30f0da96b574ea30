using System.Globalization;
using Bogus;

namespace Amoe.Simulator.People;

/// <summary>Makes the person behind a student's index, agreeing with the student's profile.</summary>
internal sealed class PersonFaker : Faker<Person>
{
    /// <param name="index">The student's, which makes the address of electronic mail unique.</param>
    public PersonFaker(StudentProfile profile, City city, uint index)
    {
        StrictMode(true);
        var (first, last) = (new Bilingual("", ""), new Bilingual("", ""));
        var (street, house) = (new Bilingual("", ""), "");
        RuleFor(person => person.Female, profile.Female);
        RuleFor(person => person.BirthDate, profile.Enrolment.BirthDate);
        RuleFor(person => person.FirstName, f => (first = f.Morocco().FirstName(profile.Female)).French);
        RuleFor(person => person.FirstNameArabic, () => first.Arabic);
        RuleFor(person => person.LastName, f => (last = f.Morocco().LastName()).French);
        RuleFor(person => person.LastNameArabic, () => last.Arabic);
        RuleFor(person => person.Cin, f => f.Morocco().Cin(city));
        RuleFor(person => person.Massar, f => f.Morocco().Massar());
        RuleFor(
            person => person.Email,
            () =>
                $"{Morocco.Plain(first.French)}.{Morocco.Plain(last.French)}{index.ToString(CultureInfo.InvariantCulture)}@etudiant.example.ma");
        RuleFor(person => person.Rib, f => profile.Enrolment.HasBankAccount ? f.Morocco().Rib() : null);
        RuleFor(person => person.Address, f =>
        {
            (street, house) = (f.Morocco().Street(), f.Random.Number(1, 180).ToString(CultureInfo.InvariantCulture));
            return $"{house} {street.French}, {city.Name.French}";
        });
        RuleFor(person => person.AddressArabic, () => $"{house} {street.Arabic}، {city.Name.Arabic}");
    }
}
