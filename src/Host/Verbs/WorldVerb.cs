using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Amoe.Engine.Text;
using Amoe.Host.Reports;
using Amoe.Host.Running;
using Amoe.Simulator;
using Amoe.Simulator.People;
using Amoe.Simulator.Scenarios;

namespace Amoe.Host.Verbs;

/// <summary>
/// <c>simulate world</c>: the invented providers, medicines and institutions behind the numbers of a year.
/// </summary>
internal static class WorldVerb
{
    private const string Notes = """
        A journal knows providers and institutions by their numbers. What is behind them is invented,
        each from the seed and its number alone, and is the same whenever it is asked for. A claim's
        provider gives what is claimed, and a line of medicine costs so many boxes of one of these.

        Examples:
          amoe simulate world provider --number 12
          amoe simulate world medicine --number 1 --count 20
          amoe simulate world institution --number 64 -o json

        """;

    /// <summary>With which the names of amounts end.</summary>
    private const string Centimes = "_centimes";

    private enum WorldKind
    {
        None,
        Provider,
        Medicine,
        Institution,
    }

    public static TaughtCommand Create()
    {
        var (seed, output) = (Options.Seed(), Options.Output());
        var kind = new Argument<WorldKind>("KIND")
        {
            Description = "What to show.",
            HelpName = "provider|medicine|institution",
            CustomParser = result =>
                SnakeCase<WorldKind>.TryParse(result.Tokens[0].Value, out var parsed) ? parsed : Refuse(result),
        }.Offering(() => SnakeCase<WorldKind>.Names);
        var number = Options.Whole("--number", "The first one's number, from 1.", 1);
        var count = Options.Whole("--count", "How many, by their numbers. [default: 1]", 1);
        number.Required = true;
        var command = new TaughtCommand(
            "world", "Show providers, medicines and institutions of a simulation.",
            Notes) { kind, number, count, seed, output };
        command.SetAction(parsed =>
        {
            var (scenario, seeded) = (ScenarioReader.Load(SimulateVerb.DefaultScenario), parsed.GetValue(seed));
            var world = new World(scenario, new Population(scenario, seeded, Population.ScaleMax));
            var (first, many) = (parsed.GetValue(number) ?? 1, parsed.GetValue(count) ?? 1);
            for (var n = first; n < (long)first + many; n++)
                Write(
                    [.. Fields(world, parsed.GetValue(kind), n).Where(field => field.Value is not "")],
                    parsed.GetValue(output), isFirst: n == first);
            return ExitCode.Done;
        });
        return command;
    }

    private static WorldKind Refuse(System.CommandLine.Parsing.ArgumentResult result)
    {
        result.AddError($"KIND is {string.Join(", ", SnakeCase<WorldKind>.Names)}, not '{result.Tokens[0].Value}'");
        return default;
    }

    private static (string Name, object Value)[] Fields(World world, WorldKind kind, int number)
    {
        (string, object) named = ("number", number);
        switch (kind)
        {
            case WorldKind.Provider when number <= world.Providers.Max:
                var provider = world.Provider(number);
                var practitioner = provider.Practitioner;
                return
                [
                    named, ("name", provider.Name), ("place", provider.Place), ("inpe", provider.Inpe),
                    ("city", provider.City), ("address", provider.Address),
                    ("rib", provider.Rib), ("practitioner", $"{practitioner.FirstName} {practitioner.LastName}"),
                    ("specialty", practitioner.Specialty),
                    ("practitioner_inpe", practitioner.Inpe),
                ];
            case WorldKind.Medicine when number <= Formulary.Max:
                var medicine = world.Medicines[number];
                return
                [
                    named, ("name", medicine.Name), ("act", medicine.Act), ("price_centimes", medicine.PriceCentimes),
                    ("reference_centimes", medicine.ReferenceCentimes), ("generic_centimes", medicine.GenericCentimes),
                    ("barcode", medicine.Barcode),
                ];
            case WorldKind.Institution when world.Institution(number) is { } institution:
                return [
                    named, ("name", institution.Name), ("category", institution.Category), ("city", institution.City),
                    ("address", institution.Address)
                ];
            default:
                throw new UsageException(kind switch
                {
                    WorldKind.Provider =>
                        $"providers are numbered from 1 to {world.Providers.Max}, and none is {number}.",
                    WorldKind.Medicine => $"medicines are numbered from 1 to {Formulary.Max}, and none is {number}.",
                    _ =>
                        $"no city and category of the scenario has an institution {number}: amoe simulate persons shows those of students.",
                });
        }
    }

    private static void Write((string Name, object Value)[] fields, OutputFormat output, bool isFirst)
    {
        if (output == OutputFormat.Json)
            JsonLine.Write(Console.Out, json => WriteJson(json, fields));
        else
            Terminal.Plain(
                (isFirst ? "" : Environment.NewLine) + string.Join(Environment.NewLine, fields.Select(TextOf)));
    }

    private static void WriteJson(Utf8JsonWriter json, (string Name, object Value)[] fields)
    {
        json.WriteStartObject();
        foreach (var (name, value) in fields)
        {
            json.WritePropertyName(name);
            switch (value)
            {
                case int number:
                    json.WriteNumberValue(number);
                    break;
                default:
                    json.WriteStringValue((string)value);
                    break;
            }
        }

        json.WriteEndObject();
    }

    private static string TextOf((string Name, object Value) field) => field.Value switch
    {
        int centimes when field.Name.EndsWith(Centimes, StringComparison.Ordinal) =>
            $"{field.Name[..^Centimes.Length],-20}{(centimes == 0 ? "none" : Format.Dirhams(centimes))}",
        var value => string.Create(CultureInfo.InvariantCulture, $"{Format.Words(field.Name),-20}{value}"),
    };
}
