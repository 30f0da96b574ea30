using System.Net;
using System.Text;
using System.Text.Json;
using Amoe.Host.Api.Persons;
using Amoe.Host.Identity;
using Amoe.Host.Live;

namespace Amoe.Host.Tests.Api;

/// <summary>Calls that name a person.</summary>
public sealed class PersonTests : IDisposable
{
    private const string Salma =
        """{"cin":"ab123456","massar":"R130012345","first_name":"Salma","last_name":"El Idrissi","first_name_ar":"سلمى","birth_date":"2005-04-02","email":"salma@example.ma"}""";

    private readonly TestFolder _folder = new();

    private string Journal => _folder.File("live.amoe");

    private string Vault => _folder.File("vault");

    [Fact]
    public async Task A_person_has_one_number_by_which_the_scheme_knows_the_student()
    {
        await using var api = await StartAsync();
        var (created, person) = await api.PostAsync("/v1/persons", Salma);
        var (again, known) = await api.PostAsync("/v1/persons", Salma);
        var student = person.GetProperty("student").GetUInt64();
        Assert.Equal(
            (HttpStatusCode.Created, HttpStatusCode.OK, student),
            (created, again, known.GetProperty("student").GetUInt64()));
        Assert.Equal(student, (await FindAsync(api, """{"cin":"AB123456"}""")).Body.GetProperty("student").GetUInt64());
        Assert.Equal(
            student, (await FindAsync(api, """{"massar":"r130012345"}""")).Body.GetProperty("student").GetUInt64());
        Assert.Equal(HttpStatusCode.NotFound, (await FindAsync(api, """{"cin":"AB999999"}""")).Status);

        var read = await SendAsync(api, HttpMethod.Get, $"/v1/students/{student}/person");
        Assert.Equal(
            ("AB123456", "Salma", "سلمى"),
            (Text(read.Body, "cin"), Text(read.Body, "first_name"), Text(read.Body, "first_name_ar")));
        var (corrected, _) = await SendAsync(
            api, HttpMethod.Put, $"/v1/students/{student}/person",
            Salma.Replace("El Idrissi", "Idrissi", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, corrected);
        Assert.Equal(
            "Idrissi",
            Text((await SendAsync(api, HttpMethod.Get, $"/v1/students/{student}/person")).Body, "last_name"));
        Assert.Equal(
            HttpStatusCode.OK, (await api.PostAsync($"/v1/students/{student}/declare", Lines.Declare())).Status);
    }

    [Fact]
    public async Task A_number_of_another_person_is_a_conflict_that_names_no_one()
    {
        await using var api = await StartAsync();
        await api.PostAsync("/v1/persons", Salma);
        var (status, problem) = await api.PostAsync(
            "/v1/persons",
            """{"cin":"AB123456","massar":"J140099999","first_name":"Karim","last_name":"Alami","birth_date":"2004-01-01"}""");
        Assert.Equal((HttpStatusCode.Conflict, "/problems/conflict"), (status, Text(problem, "type")));
        Assert.DoesNotContain("Salma", problem.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("student", problem.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_that_is_wrong_with_a_person_is_said_at_once_and_no_value_is_repeated()
    {
        await using var api = await StartAsync();
        var (status, problem) = await api.PostAsync(
            "/v1/persons", """{"cin":"?!","first_name":"Salma","birth_date":"2005-02-30","rib":"123"}""");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(
            ["/birth_date", "/cin", "/last_name", "/rib"],
            problem.GetProperty("errors").EnumerateArray().Select(error => Text(error, "path")).Order());
        Assert.DoesNotContain("?!", problem.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("2005-02-30", problem.GetRawText(), StringComparison.Ordinal);
        foreach (var body in (string[])[
            "", "[]", """{"cin":5}""", """{"cin":"AB1","cin":"AB2"}""", """{"name":"Salma"}""", "{\"cin\":\"\\ud800\"}",
            """{"cin":{"a":{"b":1}}}"""
        ])
            Assert.Equal(HttpStatusCode.BadRequest, (await api.PostAsync("/v1/persons", body)).Status);
    }

    [Fact]
    public async Task Who_reads_a_person_says_why_and_the_audit_log_has_it()
    {
        await using (var api = await StartAsync())
        {
            var student = (await api.PostAsync("/v1/persons", Salma)).Body.GetProperty("student").GetUInt64();
            var (status, problem) = await SendAsync(
                api, HttpMethod.Get, $"/v1/students/{student}/person", purpose: null);
            Assert.Equal((HttpStatusCode.BadRequest, "/problems/purpose"), (status, Text(problem, "type")));
            await SendAsync(
                api, HttpMethod.Get, $"/v1/students/{student}/person", purpose: "the student asked at the desk");
            await api.PostAsync("/v1/entitlement", """{"cin":"AB123456"}""");
        }

        var log = await File.ReadAllTextAsync(Path.Combine(Vault, "audit.log"));
        Assert.Contains("the student asked at the desk", log, StringComparison.Ordinal);
        Assert.Contains("entitlement asked for (D5)", log, StringComparison.Ordinal);
        Assert.DoesNotContain("Salma", log, StringComparison.Ordinal);
        Assert.DoesNotContain("AB123456", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_providers_question_does_not_say_whether_a_person_is_known()
    {
        await using var api = await StartAsync();
        await api.PostAsync("/v1/persons", Salma);
        var known = await api.PostAsync("/v1/entitlement", """{"cin":"AB123456","on":"2026-02-03"}""");
        var unknown = await api.PostAsync("/v1/entitlement", """{"massar":"Z999999999"}""");
        Assert.Equal("""{"entitled":false,"reason":"never_entitled","rule":"D4"}""", known.Body.GetRawText());
        Assert.Equal((HttpStatusCode.OK, known.Body.GetRawText()), (unknown.Status, unknown.Body.GetRawText()));
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await api.PostAsync("/v1/entitlement", """{"cin":"AB123456","massar":"R130012345"}""")).Status);
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await api.PostAsync("/v1/entitlement", """{"cin":"AB123456","on":"tomorrow"}""")).Status);
    }

    [Fact]
    public async Task A_student_follows_the_own_file_without_a_key_and_a_stranger_learns_nothing()
    {
        await using var api = await StartAsync();
        var student = (await api.PostAsync("/v1/persons", Salma)).Body.GetProperty("student").GetUInt64();
        await api.PostAsync($"/v1/students/{student}/declare", Lines.Declare());
        api.Client.DefaultRequestHeaders.Authorization = null;
        api.Client.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Language", "fr");

        var (status, file) = await api.PostAsync(
            "/v1/file", """{"cin":"AB123456","massar":"R130012345","birth_date":"2005-04-02","claim":"7"}""");
        Assert.Equal((HttpStatusCode.OK, student), (status, file.GetProperty("student").GetUInt64()));
        Assert.Equal(
            ("declared", "forward_application", "unknown"),
            (Text(file, "application"), Text(file, "next"), Text(file.GetProperty("claim"), "status")));
        Assert.Equal("déclarée", Text(file, "status"));

        var strangers = new[]
        {
            await api.PostAsync("/v1/file", """{"cin":"AB123456","massar":"R130012345","birth_date":"2005-04-03"}"""),
            await api.PostAsync("/v1/file", """{"cin":"AB123456","massar":"R130012346","birth_date":"2005-04-02"}"""),
            await api.PostAsync("/v1/file", """{"cin":"AB123457","massar":"R130012345","birth_date":"2005-04-02"}"""),
            await api.PostAsync("/v1/file", """{"cin":"no CIN","massar":"none","birth_date":"2005-04-02"}"""),
        };
        Assert.Equal(HttpStatusCode.NotFound, strangers[0].Status);
        Assert.Single(strangers.Select(stranger => (stranger.Status, stranger.Body.GetRawText())).Distinct());
        Assert.Equal(HttpStatusCode.BadRequest, (await api.PostAsync("/v1/file", """{"cin":"AB123456"}""")).Status);
    }

    [Fact]
    public async Task Who_tries_many_persons_is_held_up()
    {
        await using var api = await StartAsync();
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 40).Select(n =>
                api.PostAsync(
                    "/v1/file", $$"""{"cin":"AB12345{{n % 10}}","massar":"R130012345","birth_date":"2005-04-02"}""")));

        // One more each six seconds, however long a busy machine takes.
        Assert.InRange(
            answers.Count(answer => answer.Status == HttpStatusCode.NotFound), FollowEndpoint.AtOnceMax,
            2 * FollowEndpoint.AtOnceMax);
        Assert.All(
            answers, answer => Assert.True(answer.Status is HttpStatusCode.NotFound or HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task An_erased_person_is_gone_from_every_file_and_the_students_decisions_are_not()
    {
        ulong student;
        await using (var api = await StartAsync())
        {
            student = (await api.PostAsync("/v1/persons", Salma)).Body.GetProperty("student").GetUInt64();
            await api.PostAsync($"/v1/students/{student}/declare", Lines.Declare());
            Assert.Equal(
                HttpStatusCode.OK, (await SendAsync(api, HttpMethod.Delete, $"/v1/students/{student}/person")).Status);
            Assert.Equal(
                HttpStatusCode.NotFound,
                (await SendAsync(api, HttpMethod.Get, $"/v1/students/{student}/person")).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await FindAsync(api, """{"cin":"AB123456"}""")).Status);
            Assert.True((await api.GetAsync($"/v1/students/{student}")).GetProperty("known").GetBoolean());
        }

        foreach (var file in Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories))
        {
            var text = Encoding.UTF8.GetString(await File.ReadAllBytesAsync(file));
            Assert.DoesNotContain("Salma", text, StringComparison.Ordinal);
            Assert.DoesNotContain("AB123456", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_host_without_the_vaults_key_says_so_in_one_line()
    {
        using (var master = MasterKey.Create(_folder.File("master.key")))
            IdentityVault.Create(Vault, master, "test", TimeProvider.System);
        using (MasterKey.Create(_folder.File("other.key")))
            (await AmoeCommand.RunAsync(
                "serve", "--journal", Journal, "--http", "127.0.0.1:0", "--vault", Vault, "--vault-key",
                _folder.File("other.key"))).IsRefusal(3, Vault);
        (await AmoeCommand.RunAsync("serve", "--journal", Journal, "--http", "127.0.0.1:0", "--vault", Vault))
            .IsRefusal(2, "the vault's master key is not said");
    }

    public void Dispose() => _folder.Dispose();

    private async Task<LiveApi> StartAsync()
    {
        using (var master = MasterKey.Create(_folder.File("master.key")))
            IdentityVault.Create(Vault, master, "test", TimeProvider.System);
        return await LiveApi.StartAsync(Journal, vault: new VaultPlace(Vault, _folder.File("master.key")));
    }

    private static Task<(HttpStatusCode Status, JsonElement Body)> FindAsync(LiveApi api, string body) =>
        SendAsync(api, HttpMethod.Post, "/v1/persons/find", body);

    private static async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(
        LiveApi api, HttpMethod method, string path, string? body = null, string? purpose = "a test")
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (purpose is not null)
            request.Headers.Add("Amoe-Purpose", purpose);
        using var response = await api.Client.SendAsync(request);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
