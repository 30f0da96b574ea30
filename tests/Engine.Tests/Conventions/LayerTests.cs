using ArchUnitNET.Domain;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace Amoe.Engine.Tests.Conventions;

/// <summary>
/// Folders are layers: a namespace depends on those before it and on no other. Held on the compiled assemblies
/// (docs/adr/0010).
/// </summary>
public sealed class LayerTests
{
    /// <summary>From the bottom up.</summary>
    private static readonly string[] _layers =
        [
            "Bytes", "Text", "Vocabulary", "Reference", "Rules", "Domain", "Journal", "Figures", "Partitions", "Actors",
            "Replay", "Explaining", "Cases"
        ];

    public static TheoryData<string> Layers => [.. _layers];

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_layer_of_the_engine_uses_only_layers_below_it(string layer) =>
        Assert.Empty(Violations(Compiled.Engine, "Amoe.Engine", _layers, layer));

    [Fact]
    public void Every_namespace_of_the_engine_is_a_layer() => Assert.Equal(
        _layers.Order(StringComparer.Ordinal),
        Compiled.Engine.Types.Select(type => type.Namespace.FullName.Split('.'))
            .Where(parts => parts is ["Amoe", "Engine", _, ..])
            .Select(parts => parts[2])
            .Distinct()
            .Order(StringComparer.Ordinal));

    [Fact]
    public void A_violation_is_found()
    {
        string[] layers = ["Below", "Above"];
        var (tests, root) = (Compiled.Tests,
            typeof(Violation.Below.UsesWhatIsAbove).Namespace!.Replace(".Below", "", StringComparison.Ordinal));
        Assert.Contains(
            nameof(Violation.Below.UsesWhatIsAbove), Assert.Single(Violations(tests, root, layers, "Below")),
            StringComparison.Ordinal);
        Assert.Empty(Violations(tests, root, layers, "Above"));
    }

    private static List<string> Violations(Architecture architecture, string root, string[] layers, string layer)
    {
        string[] above = layers[(Array.IndexOf(layers, layer) + 1)..];
        if (above.Length == 0)
            return [];
        var rule = Types().That().ResideInNamespaceMatching(In(root, layer))
            .Should().NotDependOnAny(Types().That().ResideInNamespaceMatching(In(root, above)));
        return [.. rule.Evaluate(architecture).Where(result => !result.Passed).Select(result => result.Description)];
    }

    private static string In(string root, params string[] layers) =>
        $"^{root.Replace(".", @"\.", StringComparison.Ordinal)}\\.({string.Join('|', layers)})(\\.|$)";
}
