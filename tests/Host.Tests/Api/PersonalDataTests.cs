using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
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
public sealed class PersonalDataTests : IDisposable
{
    /// <summary>The smallest, <see cref="Population.ScaleMin"/>.</summary>
    private const string Scale = "0.001";

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
        Assert.True(Holds(Encoding.UTF8.GetBytes(shown.Output), SearchedFor(persons)));
        var searched = SearchedFor(persons);
        Assert.DoesNotContain(answers, answer => Holds(Encoding.UTF8.GetBytes(answer.GetRawText()), searched));
        Assert.DoesNotContain(api.Log, line => Holds(Encoding.UTF8.GetBytes(line), searched));
        var files = Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories);
        Assert.Contains(Path.Combine(vault, "vault.db"), files);
        Assert.Contains(_folder.File("live.amoe"), files);
        Assert.DoesNotContain(files, file => Holds(File.ReadAllBytes(file), searched));
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

    /// <summary>
    /// Texts that name one person, as UTF-8 and as JSON escapes them. Names of four letters and more: a shorter one is
    /// in any megabyte by chance.
    /// </summary>
    private static SearchValues<string> SearchedFor(Person[] persons)
    {
        var texts = persons.SelectMany(person => (string?[])
            [
                person.Cin, person.Massar, person.Email, person.Rib, person.FirstName, person.LastName,
                person.FirstNameArabic, person.LastNameArabic
            ])
            .OfType<string>().Where(text => text.Length > 3).ToHashSet();
        var escaped = texts.Select(text => JsonSerializer.Serialize(text).Trim('"'));
        return SearchValues.Create(
            [.. texts.Union(escaped).Select(text => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text)))],
            StringComparison.OrdinalIgnoreCase);
    }

    private static bool Holds(byte[] bytes, SearchValues<string> searched) =>
        Encoding.Latin1.GetString(bytes).AsSpan().ContainsAny(searched);
}
