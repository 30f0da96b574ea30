using System.Net;
using System.Text.Json;
using Amoe.Host.Http;

namespace Amoe.Host.Tests.Http;

/// <summary>What a host says of itself, to whoever asks in whichever version of HTTP.</summary>
public sealed class PagesTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly LinkOptions _options = new();
    private volatile HostState _state = HostState.Starting;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_probe_and_a_link_find_the_same_host(string version)
    {
        await using var server = await StartAsync();

        Assert.Equal((HttpStatusCode.OK, """{"live":true}"""), await Get(server, HostPages.Live, version));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, """{"ready":false,"why_not":"it is starting"}"""), await Get(server, HostPages.Ready, version));
        _state = HostState.Starting with { WhyNot = null };
        Assert.Equal((HttpStatusCode.OK, """{"ready":true}"""), await Get(server, HostPages.Ready, version));
        Assert.True(JsonDocument.Parse((await Get(server, HostPages.State, version)).Body).RootElement.GetProperty("memory_bytes").GetInt64() > 0);
        var nothing = await Get(server, "/nowhere", version);
        Assert.Equal(HttpStatusCode.NotFound, nothing.Status);
        Assert.Contains("there is nothing here: ask GET /health/live", nothing.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_in_HTTP_1_is_refused_and_one_before_the_host_has_joined_too()
    {
        await using var server = await StartAsync();
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });

        using var old = await client.PostAsync(new Uri($"http://{server.EndPoint}{HostServer.PeerPath}"), null);
        using var early = new HttpRequestMessage(HttpMethod.Post, $"http://{server.EndPoint}{HostServer.PeerPath}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var refused = await client.SendAsync(early);

        Assert.Equal(HttpStatusCode.UpgradeRequired, old.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
    }

    [Fact]
    public async Task A_caller_that_says_nothing_keeps_nobody_waiting()
    {
        await using var server = await StartAsync();
        using var silent = new System.Net.Sockets.TcpClient();
        await silent.ConnectAsync(server.EndPoint);
        await silent.GetStream().WriteAsync("P"u8.ToArray());

        Assert.Equal(HttpStatusCode.OK, (await Get(server, HostPages.Live, "2.0")).Status);
        Assert.Equal(HttpStatusCode.OK, (await Get(server, HostPages.Live, "1.1")).Status);
    }

    private Task<HostServer> StartAsync()
    {
        var links = new IncomingLinks(LinkWorld.Secret(_folder, "a word that only these two know of"), _options, TimeProvider.System, _ => { });
        return HostServer.StartAsync(new IPEndPoint(IPAddress.Loopback, 0), _options, new HostPages(() => _state.Page, links.TakeAsync).ServeAsync);
    }

    private static async Task<(HttpStatusCode Status, string Body)> Get(HostServer server, string path, string version)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{server.EndPoint}{path}")
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var response = await client.SendAsync(request);
        Assert.Equal(Version.Parse(version), response.Version);
        return (response.StatusCode, (await response.Content.ReadAsStringAsync()).TrimEnd('\n'));
    }
}
