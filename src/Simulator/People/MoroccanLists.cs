using System.Globalization;
using Amoe.Engine.Text;
using YamlDotNet.RepresentationModel;

namespace Amoe.Simulator.People;

/// <summary>A name in French and in Arabic.</summary>
internal sealed record Bilingual(string French, string Arabic);

/// <param name="CinLetters">With which the numbers of its identity cards begin.</param>
internal sealed record City(Bilingual Name, string CinLetters);

/// <summary>What is drawn as often as its weight says.</summary>
internal interface IWeighted
{
    int Weight { get; }
}

internal sealed record Specialty(string Name, int Weight) : IWeighted;

/// <param name="Words">What such a place is called.</param>
internal sealed record Place(string Name, int Weight, string[] Words) : IWeighted;

internal sealed record Substance(string Name, string[] Strengths, string[] Forms);

/// <summary>The lists of names.yaml and care.yaml.</summary>
internal sealed record MoroccanLists(
    Bilingual[] Women, Bilingual[] Men, Bilingual[] Families, Bilingual[] Streets, City[] Cities,
    Specialty[] Specialties, Place[] Places, string[] Signs, string[] Schools, Substance[] Substances)
{
    public string[] MassarLetters { get; } = ["D", "E", "F", "G", "H", "J", "K", "L", "M", "N", "P", "R", "S"];

    /// <summary>The second and third digit of banks' codes.</summary>
    public string[] Banks { get; } = ["07", "11", "13", "21", "22", "25", "45", "50"];

    public static MoroccanLists Read()
    {
        var names = new ListFile("names.yaml", "women", "men", "families", "streets", "cities");
        var care = new ListFile("care.yaml", "specialties", "places", "signs", "schools", "substances");
        return new MoroccanLists(
            names.Names("women"), names.Names("men"), names.Names("families"), names.Names("streets"),
            names.Rows("cities", ["fr", "ar", "cin"], row => new City(new Bilingual(row.Text("fr"), row.Text("ar")), row.Text("cin"))),
            care.Rows("specialties", ["name", "weight"], row => new Specialty(row.Text("name"), Weight(row))),
            care.Rows("places", ["name", "weight", "words"], row => new Place(row.Text("name"), Weight(row), care.Words(row["words"], "words"))),
            care.Words("signs"), care.Words("schools"),
            care.Rows("substances", ["name", "strengths", "forms"], row => new Substance(
                row.Text("name"), care.Words(row["strengths"], "strengths"), care.Words(row["forms"], "forms"))));
    }

    private static int Weight(YamlMap row) => int.Parse(row.Text("weight"), NumberStyles.None, CultureInfo.InvariantCulture);

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

        public T[] Rows<T>(string key, string[] fields, Func<YamlMap, T> read) => [.. _file.List(_root[key], key).Select(node => read(_file.Map(node, $"an entry of '{key}'", fields)))];

        public Bilingual[] Names(string key) => Rows(key, ["fr", "ar"], row => new Bilingual(row.Text("fr"), row.Text("ar")));

        public string[] Words(string key) => Words(_root[key], key);

        public string[] Words(YamlNode node, string what) => [.. _file.List(node, what).Select(word => _file.Text(word, what))];
    }
}
