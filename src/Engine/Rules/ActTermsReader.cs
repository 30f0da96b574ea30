using Amoe.Engine.Text;
using Amoe.Engine.Vocabulary;
using YamlDotNet.RepresentationModel;

namespace Amoe.Engine.Rules;

/// <summary>
/// Reads what is paid for one act during one period. Every sector must be spoken of, so that none is left out by
/// oversight.
/// </summary>
internal static class ActTermsReader
{
    // One million MAD: no tariff, letter or flat amount comes near.
    private const long BaseMax = 100_000_000;
    private const string NotCovered = "not_covered";
    private const string Morocco = "morocco";

    public static readonly string[] Keys = [
        Morocco, "private", "public", "abroad", "prior_approval", "third_party", "conditions"
    ];

    public static Action<RulesDraft> Read(YamlFile file, YamlMap value, Act act, string id)
    {
        if (value.Find(Morocco) is { } both && (value.Find("private") ?? value.Find("public")) is not null)
            throw file.Error(both, $"{id} says '{Morocco}', which means private and public, and one of them too");
        var conditions = ActConditions.None;
        if (value.Find("conditions") is { } list)
        {
            foreach (var condition in file.List(list, $"'conditions' of {id}"))
                conditions |= file.Name<ActConditions>(condition, $"'conditions' of {id}");
        }
        var rule = new ActRule(
            act,
            id[..id.IndexOf('.', StringComparison.Ordinal)],
            Terms(file, value.Find(Morocco) ?? value["private"], id),
            Terms(file, value.Find(Morocco) ?? value["public"], id),
            Terms(file, value["abroad"], id),
            value.Find("prior_approval") is { } approval && file.Truth(approval, $"'prior_approval' of {id}"),
            value.Find("third_party") is { } way
                ? file.Name<ThirdParty>(way, $"'third_party' of {id}")
                : ThirdParty.Never,
            conditions);
        return rules => rules.Acts[(int)act - 1] = rule;
    }

    private static SectorTerms Terms(YamlFile file, YamlNode node, string id)
    {
        if (node is YamlScalarNode { Value: NotCovered })
            return default;
        if (node is YamlScalarNode)
            throw file.Error(node, $"a sector of {id} is either '{NotCovered}' or has terms, not '{node}'");
        var map = file.Map(node, $"a sector of {id}", "base", "base_centimes", "rate_basis_points");
        var kind = file.Name<BaseKind>(map["base"], $"'base' of {id}");
        var hasAmount = kind is BaseKind.Tariff or BaseKind.LetterValue or BaseKind.Flat;
        if (!hasAmount && map.Find("base_centimes") is { } superfluous)
            throw file.Error(
                superfluous, $"{id} has 'base_centimes', which base '{SnakeCase<BaseKind>.NameOf(kind)}' does not use");
        return new SectorTerms(
            true,
            kind,
            hasAmount ? file.Whole(map["base_centimes"], $"'base_centimes' of {id}", 1, BaseMax) : 0,
            (int)file.Whole(map["rate_basis_points"], $"'rate_basis_points' of {id}", 1, 10_000));
    }
}
