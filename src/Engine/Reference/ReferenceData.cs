using Amoe.Engine.Text;
using YamlDotNet.RepresentationModel;

namespace Amoe.Engine.Reference;

/// <summary>
/// The scheme's places and who goes where, from the YAML that comes with the program. Facts, unlike the dated rules of
/// the rulebook.
/// </summary>
public static class ReferenceData
{
    private static readonly Desk[] AllDesks = ReadDesks("desks.yaml", ReadEmbedded("desks.yaml"));
    private static readonly University[] AllUniversities = ReadUniversities(
        "universities.yaml", ReadEmbedded("universities.yaml"));
    private static readonly CategoryTable Categories = CategoryTable.Read(
        "categories.yaml", ReadEmbedded("categories.yaml"));

    /// <summary>The desk of the fund itself: by post or at a regional office.</summary>
    public const int FundDeskId = 1;

    /// <summary>Every desk, in the order of their ids, which run from 1 without a gap.</summary>
    public static IReadOnlyList<Desk> Desks => AllDesks;

    /// <summary>Every public university, in the order of their ids, which run from 1 without a gap.</summary>
    public static IReadOnlyList<University> Universities => AllUniversities;

    /// <summary>Per category, the set of networks that take its claim files, one bit each.</summary>
    internal static byte[] ClaimNetworks => Categories.ClaimNetworks;

    /// <summary>Per category, its declaration channel.</summary>
    internal static DeclarationChannel[] Channels => Categories.Channels;

    internal static IReadOnlyDictionary<DeclarationChannel, string> Sites => Categories.Sites;

    /// <summary>Whether there is a desk of that id.</summary>
    public static bool HasDesk(int id) => (uint)(id - 1) < (uint)AllDesks.Length;

    /// <summary>The desk of an id.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public static Desk Desk(int id) =>
        HasDesk(id) ? AllDesks[id - 1] : throw new ArgumentOutOfRangeException(nameof(id), id, "no desk has this id");

    internal static Desk[] ReadDesks(string fileName, string yaml)
    {
        var (file, rows) = Rows(fileName, yaml, "desks");
        var desks = rows.Select((row, index) =>
        {
            var map = file.Map(
                row, "a desk", "id", "network", "name", "town", "town_arabic", "name_arabic", "address_arabic");
            return new Desk(
                IdOf(file, map, index),
                file.Name<DeskNetwork>(map["network"], "'network' of a desk"),
                map.Text("name"),
                map.Text("town"),
                map.Text("town_arabic"),
                map.Text("name_arabic"),
                map.Text("address_arabic"));
        });
        return [.. desks];
    }

    internal static University[] ReadUniversities(string fileName, string yaml)
    {
        var (file, rows) = Rows(fileName, yaml, "universities");
        var universities = rows.Select((row, index) =>
        {
            var map = file.Map(row, "a university", "id", "name", "name_arabic", "town", "site");
            return new University(
                IdOf(file, map, index), map.Text("name"), map.Text("name_arabic"), map.Text("town"), map.Text("site"));
        });
        return [.. universities];
    }

    internal static YamlFile FileOf(string fileName) => new(fileName, message => new InvalidDataException(message));

    private static (YamlFile File, IList<YamlNode> Rows) Rows(string fileName, string yaml, string key)
    {
        var file = FileOf(fileName);
        return (file, file.List(file.Map(file.Parse(yaml), fileName, key)[key], key));
    }

    /// <summary>
    /// Ids run from 1 in the order of the file, so that a look-up is an index and none can be reused.
    /// </summary>
    private static int IdOf(YamlFile file, YamlMap row, int index) =>
        (int)file.Whole(row["id"], "'id'", index + 1, index + 1);

    private static string ReadEmbedded(string name)
    {
        using var stream = typeof(ReferenceData).Assembly.GetManifestResourceStream("reference/" + name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
