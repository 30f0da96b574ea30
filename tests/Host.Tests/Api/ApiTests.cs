using System.Net;
using System.Text.Json;

namespace Amoe.Host.Tests.Api;

/// <summary>One call at a time to a live host.</summary>
public sealed class ApiTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string Journal => _folder.File("live.amoe");

    [Fact]
    public async Task A_declaration_is_answered_and_the_students_file_says_how_far_it_has_come()
    {
        await using var api = await LiveApi.StartAsync(Journal);
        var (status, declared) = await api.PostAsync("/v1/students/16/declare", Lines.Declare());
        Assert.Equal(
            (HttpStatusCode.OK, """{"command":"declare","student":16,"reference":1,"outcome":"done"}"""),
            (status, declared.GetRawText()));
        await api.PostAsync("/v1/students/16/forward_application", """{"reference":1,"desk":"onousc"}""");
        var file = await api.GetAsync("/v1/students/16");
        Assert.Equal(
            ("forwarded", Lines.Institution),
            (file.GetProperty("application").GetString(), file.GetProperty("institution").GetInt32()));
        Assert.False((await api.GetAsync("/v1/students/17")).GetProperty("known").GetBoolean());
        var entitlement = await api.GetAsync("/v1/students/16/entitlement?on=2026-02-03");
        Assert.Equal(
            (false, "never_entitled"),
            (entitlement.GetProperty("entitled").GetBoolean(), entitlement.GetProperty("reason").GetString()));
        Assert.Equal("unknown", (await api.GetAsync("/v1/students/16/claims/1")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task The_same_command_has_its_first_answer_after_a_restart_too_and_other_content_is_a_conflict()
    {
        await using (var api = await LiveApi.StartAsync(Journal))
        {
            await api.PostAsync("/v1/students/16/declare", Lines.Declare());
            Assert.Equal(HttpStatusCode.OK, (await api.PostAsync("/v1/students/16/declare", Lines.Declare())).Status);
        }

        await using var again = await LiveApi.StartAsync(Journal);
        Assert.Equal(
            "done",
            (await again.PostAsync("/v1/students/16/declare", Lines.Declare())).Body
                .GetProperty("outcome")
                .GetString());
        Assert.Equal(1, (await again.GetAsync("/v1/state")).GetProperty("commands").GetInt32());
        var (status, problem) = await again.PostAsync("/v1/students/16/declare", Lines.Declare(institution: 4));
        Assert.Equal(((HttpStatusCode)422, "/problems/conflict"), (status, TypeOf(problem)));
        Assert.StartsWith("declare-1 of this student had other content.", DetailOf(problem), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"command":"declare","student":16,""")]
    public async Task The_same_command_on_another_day_has_its_first_answer(string line)
    {
        await using (var today = await LiveApi.StartAsync(Journal))
            Assert.Equal("done", await DeclareAsync(today, line));
        await using var tomorrow = await LiveApi.StartAsync(Journal, time: new LaterTime(TimeSpan.FromDays(1)));
        Assert.Equal("done", await DeclareAsync(tomorrow, line));
        Assert.Equal(1, (await tomorrow.GetAsync("/v1/state")).GetProperty("commands").GetInt32());
    }

    [Theory]
    [InlineData("fr-MA, en;q=0.5", "la demande n'a pas été envoyée", "fr")]
    [InlineData("de", "the application was not forwarded", "en")]
    [InlineData("en;q=0.3, ar;q=0.9", "لم يوجه الطلب", "ar")]
    public async Task A_refusal_has_its_reason_and_rule_and_speaks_the_callers_language(
        string accepted, string title, string language)
    {
        await using var api = await LiveApi.StartAsync(Journal);
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            "/v1/students/17/transmit_application")
        { Content = new StringContent("""{"reference":1}""") };
        request.Headers.TryAddWithoutValidation("Accept-Language", accepted);
        using var response = await api.Client.SendAsync(request);
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(
            ((HttpStatusCode)422, "application/problem+json", language),
            (response.StatusCode, response.Content.Headers.ContentType!.MediaType,
                Assert.Single(response.Content.Headers.ContentLanguage)));
        Assert.Equal(("/problems/refused", title), (TypeOf(problem), problem.GetProperty("title").GetString()));
        Assert.Equal(
            ("not_forwarded", "D3"),
            (problem.GetProperty("reason").GetString(), problem.GetProperty("rule").GetString()));
    }

    [Theory]
    [InlineData("/v1/students/16/declare", """{"reference":1}""", 400, "malformed", "/category: it is missing")]
    [InlineData("/v1/students/16/declare", "", 400, "malformed", "it ends at byte 1, before the object does")]
    [InlineData(
        "/v1/students/16/forward_application", """{"reference":1,"desk":"onousc","extra":1}""", 400, "malformed",
        "/extra")]
    [InlineData(
        "/v1/students/16/forward_application", """{"reference":1,"desk":"onousc","known":"2025-01-01"}""", 400,
        "malformed", "/known")]
    [InlineData("/v1/students/x/declare", "{}", 400, "bad_request", "the path has a student's number")]
    [InlineData(
        "/v1/students/99999999999999999999/declare", "{}", 400, "bad_request", "the path has a student's number")]
    [InlineData("/v1/students/16/claims/281474976710656/receive_claim", "{}", 400, "bad_request", "at most 48 bits")]
    [InlineData("/v1/students/16/declair", "{}", 404, "unknown_command", "there is no command 'declair' to a student")]
    [InlineData(
        "/v1/students/16/receive_claim", "{}", 404, "unknown_command",
        "there is no command 'receive_claim' to a student")]
    [InlineData(
        "/v1/students/16/ask_student", "{}", 404, "unknown_command", "there is no command 'ask_student' to a student")]
    [InlineData(
        "/v1/students/16/open_day", "{}", 404, "unknown_command", "there is no command 'open_day' to a student")]
    [InlineData(
        "/v1/students/16/claims/1/declare", "{}", 404, "unknown_command", "there is no command 'declare' to a claim")]
    public async Task What_cannot_be_read_is_refused_by_its_place_and_decides_nothing(
        string path, string body, int status, string type, string detail)
    {
        await using var api = await LiveApi.StartAsync(Journal);
        var answer = await api.PostAsync(path, body);
        Assert.Equal((status, $"/problems/{type}"), ((int)answer.Status, TypeOf(answer.Body)));
        Assert.Contains(detail, DetailOf(answer.Body), StringComparison.Ordinal);
        Assert.Equal(0, (await api.GetAsync("/v1/state")).GetProperty("commands").GetInt32());
    }

    [Theory]
    [InlineData("GET", "/v1/streams")]
    [InlineData("DELETE", "/v1/students")]
    [InlineData("GET", "/v1/nothing")]
    public async Task A_call_that_there_is_not_is_named(string method, string path)
    {
        await using var api = await LiveApi.StartAsync(Journal);
        using var response = await api.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal((HttpStatusCode.NotFound, "/problems/unknown_call"), (response.StatusCode, TypeOf(problem)));
        Assert.StartsWith($"there is no {method} {path}: ", DetailOf(problem), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_taken_is_named_and_no_journal_is_begun()
    {
        await using var api = await LiveApi.StartAsync(Journal);
        var (address, other) = (api.Client.BaseAddress!.Authority, _folder.File("other.amoe"));
        (await AmoeCommand.RunAsync("serve", "--journal", other, "--http", address))
            .IsRefusal(2, $"{address}: this address cannot be listened on");
        Assert.False(File.Exists(other));
    }

    [Theory]
    [InlineData(40_000)]
    [InlineData(100_000)]
    public async Task A_body_that_is_too_long_is_refused(int blanks)
    {
        await using var api = await LiveApi.StartAsync(Journal);
        var (status, problem) = await api.PostAsync(
            "/v1/students/16/declare", $$"""{"reference":1{{new string(' ', blanks)}}}""");
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "/problems/too_long"), (status, TypeOf(problem)));
    }

    [Theory]
    [InlineData("forward_application-1", 200)]
    [InlineData("forward_application-2", 400)]
    [InlineData("8e03978e-40d5-43e8-bc93-6894a57f9324", 400)]
    public async Task An_idempotency_key_is_the_commands_id_in_print_or_refused(string key, int status)
    {
        await using var api = await LiveApi.StartAsync(Journal);
        await api.PostAsync("/v1/students/16/declare", Lines.Declare());
        var answer = await api.PostAsync(
            "/v1/students/16/forward_application", """{"reference":1,"desk":"onousc"}""", ("Idempotency-Key", key));
        Assert.Equal(status, (int)answer.Status);
        if (status == 400)
            Assert.Equal(
                "the body's command is forward_application-1: leave Idempotency-Key out, or send it as that",
                DetailOf(answer.Body));
    }

    [Theory]
    [InlineData("GET", "/v1/state")]
    [InlineData("GET", "/v1/students/16")]
    [InlineData("GET", "/v1/students/16/entitlement")]
    [InlineData("GET", "/v1/students/16/claims/1")]
    [InlineData("POST", "/v1/students/16/declare")]
    [InlineData("POST", "/v1/students/16/claims/1/deposit_claim")]
    [InlineData("POST", "/v1/streams/enrolment")]
    [InlineData("GET", "/v1/streams/0123456789abcdef/answers")]
    public async Task Without_a_key_nothing_is_answered_but_how_the_host_is(string method, string path)
    {
        await using var api = await LiveApi.StartAsync(Journal);
        using var stranger = new HttpClient { BaseAddress = api.Client.BaseAddress };
        using var response = await stranger.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(
            """{"ready":true}""",
            (await stranger.GetStringAsync(new Uri("/health/ready", UriKind.Relative))).TrimEnd());
    }

    [Fact]
    public async Task An_institution_acts_on_its_own_students_and_learns_nothing_of_others()
    {
        var keys = _folder.File("keys.json");
        var (own, other) = (await KeyAsync(keys, "institution", "3"), await KeyAsync(keys, "institution", "4"));
        await using var api = await LiveApi.StartAsync(Journal, keys: keys);
        api.Client.DefaultRequestHeaders.Authorization = new("Bearer", own);
        Assert.Equal(HttpStatusCode.OK, (await api.PostAsync("/v1/students/16/declare", Lines.Declare())).Status);
        var named = await api.PostAsync("/v1/students/17/declare", Lines.Declare(institution: 4));
        Assert.Equal(
            (HttpStatusCode.Forbidden, "other_party"), (named.Status, named.Body.GetProperty("code").GetString()));
        var notTheirs = await api.PostAsync("/v1/students/16/answer_from_anam", """{"reference":1}""");
        Assert.Equal(
            (HttpStatusCode.Forbidden, "role_not_allowed"),
            (notTheirs.Status, notTheirs.Body.GetProperty("code").GetString()));

        api.Client.DefaultRequestHeaders.Authorization = new("Bearer", other);
        var refused = await api.PostAsync("/v1/students/16/forward_application", """{"reference":1,"desk":"onousc"}""");
        var unknown = await api.PostAsync("/v1/students/99/forward_application", """{"reference":1,"desk":"onousc"}""");
        Assert.Equal(
            (HttpStatusCode.Forbidden, "not_yours"), (refused.Status, refused.Body.GetProperty("code").GetString()));
        Assert.Equal(unknown.Body.GetRawText(), refused.Body.GetRawText());

        api.Client.DefaultRequestHeaders.Authorization = new("Bearer", own);
        Assert.Equal(
            HttpStatusCode.OK,
            (await api.PostAsync("/v1/students/16/forward_application", """{"reference":1,"desk":"onousc"}""")).Status);
    }

    [Fact]
    public async Task The_description_names_every_command_and_needs_no_key()
    {
        await using var api = await LiveApi.StartAsync(Journal);
        using var stranger = new HttpClient { BaseAddress = api.Client.BaseAddress };
        var description = await stranger.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative));
        Engine.Tests.Approved.Document("docs/openapi.json", description);
        Assert.Contains(
            "<title>amoe", await stranger.GetStringAsync(new Uri("/scalar/", UriKind.Relative)),
            StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_journal_of_a_simulation_is_refused()
    {
        var journal = _folder.File("year.amoe");
        (await AmoeCommand.RunAsync("simulate", "--scale", "0.001", "--journal", journal)).IsDone();
        (await AmoeCommand.RunAsync("serve", "--journal", journal, "--http", "127.0.0.1:0"))
            .IsRefusal(3, "it is the journal of a simulation");
    }

    public void Dispose() => _folder.Dispose();

    /// <param name="line">The beginning of a stream's line; empty for a call of its own.</param>
    private static async Task<string?> DeclareAsync(LiveApi api, string line)
    {
        if (line.Length == 0)
            return (await api.PostAsync("/v1/students/16/declare", Lines.Declare())).Body
                .GetProperty("outcome")
                .GetString();
        var (answers, _) = await api.StreamAsync("enrolment", line + Lines.Declare()[1..]);
        return Assert.Single(answers).GetProperty("outcome").GetString();
    }

    private static async Task<string> KeyAsync(string file, string role, string party)
    {
        var made = await AmoeCommand.RunAsync(
            "keys", "create", "--role", role, "--party", party, "--keys", file, "-o", "json");
        made.IsDone();
        return made.Json.GetProperty("key").GetString()!;
    }

    private static string? TypeOf(JsonElement problem) => problem.GetProperty("type").GetString();

    private static string? DetailOf(JsonElement problem) => problem.GetProperty("detail").GetString();
}

/// <summary>A clock that is ahead of the system's.</summary>
internal sealed class LaterTime(TimeSpan by) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
}
