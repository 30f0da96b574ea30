using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Text;
using Amoe.Engine.Vocabulary;
using Amoe.Host.Reports;
using Amoe.Host.Running;
using Amoe.Simulator;
using Amoe.Simulator.People;
using Amoe.Simulator.Scenarios;

namespace Amoe.Host.Verbs;

/// <summary>
/// <c>simulate persons</c>: the invented person behind a student's number, which the engine never sees.
/// </summary>
internal static class PersonsVerb
{
    private const string Notes = """
        Persons are invented, each from the seed and his index alone. A journal has none of this: it
        knows a student by his number, which is his index and one.

        Examples:
          amoe simulate persons --index 12
          amoe simulate persons --index 12 --seed 7 -o json

        """;

    public static TaughtCommand Create()
    {
        var (seed, output) = (Options.Seed(), Options.Output());
        var index = Options.Whole("--index", "Which of the students, from 0.", 0U);
        index.Required = true;
        var command = new TaughtCommand(
            "persons", "Show one of the people of a simulation.", Notes) { index, seed, output };
        command.SetAction(parsed =>
        {
            var (number, seeded) = (parsed.GetValue(index) ?? 0, parsed.GetValue(seed));
            var scenario = ScenarioReader.Load(SimulateVerb.DefaultScenario);
            var population = new Population(scenario, seeded, Population.ScaleMax);
            if (number >= population.Count)
                throw new UsageException($"--index is from 0 to {population.Count - 1}, not {number}.");
            var fields = Fields(number, population.Profile(number), new World(scenario, population).Person(number))
                .Where(field => field.Text.Length > 0);
            if (parsed.GetValue(output) == OutputFormat.Json)
                WriteJson(fields);
            else
                Terminal.Plain(
                    string.Join(
                        Environment.NewLine, fields.Select(field => $"{Format.Words(field.Name),-20}{field.Text}")));
            return ExitCode.Done;
        });
        return command;
    }

    private static (string Name, string Text)[] Fields(uint index, StudentProfile profile, Person person) =>
    [
        ("student", Population.IdOf(index).ToString()),
        ("name", $"{person.FirstName} {person.LastName}"),
        ("name_arabic", $"{person.FirstNameArabic} {person.LastNameArabic}"),
        ("sex", person.Female ? "female" : "male"),
        ("birth_date", Format.Date(person.BirthDate)),
        ("cin", person.Cin),
        ("massar", person.Massar),
        ("email", person.Email),
        ("rib", person.Rib ?? ""),
        ("address", person.Address),
        ("address_arabic", person.AddressArabic),
        ("category", SnakeCase<Category>.NameOf(profile.Enrolment.Category)),
        ("cycle", SnakeCase<Cycle>.NameOf(profile.Enrolment.Cycle)),
        ("institution", $"{profile.Enrolment.Institution}"),
        ("other_coverage",
            profile.Coverage == CoverageKind.None ? "" : SnakeCase<CoverageKind>.NameOf(profile.Coverage)),
        ("chronic_illness", profile.Chronic ? "yes" : ""),
    ];

    private static void WriteJson(IEnumerable<(string Name, string Text)> fields) => JsonLine.Write(Console.Out, json =>
    {
        json.WriteStartObject();
        foreach (var (name, text) in fields)
            json.WriteString(name, text);
        json.WriteEndObject();
    });
}
