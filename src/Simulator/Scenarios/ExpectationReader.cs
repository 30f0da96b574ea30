using Amoe.Engine.Text;
using Amoe.Simulator.Assertions;
using YamlDotNet.RepresentationModel;

namespace Amoe.Simulator.Scenarios;

/// <summary>Reads what a scenario expects: each figure as it is worked out, replaced, rescaled or dropped.</summary>
internal static class ExpectationReader
{
    private const string Count = "count";
    private const string Share = "per_100k";
    private const string Times = "times_per_mille";
    private const string Drop = "drop";

    public static IReadOnlyList<Expectation> Read(
        ScenarioFile file, YamlMap root, HorizonModel horizon, RegistrationModel registration)
    {
        var (expectations, seen) = (new List<Expectation>(), new HashSet<string>(StringComparer.Ordinal));
        if (root.Find("expect") is not YamlSequenceNode { Children.Count: > 0 } rows)
            return expectations;
        foreach (var node in rows)
        {
            var row = file.Map(node, "an expectation", "of", Count, Share, Times, Drop, "source");
            var of = row.Text("of");
            if (!MarginalNames.All.Contains(of))
                throw file.Error(row["of"], $"nothing measures '{of}'; known: {string.Join(", ", MarginalNames.All)}");
            if (!seen.Add(of))
                throw file.Error(node, $"'{of}' is expected twice");
            if (Read(file, row, of) is not { } expectation)
                continue;
            if (of is MarginalNames.Applications or MarginalNames.Active && registration.LatestAnswer >= horizon.Days)
                throw file.Error(
                    node,
                    $"'{of}' cannot be expected where the horizon ends before the last application is answered, which can be {registration.LatestAnswer} days after it opens: drop it");
            expectations.Add(expectation);
        }

        return expectations;
    }

    private static Expectation? Read(ScenarioFile file, YamlMap row, string of)
    {
        string[] said = [.. new[] { Count, Share, Times, Drop }.Where(key => row.Find(key) is not null)];
        if (said.Length == 0)
            return new Expectation(of);
        if (said.Length > 1)
            throw file.Error(
                row.Node,
                $"'{of}' has both '{said[0]}' and '{said[1]}': an expected value is replaced, rescaled or dropped, once");
        file.RequireSource(row);
        var (key, value, unit) = (said[0], row[said[0]], MarginalNames.IsCount(of) ? Count : Share);
        return key switch
        {
            Drop =>
                file.Truth(row, Drop)
                    ? null
                    : throw file.Error(value, $"'{Drop}' can only be true: leave it out to expect '{of}'"),
            Times => new Expectation(of, TimesPerMille: (int)file.WholeOf(value, $"'{Times}'", 0, 1_000_000)),
            _ when key == unit => new Expectation(of, file.WholeOf(value, $"'{unit}'", 0, int.MaxValue)),
            _ => throw file.Error(value, $"'{of}' is given as '{unit}', not as '{key}'"),
        };
    }
}
