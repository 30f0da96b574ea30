using System.Net;
using System.Text.Json;
using Amoe.Host.Http;

namespace Amoe.Host.Tests.Http;

/// <summary>The pages of a host.</summary>
public sealed class PagesTests
{
    private volatile HostState _state = HostState.Joining;

    [Fact]
    public async Task A_probe_reads_whether_the_host_lives_and_whether_it_is_ready()
    {
        await using var server = await StartAsync();

        Assert.Equal((HttpStatusCode.OK, """{"live":true}"""), await Get(server, HostPages.Live));
        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, """{"ready":false,"why_not":"it has not joined yet"}"""),
            await Get(server, HostPages.Ready));
        _state = HostState.Joining with { Validate = null };
        Assert.Equal((HttpStatusCode.OK, """{"ready":true}"""), await Get(server, HostPages.Ready));
        Assert.True(
            JsonDocument.Parse((await Get(server, HostPages.State)).Body).RootElement
                .GetProperty("memory_bytes")
                .GetInt64() > 0);
        var nothing = await Get(server, "/nowhere");
        Assert.Equal(HttpStatusCode.NotFound, nothing.Status);
        Assert.Contains("there is nothing here: ask GET /health/live", nothing.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_that_says_nothing_keeps_no_other_waiting()
    {
        await using var server = await StartAsync();
        using var silent = new System.Net.Sockets.TcpClient();
        await silent.ConnectAsync(server.EndPoint);
        await silent.GetStream().WriteAsync("P"u8.ToArray());

        Assert.Equal(HttpStatusCode.OK, (await Get(server, HostPages.Live)).Status);
    }

    private Task<HostServer> StartAsync() =>
        HostServer.StartAsync(new IPEndPoint(IPAddress.Loopback, 0), new HostPages(() => _state.Page).ServeAsync);

    private static async Task<(HttpStatusCode Status, string Body)> Get(HostServer server, string path)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var response = await client.GetAsync(new Uri($"http://{server.EndPoint}{path}"));
        return (response.StatusCode, (await response.Content.ReadAsStringAsync()).TrimEnd('\n'));
    }
}
