using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amoe.Engine.Domain;
using Amoe.Host.Access;
using Amoe.Host.Api;
using Amoe.Host.Api.Streams;
using Amoe.Host.Http;
using Amoe.Host.Identity;
using Amoe.Host.Live;
using Amoe.Host.Running;
using Amoe.Host.Telemetry;
using Amoe.Host.Tests.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Amoe.Host.Tests.Api;

/// <summary>The OWASP API Security Top 10 of 2023 on a live host, as far as docs/access.md has tests here.</summary>
public sealed class OwaspTests : IDisposable
{
    private const string Salma =
        """{"cin":"AB123456","massar":"R130012345","first_name":"Salma","last_name":"El Idrissi","birth_date":"2005-04-02"}""";
    private const ulong NoStudent = 424_242;

    /// <summary>
    /// Probes, which say nothing of the scheme, and a student's own question, which has limits of its own.
    /// </summary>
    private static readonly string[] _open = ["/health/live", "/health/ready", "/v1/file"];

    private readonly TestFolder _folder = new();
    private readonly Dictionary<string, string> _keys = new(StringComparer.Ordinal);

    /// <summary>Calls other than commands: what each is, and its address.</summary>
    private static (HttpMethod Method, string Path, Call Call)[] Calls =>
    [
        (HttpMethod.Get, "/v1/students/1", Call.AskStudent),
        (HttpMethod.Get, "/v1/students/1/entitlement", Call.AskEntitlement),
        (HttpMethod.Get, "/v1/students/1/claims/1", Call.AskClaim),
        (HttpMethod.Post, "/v1/streams/mixed", Call.OpenStreams),
        (HttpMethod.Get, "/v1/streams/0123456789abcdef/answers", Call.OpenStreams),
        (HttpMethod.Get, "/v1/state", Call.ReadState),
        (HttpMethod.Post, "/v1/persons", Call.RegisterPerson),
        (HttpMethod.Post, "/v1/persons/find", Call.FindPerson),
        (HttpMethod.Get, "/v1/students/1/person", Call.ReadPerson),
        (HttpMethod.Put, "/v1/students/1/person", Call.CorrectPerson),
        (HttpMethod.Delete, "/v1/students/1/person", Call.ErasePerson),
        (HttpMethod.Post, "/v1/entitlement", Call.AskEntitlement),
    ];

    [Fact]
    public async Task API1_anothers_student_claim_and_person_have_the_answer_of_what_does_not_exist()
    {
        await using var api = await StartAsync();
        var other = TestKeyOf("13");
        var student = (await SendAsync(api, other, HttpMethod.Post, "/v1/persons", Salma)).Body
            .GetProperty("student")
            .GetUInt64();
        Assert.Equal(
            HttpStatusCode.OK,
            (await SendAsync(
                api, other, HttpMethod.Post, $"/v1/students/{student}/declare",
                Lines.Declare(institution: 13))).Status);
        Assert.Equal(
            HttpStatusCode.OK, (await SendAsync(api, other, HttpMethod.Get, $"/v1/students/{student}/person")).Status);
        foreach (var (role, method, path) in ((string, HttpMethod, string)[])
            [
                ("institution", HttpMethod.Get, ""), ("institution", HttpMethod.Get, "/entitlement"),
                ("institution", HttpMethod.Get, "/person"), ("institution", HttpMethod.Put, "/person"),
                ("institution", HttpMethod.Post, "/resume_studies"), ("provider", HttpMethod.Get, "/claims/7"),
                ("student", HttpMethod.Get, ""), ("student", HttpMethod.Get, "/person"),
                ("student", HttpMethod.Get, "/claims/7"),
            ])
        {
            var body = method == HttpMethod.Put ? Salma : """{"reference":1}""";
            var anothers = await SendAsync(api, TestKeyOf(role), method, $"/v1/students/{student}{path}", body);
            var nones = await SendAsync(api, TestKeyOf(role), method, $"/v1/students/{NoStudent}{path}", body);
            Assert.Equal(
                (HttpStatusCode.Forbidden, anothers.Body.GetRawText()), (nones.Status, nones.Body.GetRawText()));
            Assert.Equal(anothers.Status, nones.Status);
        }
    }

