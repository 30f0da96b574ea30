using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Amoe.Host.Identity;
using Amoe.Host.Live;
using Amoe.Simulator;
using Amoe.Simulator.People;
using Amoe.Simulator.Scenarios;
using Person = Amoe.Simulator.People.Person;

namespace Amoe.Host.Tests.Api;

/// <summary>
/// Who the students of a year are is in no file, in no line for the operator and in no answer of a stream.
/// </summary>
public sealed partial class PersonalDataTests : IDisposable
{
    /// <summary>The smallest, <see cref="Population.ScaleMin"/>.</summary>
    private const string Scale = "0.001";

    /// <summary>Names of four letters and more: a shorter one is a part of other words.</summary>
    private const int LeastInText = 4;

    /// <summary>
    /// What is encrypted or compressed holds each text of four letters by chance: with a hundred of them in half a
    /// megabyte, in one run of five. With seven bytes, the shortest identity card, it is one run in a million. A
    /// person's short names are encrypted in one piece with its card and its account.
    /// </summary>
    private const int LeastInCiphertext = 7;

    private readonly TestFolder _folder = new();

    [Fact]
    public async Task The_persons_of_a_year_cannot_be_read_anywhere_once_it_is_over()
    {
        var emitted = _folder.File("commands");
        (await AmoeCommand.RunAsync("simulate", "--scale", Scale, "--emit", emitted)).IsDone();
        var persons = PersonsOfTheYear();
        var vault = _folder.File("vault");
        using (var master = MasterKey.Create(_folder.File("master.key")))
            IdentityVault.Create(vault, master, "test", TimeProvider.System);

        var place = new VaultPlace(vault, _folder.File("master.key"));
        await using var api = await LiveApi.StartAsync(_folder.File("live.amoe"), isClockOfStreams: true, vault: place);
        foreach (var person in persons)
            Assert.Equal(HttpStatusCode.Created, (await api.PostAsync("/v1/persons", JsonOf(person))).Status);

        // Half of them are asked about by name, rightly and wrongly, within and after the year.
        var year = await File.ReadAllLinesAsync(Path.Combine(emitted, "stream.ndjson"));
        var answers = new List<JsonElement>();
        foreach (var half in year.Chunk((year.Length + 1) / 2))
        {
            answers.AddRange((await api.StreamAsync("mixed", string.Join('\n', half))).Answers);
            await AskAboutAsync(api, persons);
        }

        await api.StopAsync();
        Assert.Equal(year.Length, answers.Count);

        // What is looked for would be found: the simulation's own text of a person has it.
        var shown = await AmoeCommand.RunAsync("simulate", "persons", "--index", "0");
        Assert.True(Holds(Latin1Of(shown.Output), SearchedFor(persons)));
        var searched = SearchedFor(persons);
        Assert.DoesNotContain(answers, answer => Holds(Latin1Of(answer.GetRawText()), searched));
        Assert.DoesNotContain(api.Log, line => Holds(Latin1Of(line), searched));
        var files = Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories);
        Assert.Contains(Path.Combine(vault, "vault.db"), files);
        Assert.Contains(_folder.File("live.amoe"), files);
        var inCiphertext = SearchedFor(persons, LeastInCiphertext);
        Assert.DoesNotContain(files, file => IsText(file)
            ? Holds(Hash().Replace(File.ReadAllText(file, Encoding.Latin1), ""), searched)
            : Holds(File.ReadAllText(file, Encoding.Latin1), inCiphertext));
    }

    public void Dispose() => _folder.Dispose();

    private static Person[] PersonsOfTheYear()
    {
        var scenario = ScenarioReader.Load("national-year");
        var population = new Population(scenario, seed: 42, Population.ScaleMin);
        var world = new World(scenario, population);
        return [.. Enumerable.Range(0, (int)population.Count).Select(index => world.Person((uint)index))];
    }

    private static async Task AskAboutAsync(LiveApi api, Person[] persons)
    {
        foreach (var person in persons.Where((_, index) => index % 2 == 0))
        {
            var (status, _) = await api.PostAsync("/v1/entitlement", $$"""{"cin":"{{person.Cin}}"}""");
            Assert.Equal(HttpStatusCode.OK, status);
            (status, _) = await api.PostAsync(
                "/v1/persons/find", $$"""{"massar":"{{person.Massar}}"}""", ("Amoe-Purpose", "a test"));
            Assert.Equal(HttpStatusCode.OK, status);
            (status, _) = await api.PostAsync(
                "/v1/persons", JsonOf(person with { BirthDate = person.BirthDate.AddDays(1) }));
            Assert.Equal(HttpStatusCode.Conflict, status);
            (status, _) = await api.PostAsync(
                "/v1/persons", $$"""{"cin":"{{person.Cin}}","last_name":"{{person.LastName}}"} """);
            Assert.Equal(HttpStatusCode.BadRequest, status);
        }
    }

    private static string JsonOf(Person person) => JsonSerializer.Serialize(new Dictionary<string, string?>
    {
        ["cin"] = person.Cin,
        ["massar"] = person.Massar,
        ["first_name"] = person.FirstName,
        ["last_name"] = person.LastName,
        ["first_name_ar"] = person.FirstNameArabic,
        ["last_name_ar"] = person.LastNameArabic,
        ["birth_date"] = $"{person.BirthDate:yyyy-MM-dd}",
        ["email"] = person.Email,
        ["rib"] = person.Rib,
    });

    /// <summary>Texts of so many bytes and more that name one person, as UTF-8 and as JSON escapes them.</summary>
    private static SearchValues<string> SearchedFor(Person[] persons, int least = LeastInText)
    {
        var texts = persons.SelectMany(person => (string?[])
            [
                person.Cin, person.Massar, person.Email, person.Rib, person.FirstName, person.LastName,
                person.FirstNameArabic, person.LastNameArabic
            ])
            .OfType<string>().Where(text => text.Length >= LeastInText && Encoding.UTF8.GetByteCount(text) >= least)
            .ToHashSet();
        var escaped = texts.Select(text => JsonSerializer.Serialize(text).Trim('"'));
        return SearchValues.Create(
            [.. texts.Union(escaped).Select(Latin1Of)],
            StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsText(string file) => Path.GetExtension(file) is ".ndjson" or ".json" or ".log";

    /// <summary>
    /// Of a line of the audit. Among two thousand of them one in three runs had a card of a letter from A to F and six
    /// digits.
    /// </summary>
    [GeneratedRegex("[0-9a-f]{64}")]
    private static partial Regex Hash();

    /// <summary>A character for each byte, so that text and what is not text are searched alike.</summary>
    private static string Latin1Of(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    private static bool Holds(string text, SearchValues<string> searched) => text.AsSpan().ContainsAny(searched);
}
