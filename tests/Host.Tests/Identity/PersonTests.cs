using Amoe.Host.Identity;

namespace Amoe.Host.Tests.Identity;

public sealed class PersonTests
{
    private static readonly PersonFields _whole = VaultPlace.Fields(1);

    [Fact]
    public void A_whole_person_is_taken_as_it_is()
    {
        var person = VaultPlace.Of(_whole);

        Assert.Equal(_whole, new PersonFields
        {
            Cin = person.Cin,
            Massar = person.Massar,
            FirstName = person.FirstName,
            LastName = person.LastName,
            FirstNameArabic = person.FirstNameArabic,
            LastNameArabic = person.LastNameArabic,
            BirthDate = person.BirthDate,
            Email = person.Email,
            Rib = person.Rib,
        });
    }

    [Fact]
    public void A_minor_without_a_CIN_and_a_foreigner_without_a_Massar_number_are_persons()
    {
        Assert.Null(VaultPlace.Of(_whole with { Cin = " " }).Cin);
        Assert.Null(VaultPlace.Of(_whole with { Massar = null }).Massar);
    }

    [Fact]
    public void Spelling_is_normalised()
    {
        var person = VaultPlace.Of(_whole with
        {
            Cin = "  ab123456 ",
            Massar = "g123456789",
            LastName = "  Ai\u0308t \u00A0 Ouguerd ",
            LastNameArabic = "ا\u0654يت وگرد",
            Email = "Zineb@ETUDIANT.example.MA",
            Rib = " " + _whole.Rib![..3] + " " + _whole.Rib[3..] + " ",
        });

        Assert.Equal(
            ("AB123456", "G123456789", "A\u00EFt Ouguerd", "\u0623يت وگرد", "Zineb@etudiant.example.ma", _whole.Rib),
            (person.Cin, person.Massar, person.LastName, person.LastNameArabic, person.Email, person.Rib));
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once()
    {
        var errors = Person.Check(
            new PersonFields { FirstNameArabic = "Zineb", Email = "zineb", Rib = "12" }, VaultPlace.Today,
            out var person);

        Assert.Null(person);
        Assert.Equal(
            ["birth_date", "cin", "email", "first_name", "first_name_ar", "last_name", "rib"],
            errors.Select(error => error.Field).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("cin", "ABC123456")]
    [InlineData("cin", "654321")]
    [InlineData("cin", "XY")]
    [InlineData("cin", "AB 123456")]
    [InlineData("cin", "AB12345678")]
    [InlineData("cin", "AB12345\u0666")]
    [InlineData("cin", "\uFF21\uFF22123456")]
    [InlineData("massar", "K98765432")]
    [InlineData("massar", "1234567890")]
    [InlineData("first_name", "Zin\u202Eeb")]
    [InlineData("first_name", "Zin\u0000eb")]
    [InlineData("first_name", "Zin\u200Beb")]
    [InlineData("first_name", "Zin\ud83d\ude00eb")]
    [InlineData("first_name", "زينب")]
    [InlineData("first_name", "Zineb2")]
    [InlineData("first_name", "<b>")]
    [InlineData("first_name", "--")]
    [InlineData("first_name", "Z\u0489neb")]
    [InlineData("last_name_ar", "Ouguerd")]
    [InlineData("last_name_ar", "\u061Cوگرد")]
    [InlineData("email", "zineb@example")]
    [InlineData("email", "@nowhere.ma")]
    [InlineData("email", "a b@example.ma")]
    [InlineData("email", "a@b@example.ma")]
    [InlineData("email", "a@-example.ma")]
    [InlineData("email", "<a@example.ma>")]
    [InlineData("email", "a\n@example.ma")]
    [InlineData("rib", "00778000011223344556677")]
    [InlineData("rib", "00778000011223344556677A")]
    public void What_a_field_may_not_have_is_refused_and_not_repeated(string field, string value)
    {
        var error = Assert.Single(Person.Check(With(field, value), VaultPlace.Today, out var person));

        Assert.Null(person);
        Assert.Equal(field, error.Field);
        Assert.DoesNotContain(value, error.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("first_name", PersonForm.NameMax)]
    [InlineData("last_name", PersonForm.NameMax)]
    public void A_name_has_a_longest_length(string field, int max)
    {
        Assert.Empty(Person.Check(With(field, new string('a', max)), VaultPlace.Today, out _));
        Assert.Contains(
            $"longer than {max}",
            Assert.Single(Person.Check(With(field, new string('a', max + 1)), VaultPlace.Today, out _)).Problem,
            StringComparison.Ordinal);
        Assert.Contains(
            "longer than 1000",
            Assert.Single(
                Person.Check(With(field, new string(' ', 2_000)), VaultPlace.Today, out _),
                error => error.Problem.Contains("1000", StringComparison.Ordinal)).Problem,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_has_a_longest_length()
    {
        var longest = new string('a', 64) + "@"
            + string.Join('.', new string('b', 63), new string('c', 63), new string('d', 58), "ma");
        Assert.Equal(PersonForm.EmailMax, longest.Length);
        Assert.Empty(Person.Check(With("email", longest), VaultPlace.Today, out _));
        Assert.Single(Person.Check(With("email", longest + "a"), VaultPlace.Today, out _));
        Assert.Single(Person.Check(With("email", "a" + longest), VaultPlace.Today, out _));
    }

    [Fact]
    public void One_digit_that_differs_anywhere_makes_an_account_disagree_with_its_key()
    {
        for (var i = 0; i < 24; i++)
        {
            var digits = _whole.Rib!.ToCharArray();
            digits[i] = digits[i] == '9' ? '0' : (char)(digits[i] + 1);
            Assert.Single(Person.Check(With("rib", new string(digits)), VaultPlace.Today, out _));
        }
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(-45_000, true)]
    [InlineData(-46_000, false)]
    public void Someone_is_born_within_the_last_125_years(int days, bool isTaken) =>
        Assert.Equal(
            isTaken,
            Person.Check(_whole with { BirthDate = VaultPlace.Today.AddDays(days) }, VaultPlace.Today, out _).Count
                == 0);

    /// <summary>
    /// Checked against Python's unicodedata: marks in any order, on letters that have one or none of them already.
    /// </summary>
    [Theory]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("o\u0302\u0301", "\u1ED1")]
    [InlineData("a\u0301\u0323", "\u1EA1\u0301")]
    [InlineData("\u00E1\u0323", "\u1EA1\u0301")]
    [InlineData("a\u0302\u0323", "\u1EAD")]
    [InlineData("\u1E0D\u0307", "\u1E0D\u0307")]
    [InlineData("C\u0327edille", "\u00C7edille")]
    [InlineData("\u0648\u0654", "\u0624")]
    [InlineData("\u0627\u064E\u0653", "\u0622\u064E")]
    [InlineData("\u0651\u064E", "\u064E\u0651")]
    [InlineData("\u0301e", "\u0301e")]
    public void A_letter_and_its_marks_are_one_character_where_there_is_one(string text, string composed) =>
        Assert.Equal(composed, Composition.Compose(text));

    [Fact]
    public void A_person_is_the_same_after_it_was_bytes()
    {
        var person = VaultPlace.Of(_whole);
        var least = VaultPlace.Of(
            new PersonFields { Massar = "G123456789", FirstName = "Z", LastName = "O", BirthDate = VaultPlace.Today });

        Assert.Equal(person, PersonCodec.Decode(PersonCodec.Encode(person)));
        Assert.Equal(least, PersonCodec.Decode(PersonCodec.Encode(least)));
    }

    [Fact]
    public void Nothing_of_a_person_is_in_its_text()
    {
        Assert.Equal("Person", $"{VaultPlace.Of(_whole)}");
        Assert.Equal("PersonFields", $"{_whole}");
        Assert.Equal("Cin", $"{VaultPlace.Cin("AB123456")}");
    }

    private static PersonFields With(string field, string value) => field switch
    {
        "cin" => _whole with { Cin = value },
        "massar" => _whole with { Massar = value },
        "first_name" => _whole with { FirstName = value },
        "last_name" => _whole with { LastName = value },
        "last_name_ar" => _whole with { LastNameArabic = value },
        "email" => _whole with { Email = value },
        "rib" => _whole with { Rib = value },
        _ => throw new ArgumentOutOfRangeException(nameof(field)),
    };
}