    [Fact]
    public async Task API2_every_call_of_the_description_is_closed_without_a_valid_key()
    {
        await using var api = await StartAsync();
        var tried = 0;
        foreach (var (method, path, isOpen) in await DescribedAsync(api))
        {
            Assert.Equal((path, _open.Contains(path)), (path, isOpen));
            if (isOpen)
                continue;
            var address = Filled(path);
            Assert.Equal(
                (path, HttpStatusCode.Unauthorized), (path, (await SendAsync(api, null, method, address)).Status));
            var wrong = await SendAsync(api, ApiKey.Text(ApiKey.NewId(), ApiKey.NewSecret()), method, address);
            Assert.True(
                wrong.Status is HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests,
                $"{method} {path}: {wrong.Status}");
            tried++;
        }

        Assert.True(tried > 35, $"{tried} calls are described");
    }

    [Fact]
    public async Task API3_a_field_that_a_call_does_not_have_is_refused_and_nothing_is_decided()
    {
        await using var api = await StartAsync();
        var lines = new StringBuilder();
        foreach (var type in CommandTypes())
        {
            var (path, body) = CallOf(type, NoStudent);
            body["status"] = "active";
            var key = TestKeyOf(
                Permissions.Roles.First(role => Permissions.IsAllowed(role, CallNamed(path))) is var allowed
                    ? Names.Of(allowed)
                    : "");
            var (status, problem) = await SendAsync(api, key, HttpMethod.Post, path, body.ToJsonString());
            Assert.Equal(
                (type.Name, HttpStatusCode.BadRequest, "unknown_field", "/status"),
                (type.Name, status, problem.GetProperty("code").GetString(), problem.GetProperty("path").GetString()));
            lines.Append(LineOf(type, NoStudent, ("status", "active"))).Append('\n');
        }

        Assert.All(
            await StreamAsync(api, "fund", lines.ToString()),
            answer => Assert.Equal("unknown_field", answer.GetProperty("code").GetString()));
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await SendAsync(
                api, TestKeyOf("fund"), HttpMethod.Post, "/v1/persons",
                Salma.Replace("\"cin\"", "\"student\":\"1\",\"cin\"", StringComparison.Ordinal))).Status);
        Assert.Equal(
            0,
            (await SendAsync(api, TestKeyOf("auditor"), HttpMethod.Get, "/v1/state")).Body
                .GetProperty("commands")
                .GetInt32());
    }

    [Fact]
    public async Task API5_each_role_is_refused_each_command_of_a_live_host_that_the_table_denies_it()
    {
        await using var api = await StartAsync();
        foreach (var role in Permissions.Roles)
        {
            foreach (var type in CommandTypes())
            {
                var (path, body) = CallOf(type, NoStudent);
                var (status, answer) = await SendAsync(
                    api, TestKeyOf(Names.Of(role)), HttpMethod.Post, path, body.ToJsonString());
                Assert.Equal(
                    (role, path, !Permissions.IsAllowed(role, CallNamed(path))),
                    (role, path,
                        status == HttpStatusCode.Forbidden
                            && answer.GetProperty("code").GetString() == RefusalCode.RoleNotAllowed));
            }

            if (!Permissions.IsAllowed(role, Call.OpenStreams))
                continue;
            var answers = await StreamAsync(
                api, Names.Of(role), string.Join('\n', CommandTypes().Select(type => LineOf(type, NoStudent))));
            Assert.Equal(
                CommandTypes().Select(type =>
                    (role, type.Name, !Permissions.IsAllowed(role, CallNamed(CallOf(type, NoStudent).Path)))),
                CommandTypes().Zip(
                    answers,
                    (type, answer) =>
                        (role, type.Name,
                            answer.TryGetProperty("code", out var code)
                                && code.GetString() == RefusalCode.RoleNotAllowed)));
        }
    }

    [Fact]
    public async Task API5_each_role_is_refused_each_other_call_of_a_live_host_that_the_table_denies_it()
    {
        await using var api = await StartAsync();
        foreach (var role in Permissions.Roles)
        {
            foreach (var (method, path, call) in Calls)
            {
                var (status, answer) = await SendAsync(
                    api, TestKeyOf(Names.Of(role)), method, path,
                    path.StartsWith("/v1/streams", StringComparison.Ordinal) ? "" : "{}");
                Assert.Equal(
                    (role, path, !Permissions.IsAllowed(role, call)),
                    (role, path,
                        status == HttpStatusCode.Forbidden
                            && answer.GetProperty("code").GetString() == RefusalCode.RoleNotAllowed));
            }
        }
    }

    [Theory]
    [InlineData("GET", "/v1/students/16")]
    [InlineData("GET", "/v1/students/none")]
    [InlineData("POST", "/v1/students/16/declare")]
    [InlineData("GET", "/nowhere")]
    [InlineData("OPTIONS", "/v1/students/16/declare")]
    [InlineData("TRACE", "/v1/students/16")]
    public async Task API8_an_answer_names_no_server_opens_nothing_to_other_sites_and_is_kept_by_no_cache(
        string method, string path)
    {
        await using var api = await StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Authorization = new("Bearer", TestKeyOf("fund"));
        request.Headers.Add("Origin", "https://elsewhere.example");
        request.Headers.Add("Access-Control-Request-Method", "POST");
        using var response = await api.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.Headers.CacheControl?.NoStore);
        Assert.DoesNotContain(
            response.Headers.Select(header => header.Key),
            name =>
                name is "Server" or "X-Powered-By"
                    || name.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("elsewhere", text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task API9_every_call_that_a_host_takes_is_described_and_every_one_described_is_taken()
    {
        await using var api = await StartAsync();
        var described = (await DescribedAsync(api)).Select(one => $"{one.Method} {one.Path}").ToHashSet();
        var taken = Routes().SelectMany(route => route.Contains("{command}", StringComparison.Ordinal)
            ? CommandTypes()
                .Select(type => (Route: route, CallOf(type, 1).Path))
                .Where(one =>
                    one.Path.Contains(
                        "/claims/", StringComparison.Ordinal) == route.Contains("/claims/", StringComparison.Ordinal))
                .Select(one => one.Route.Replace("{command}", one.Path.Split('/')[^1], StringComparison.Ordinal))
            : [route]).Concat(["GET /health/live", "GET /health/ready"]).ToHashSet();
        Assert.Equal(described.Order(), taken.Order());
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>The routes of a live host, with their methods, without those of the description itself.</summary>
    private List<string> Routes()
    {
        using var master = MasterKey.Create(_folder.File("routes.key"));
        IdentityVault.Create(_folder.File("routes"), master, "test", TimeProvider.System);
        using var telemetry = new HostTelemetry(new TelemetrySettings(), new Terminal(TimeProvider.System));
        using var vault = OpenVault.At(new VaultPlace(_folder.File("routes"), _folder.File("routes.key")), isShared: false, telemetry);
        using var access = ApiAccess.Open(
            new ApiRequest(null, new LiveSettings(), CatchesUp: false, IsClockOfStreams: false), telemetry);
        using var streams = new StreamStore(TimeProvider.System, long.MaxValue);

        // None of them is called, so what they would ask need not be there.
        var pages = new HostPages(() => throw new InvalidOperationException());
        var endpoints = new ApiEndpoints(null!, null!, streams, access, pages, telemetry, CancellationToken.None)
        {
            Vault = vault.Vault,
            Rules = new Lazy<Engine.Rules.Rulebook>(() => Engine.Rules.Rulebook.Embedded),
        };
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRouting();
        endpoints.AddServices(builder.Services);
        var application = builder.Build();
        application.UseRouting();
        endpoints.Map(application);
        return [.. ((IEndpointRouteBuilder)application).DataSources.SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/v1/", StringComparison.Ordinal))
            .SelectMany(endpoint =>
                endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods
                    .Select(method => $"{method} {endpoint.RoutePattern.RawText}"))];
    }

    private async Task<LiveApi> StartAsync()
    {
        var made = Permissions.Roles.Select(role => (Name: Names.Of(role), Made: TestKeys.New(role)))
            .Append((Name: "13", Made: TestKeys.New(Role.Institution, party: 13)))
            .ToList();
        foreach (var (name, (_, text)) in made)
            _keys[name] = text;
        await TestKeys.WriteAsync(_folder.File("keys.json"), [.. made.Select(one => one.Made.Key)]);
        using (var master = MasterKey.Create(_folder.File("master.key")))
            IdentityVault.Create(_folder.File("vault"), master, "test", TimeProvider.System);
        return await LiveApi.StartAsync(
            _folder.File("live.amoe"), keys: _folder.File("keys.json"),
            vault: new VaultPlace(_folder.File("vault"), _folder.File("master.key")));
    }

    private string TestKeyOf(string name) => _keys[name];

    private static async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(
        LiveApi api, string? key, HttpMethod method, string path, string body = "{}")
    {
        using var request = new HttpRequestMessage(method, path);
        if (method != HttpMethod.Get)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (key is not null)
            request.Headers.Authorization = new("Bearer", key);
        request.Headers.Add("Amoe-Purpose", "a test");
        using var response = await api.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    private async Task<IReadOnlyList<JsonElement>> StreamAsync(LiveApi api, string role, string lines)
    {
        api.Client.DefaultRequestHeaders.Authorization = new("Bearer", TestKeyOf(role));
        return (await api.StreamAsync("mixed", lines)).Answers;
    }

    private static async Task<IReadOnlyList<(HttpMethod Method, string Path, bool IsOpen)>> DescribedAsync(
        LiveApi api) =>
        [.. (await api.GetAsync("/openapi/v1.json")).GetProperty("paths").EnumerateObject()
            .SelectMany(path =>
                path.Value.EnumerateObject().Select(operation =>
                    (new HttpMethod(operation.Name.ToUpperInvariant()), path.Name,
                        operation.Value.TryGetProperty("security", out var security)
                            && security.GetArrayLength() == 0)))];

    private static string Filled(string path) =>
        path.Replace("{student}", "1", StringComparison.Ordinal).Replace("{claim}", "1", StringComparison.Ordinal)
            .Replace("{kind}", "mixed", StringComparison.Ordinal)
            .Replace("{id}", "0123456789abcdef", StringComparison.Ordinal);

    private static IEnumerable<Type> CommandTypes() => ApiMaker.Types.Where(type => !type.IsSubclassOf(typeof(Query)));

    private static Call CallNamed(string path) =>
        Permissions.AllCalls.Single(call => Names.Of(call) == path.Split('/')[^1]);

    /// <summary>A command that can be read, at its address.</summary>
    private static (string Path, JsonObject Body) CallOf(Type type, ulong student)
    {
        var body = BodyOf(type);
        var (command, claim) = (body["command"]!.GetValue<string>(), body["claim"]);
        body.Remove("command");
        body.Remove("student");
        body.Remove("claim");
        return (claim is null
            ? $"/v1/students/{student}/{command}"
            : $"/v1/students/{student}/claims/{claim}/{command}", body);
    }

    private static string LineOf(Type type, ulong student, params (string Name, string Value)[] more)
    {
        var body = BodyOf(type);
        body["student"] = student;
        foreach (var (name, value) in more)
            body[name] = value;
        return body.ToJsonString();
    }

    private static JsonObject BodyOf(Type type)
    {
        var body = JsonNode.Parse(ApiMaker.Written(ApiMaker.Of(new Random(1), type)))!.AsObject();
        body.Remove("known");
        return body;
    }
}
