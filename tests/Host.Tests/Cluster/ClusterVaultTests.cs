using System.Net;
using System.Text;
using System.Text.Json;
using Amoe.Host.Identity;
using Amoe.Host.Tests.Api;
using Amoe.Host.Tests.Identity;
using Amoe.Tests.Postgres;

namespace Amoe.Host.Tests.Cluster;

/// <summary>
/// Calls that name a person, on hosts of a cluster that share a vault: real processes, real databases.
/// </summary>
// Not beside the tests that hold hosts to seconds.
[Collection("hosts of a cluster")]
public sealed class ClusterVaultTests : IDisposable
{
    private readonly VaultPlace _place = new(VaultKind.Databases);
    private readonly List<HostProcess> _hosts = [];

    [PostgresFact]
    public async Task A_person_is_the_same_over_every_host_and_is_erased_on_all_at_once()
    {
        var key = _place.Beside("master.key");
        using (var master = MasterKey.Create(key))
        using (var vault = _place.Open())
            await vault.RotateAsync(master);
        string[] folders = [_place.Folder, _place.Join("host-2")];
        var database = PrivatePostgres.Shared.NewDatabase();
        foreach (var folder in folders)
            _hosts.Add(
                await HostProcess.StartAsync(
                    database, "--development", "-o", "json", "--partitions", "4", "--vault", folder, "--vault-key",
                    key));
        using HttpClient first = ClientOf(_hosts[0]), second = ClientOf(_hosts[1]);

        // One of both is in another's name, so that it is no repetition.
        var races = await Task.WhenAll(
            Enumerable.Range(0, 40).Select(i => PostAsync(i % 2 == 0 ? first : second, "/v1/persons", Named(
                i / 2, i % 2 == 0 ? "Amrani" : "Bennis"))));
        for (var i = 0; i < 40; i += 2)
            Assert.Equal(
                [HttpStatusCode.Created, HttpStatusCode.Conflict],
                new[] { races[i].Status, races[i + 1].Status }.Order());

        var (created, person) = await PostAsync(first, "/v1/persons", Named(100, "El Idrissi"));
        var (again, known) = await PostAsync(second, "/v1/persons", Named(100, "El Idrissi"));
        var student = person.GetProperty("student").GetUInt64();
        Assert.Equal(
            (HttpStatusCode.Created, HttpStatusCode.OK, student),
            (created, again, known.GetProperty("student").GetUInt64()));
        Assert.Equal((HttpStatusCode.OK, student), await StudentAsync(second, "/v1/persons/find", Cin));
        Assert.Equal(
            HttpStatusCode.OK, (await PostAsync(second, $"/v1/students/{student}/declare", Lines.Declare())).Status);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(first, "/v1/entitlement", Cin)).Status);
        const string File = """{"cin":"AB100100","massar":"G100000100","birth_date":"2005-03-04"}""";
        Assert.Equal((HttpStatusCode.OK, student), await StudentAsync(first, "/v1/file", File));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(second, HttpMethod.Get, student));

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(first, HttpMethod.Delete, student));

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(second, HttpMethod.Get, student));
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(second, "/v1/persons/find", Cin)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(second, "/v1/file", File)).Status);
        foreach (var (host, folder) in _hosts.Zip(folders))
        {
            (await AmoeCommand.RunAsync("vault", "verify", "--vault", folder)).IsDone();
            host.Process.Terminate();
            Assert.Equal(0, (await host.Process.FinishAsync()).ExitCode);
            (await AmoeCommand.RunAsync("vault", "verify", "--vault", folder)).IsDone();
        }
    }

    [PostgresFact]
    public async Task A_host_without_a_vault_that_others_share_is_not_started()
    {
        using var files = new VaultPlace();
        var refused = await HostProcess.Start(
            PrivatePostgres.Shared.NewDatabase().Url, "--development", "--vault", files.Folder).FinishAsync();
        refused.IsRefusal(3, "it is no folder of a vault that hosts share");
    }

    public void Dispose()
    {
        _hosts.ForEach(host => host.Dispose());
        _place.Dispose();
    }

    private static string Cin => """{"cin":"AB100100"}""";

    private static string Named(int index, string name) =>
        $$"""{"cin":"AB{{100_000 + index}}","massar":"G{{100_000_000 + index}}","first_name":"Salma","last_name":"{{name}}","birth_date":"2005-03-04"}""";

    private static HttpClient ClientOf(HostProcess host)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri(host.Endpoint),
            Timeout = TimeSpan.FromMinutes(4),
        };
        client.DefaultRequestHeaders.Authorization = new("Bearer", host.Key);
        client.DefaultRequestHeaders.Add("Amoe-Purpose", "a question at the desk");
        return client;
    }

    /// <summary>Asks until there is an answer: partitions may be on their way.</summary>
    private static async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(
        HttpClient client, string path, string body)
    {
        var answer = (default(HttpStatusCode), default(JsonElement));
        await HostProcess.UntilAsync(
            async () =>
            {
                using var response = await client.PostAsync(
                    new Uri(path, UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));
                answer = (
                    response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
                return response.StatusCode != HttpStatusCode.ServiceUnavailable;
            },
            $"{path} is answered");
        return answer;
    }

    private static async Task<(HttpStatusCode Status, ulong Student)> StudentAsync(
        HttpClient client, string path, string body)
    {
        var (status, answer) = await PostAsync(client, path, body);
        return (status, answer.GetProperty("student").GetUInt64());
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, HttpMethod method, ulong student)
    {
        using var request = new HttpRequestMessage(method, new Uri($"/v1/students/{student}/person", UriKind.Relative));
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
