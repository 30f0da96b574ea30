using Amoe.Engine.Reference;

namespace Amoe.Engine.Tests.Reference;

/// <summary>The desks and universities of the leaflets are all there, with their Arabic names.</summary>
public sealed class PlacesTests
{
    private static readonly Desk[] Onousc = [.. ReferenceData.Desks.Where(desk => desk.Network == DeskNetwork.Onousc)];
    private static readonly Desk[] Ofppt = [.. ReferenceData.Desks.Where(desk => desk.Network == DeskNetwork.Ofppt)];

    [Fact]
    public void ONOUSC_has_34_desks_in_31_towns_three_in_Rabat_and_two_in_Fes()
    {
        Assert.Equal(34, Onousc.Length);
        Assert.Equal(31, Onousc.Select(desk => desk.Town).Distinct().Count());
        Assert.Equal(31, Onousc.Select(desk => desk.TownArabic).Distinct().Count());
        Assert.Equal(
            ["الحي الجامعي السويسي 2", "الحي الجامعي السويسي 1", "الحي الجامعي أكدال"],
            Onousc.Where(desk => desk.Town == "Rabat").Select(desk => desk.NameArabic));
        Assert.Equal(
            ["الدار البيضاء"], Onousc.Where(desk => desk.Town == "Casablanca").Select(desk => desk.TownArabic));
        Assert.Equal(2, Onousc.Count(desk => desk.TownArabic == "فاس"));
        Assert.All(
            Onousc.CountBy(desk => desk.Town),
            town => Assert.Equal(town.Key switch { "Rabat" => 3, "Fès" => 2, _ => 1 }, town.Value));
    }

    [Fact]
    public void OFPPT_has_11_regional_directorates_at_10_addresses_two_of_them_in_Casablanca()
    {
        Assert.Equal(11, Ofppt.Length);
        Assert.Equal(11, Ofppt.Select(desk => desk.NameArabic).Distinct().Count());
        Assert.Equal(10, Ofppt.Select(desk => desk.AddressArabic).Distinct().Count());
        Assert.Single(Ofppt.Where(desk => desk.Town == "Casablanca").Select(desk => desk.AddressArabic).Distinct());
    }

    [Fact]
    public void The_fund_is_desk_1_and_ids_run_on_from_it()
    {
        Assert.Equal(DeskNetwork.Fund, ReferenceData.Desk(ReferenceData.FundDeskId).Network);
        Assert.Single(ReferenceData.Desks, desk => desk.Network == DeskNetwork.Fund);
        Assert.Equal(Enumerable.Range(1, 46), ReferenceData.Desks.Select(desk => desk.Id));
        Assert.All(ReferenceData.Desks, desk => Assert.Same(desk, ReferenceData.Desk(desk.Id)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(47)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void There_is_no_other_desk(int id)
    {
        Assert.False(ReferenceData.HasDesk(id));
        Assert.Throws<ArgumentOutOfRangeException>(() => ReferenceData.Desk(id));
    }

    [Theory]
    [InlineData("Essaouira", "كلم 9، طريق أكادير، الصويرة الجديدة (الفهازوة) ص.ب 383")]
    [InlineData("Khouribga", "حي الزيتونة، ص.ب 145، خريبكة، 25000")]
    [InlineData("Berrechid", "حي التقدم، معبر الجزائر، ص.ب 218، برشيد")]
    [InlineData("Tanger", "ص.ب 1172، الحي الجامعي، طنجة الرئيسية")]
    [InlineData("Nador", "ص.ب 300، سلوان، 62 700، الناظور")]
    [InlineData("Marrakech", "أمرشيش، ص.ب 2395")]
    public void Addresses_are_kept_as_the_better_leaflet_prints_them(string town, string address) =>
        Assert.Equal(address, Assert.Single(Onousc, desk => desk.Town == town).AddressArabic);

    [Fact]
    public void Arabic_is_in_Arabic_script_and_French_in_Latin()
    {
        Assert.All(
            ReferenceData.Desks.SelectMany(desk => new[] { desk.NameArabic, desk.TownArabic, desk.AddressArabic }),
            IsArabic);
        Assert.All(ReferenceData.Universities.Select(university => university.NameArabic), IsArabic);
        Assert.All(
            ReferenceData.Desks.SelectMany(desk => new[] { desk.Name, desk.Town }),
            text => Assert.DoesNotContain(text, IsArabicLetter));
    }

    [Fact]
    public void Twelve_universities_have_twelve_sites()
    {
        Assert.Equal(Enumerable.Range(1, 12), ReferenceData.Universities.Select(university => university.Id));
        Assert.Equal(12, ReferenceData.Universities.Select(university => university.Site).Distinct().Count());
        Assert.Equal(
            "http://ent.uit.ac.ma/ent/",
            Assert.Single(ReferenceData.Universities, university => university.Name == "Université Ibn Tofail").Site);
        Assert.Equal(
            "http://entissab.ump.ma/preinscription/couverture/login.php",
            Assert.Single(ReferenceData.Universities, university => university.Town == "Oujda").Site);
    }

    [Fact]
    public void An_id_out_of_order_is_refused_with_its_line()
    {
        const string yaml = "universities:\n  - { id: 2, name: a, name_arabic: b, town: c, site: d }\n";
        var error = Assert.Throws<InvalidDataException>(() => ReferenceData.ReadUniversities("mine.yaml", yaml));
        Assert.Equal("mine.yaml, line 2: 'id' must be from 1 to 1, not 2", error.Message);
    }

    // Letters of the Arabic block only: no presentation form and no replacement character left by an extraction.
    private static void IsArabic(string text)
    {
        Assert.Contains(text, IsArabicLetter);
        Assert.All(
            text,
            letter =>
                Assert.True(
                    letter < 0x80 || letter == '–' || letter is >= '\u0600' and <= '\u06FF',
                    $"U+{(int)letter:X4} in {text}"));
        Assert.DoesNotContain(text, letter => char.IsAsciiLetter(letter) && letter != 'S');
    }

    private static bool IsArabicLetter(char letter) => letter is >= '\u0621' and <= '\u064A';
}
