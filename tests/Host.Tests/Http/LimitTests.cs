using System.Net;
using System.Net.Sockets;
using System.Text;
using Amoe.Host.Http;

namespace Amoe.Host.Tests.Http;

/// <summary>What a request and a connection may cost a host.</summary>
public sealed class LimitTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_first_line_that_is_too_long_is_refused()
    {
        await using var server = await StartAsync();
        var fits = HostServer.RequestLineBytesMax - "GET /?".Length - " HTTP/1.1\r\n".Length;
        Assert.Equal(404, await StatusAsync(server, $"GET /?{new string('a', fits)} HTTP/1.1\r\nHost: amoe\r\n\r\n"));
        Assert.Equal(
            414, await StatusAsync(server, $"GET /?{new string('a', fits + 1)} HTTP/1.1\r\nHost: amoe\r\n\r\n"));
    }

    [Fact]
    public async Task Too_many_headers_are_refused()
    {
        await using var server = await StartAsync();
        Assert.Equal(200, await StatusAsync(server, WithHeaders(HostServer.HeadersMax - 1, "a")));
        Assert.Equal(431, await StatusAsync(server, WithHeaders(HostServer.HeadersMax, "a")));
    }

    [Fact]
    public async Task Headers_that_are_too_long_together_are_refused()
    {
        await using var server = await StartAsync();
        Assert.Equal(200, await StatusAsync(server, WithHeaders(1, new string('a', HostServer.HeadersBytesMax - 100))));
        Assert.Equal(431, await StatusAsync(server, WithHeaders(1, new string('a', HostServer.HeadersBytesMax + 1))));
    }

    [Fact]
    public async Task A_connection_above_the_most_is_closed_and_one_that_ends_makes_room()
    {
        await using var server = await StartAsync();
        var open = new List<TcpClient>();
        try
        {
            while (open.Count < HostServer.ConnectionsMax)
            {
                var client = new TcpClient();
                await client.ConnectAsync(server.EndPoint);
                open.Add(client);
            }

            // The last of them is taken once it is answered.
            Assert.Equal(200, await StatusAsync(open[^1], WithHeaders(0, "")));
            Assert.Equal(0, await StatusAsync(server, WithHeaders(0, "")));
        }
        finally
        {
            open.ForEach(client => client.Dispose());
        }

        using var patience = new CancellationTokenSource(Patience);
        while (await StatusAsync(server, WithHeaders(0, "")) != 200)
            Assert.False(patience.IsCancellationRequested, "a closed connection makes no room");
    }

    private static Task<HostServer> StartAsync() =>
        HostServer.StartAsync(
            new IPEndPoint(IPAddress.Loopback, 0), new HostPages(() => HostState.Joining.Page).ServeAsync);

    /// <summary>A request with its Host and so many further headers.</summary>
    private static string WithHeaders(int count, string value)
    {
        var request = new StringBuilder($"GET {HostPages.Live} HTTP/1.1\r\nHost: amoe\r\n");
        for (var header = 0; header < count; header++)
            request.Append("X-").Append(header).Append(": ").Append(value).Append("\r\n");
        return request.Append("\r\n").ToString();
    }

    private static async Task<int> StatusAsync(HostServer server, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.EndPoint);
        return await StatusAsync(client, request);
    }

    /// <summary>The status of the answer; 0 where the connection is closed without one.</summary>
    private static async Task<int> StatusAsync(TcpClient client, string request)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), patience.Token);
            using var reader = new StreamReader(client.GetStream(), leaveOpen: true);
            return await reader.ReadLineAsync(patience.Token) is { } line ? int.Parse(line.Split(' ')[1]) : 0;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
