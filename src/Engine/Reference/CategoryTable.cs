using Amoe.Engine.Text;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Reference;

/// <summary>D2's table, by category.</summary>
internal sealed record CategoryTable(
    byte[] ClaimNetworks, DeclarationChannel[] Channels, IReadOnlyDictionary<DeclarationChannel, string> Sites)
{
    /// <exception cref="InvalidDataException">One line: file, line, cause.</exception>
    public static CategoryTable Read(string fileName, string yaml)
    {
        var file = ReferenceData.FileOf(fileName);
        var root = file.Map(file.Parse(yaml), fileName, "categories", "sites");
        var size = SnakeCase<Category>.Values.Max(category => (int)category) + 1;
        var (networks, channels) = (new byte[size], new DeclarationChannel[size]);
        foreach (var row in file.List(root["categories"], "categories"))
        {
            var map = file.Map(row, "a category", "category", "declares_at", "claims_at");
            var category = file.Name<Category>(map["category"], "'category'");
            if (networks[(int)category] != 0)
                throw file.Error(row, $"category '{SnakeCase<Category>.NameOf(category)}' is there twice");
            foreach (var network in file.List(map["claims_at"], "'claims_at'"))
                networks[(int)category] |= (byte)(1 << (int)file.Name<DeskNetwork>(network, "'claims_at'"));
            channels[(int)category] = file.Name<DeclarationChannel>(map["declares_at"], "'declares_at'");
        }
        foreach (var category in SnakeCase<Category>.Values.Where(category => networks[(int)category] == 0))
            throw file.Error(root["categories"], $"category '{SnakeCase<Category>.NameOf(category)}' is missing");
        var siteNames = SnakeCase<DeclarationChannel>.Names.Where(name =>
            name != SnakeCase<DeclarationChannel>.NameOf(DeclarationChannel.UniversitySite)).ToArray();
        var sites = file.Map(root["sites"], "sites", siteNames);
        return new CategoryTable(networks, channels, SnakeCase<DeclarationChannel>.Values
            .Where(channel => channel != DeclarationChannel.UniversitySite)
            .ToDictionary(channel => channel, channel => sites.Text(SnakeCase<DeclarationChannel>.NameOf(channel))));
    }
}
