using System.Globalization;
using Amoe.Engine.Text;
using Amoe.Engine.Vocabulary;
using YamlDotNet.RepresentationModel;

namespace Amoe.Simulator.People;

/// <summary>A name in French and in Arabic.</summary>
internal sealed record Bilingual(string French, string Arabic);

/// <param name="CinLetters">With which the numbers of its identity cards begin.</param>
internal sealed record City(Bilingual Name, string CinLetters);

/// <summary>A kind of provider of care.</summary>
/// <param name="Name">Such as <c>pharmacy</c>.</param>
/// <param name="Weight">How many there are, beside the others.</param>
/// <param name="Words">What such a place is called.</param>
/// <param name="Specialty">Of those who practise there; empty where it is drawn.</param>
/// <param name="Sector">In the public sector and abroad it gives every act.</param>
/// <param name="Acts">What is given there, in the private sector.</param>
/// <param name="CitiesAbroad">Where it is; empty where that is in the scenario's cities.</param>
internal sealed record Place(
    string Name, int Weight, string[] Words, string Specialty, CareSector Sector, Act[] Acts, string[] CitiesAbroad)
{
    /// <summary>It bears the name of the one who practises there.</summary>
    public bool IsPractice => Name.EndsWith("practice", StringComparison.Ordinal);
}

/// <summary>How many medicines the scheme has of an act.</summary>
internal readonly record struct MedicineCount(Act Act, int Count);

internal sealed record Substance(string Name, string[] Strengths, string[] Forms);

/// <summary>The lists of names.yaml and care.yaml.</summary>
internal sealed record MoroccanLists(
    Bilingual[] Women, Bilingual[] Men, Bilingual[] Families, Bilingual[] Streets, City[] Cities,
    string[] Specialties, Place[] Places, MedicineCount[] Medicines, string[] Signs, string[] Schools,
    Substance[] Substances)
{
    public string[] MassarLetters { get; } = ["D", "E", "F", "G", "H", "J", "K", "L", "M", "N", "P", "R", "S"];

    /// <summary>The second and third digit of banks' codes.</summary>
    public string[] Banks { get; } = ["07", "11", "13", "21", "22", "25", "45", "50"];

    public static MoroccanLists Read()
    {
        var names = new ListFile("names.yaml", "women", "men", "families", "streets", "cities");
        var care = new ListFile("care.yaml", "specialties", "places", "medicines", "signs", "schools", "substances");
        return new MoroccanLists(
            names.Names("women"), names.Names("men"), names.Names("families"), names.Names("streets"),
            names.Rows(
                "cities", ["fr", "ar", "cin"],
                row => new City(new Bilingual(row.Text("fr"), row.Text("ar")), row.Text("cin"))),
            care.Words("specialties"),
            care.Rows("places", ["name", "weight", "words", "specialty", "sector", "acts", "cities"], care.Place),
            care.Rows(
                "medicines", ["act", "count"],
                row => new MedicineCount(Named<Act>(row.Text("act")), Whole(row, "count"))),
            care.Words("signs"), care.Words("schools"),
            care.Rows("substances", ["name", "strengths", "forms"], row => new Substance(
                row.Text("name"), care.Words(row["strengths"], "strengths"), care.Words(row["forms"], "forms"))));
    }

    private static int Whole(YamlMap row, string key) =>
        int.Parse(row.Text(key), NumberStyles.None, CultureInfo.InvariantCulture);

    private static T Named<T>(string name)
        where T : struct, Enum =>
        SnakeCase<T>.TryParse(name, out var value)
            ? value
            : throw new InvalidDataException($"care.yaml: there is no {typeof(T).Name} '{name}'");

    private sealed class ListFile
    {
        private readonly YamlFile _file;
        private readonly YamlMap _root;

        public ListFile(string name, params string[] keys)
        {
            using var stream = typeof(MoroccanLists).Assembly.GetManifestResourceStream("people/" + name)!;
            using var reader = new StreamReader(stream);
            _file = new YamlFile(name, message => new InvalidDataException(message));
            _root = _file.Map(_file.Parse(reader.ReadToEnd()), name, keys);
        }

        public T[] Rows<T>(string key, string[] fields, Func<YamlMap, T> read) =>
            [.. _file.List(_root[key], key).Select(node => read(_file.Map(node, $"an entry of '{key}'", fields)))];

        public Bilingual[] Names(string key) =>
            Rows(key, ["fr", "ar"], row => new Bilingual(row.Text("fr"), row.Text("ar")));

        public string[] Words(string key) => Words(_root[key], key);

        public Place Place(YamlMap row) => new(
            row.Text("name"), Whole(row, "weight"), Words(row["words"], "words"),
            row.Find("specialty") is null ? "" : row.Text("specialty"),
            row.Find("sector") is null ? CareSector.Private : Named<CareSector>(row.Text("sector")),
            row.Find("acts") is { } acts ? [.. Words(acts, "acts").Select(Named<Act>)] : [],
            row.Find("cities") is { } cities ? Words(cities, "cities") : []);

        public string[] Words(YamlNode node, string what) =>
            [.. _file.List(node, what).Select(word => _file.Text(word, what))];
    }
}
