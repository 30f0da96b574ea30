using System.Net;
using System.Net.Sockets;
using System.Text;
using Amoe.Host.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Amoe.Host.Tests.Http;

/// <summary>Callers that are too slow lose their connection, and the others are served meanwhile.</summary>
public sealed class PaceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Without a pause, server and client take two processors for as long as the others are slow.</summary>
    private static readonly TimeSpan _askEvery = TimeSpan.FromMilliseconds(20);

    // A server looks once a second, and takes no grace below that.
    private static readonly HostPace Pace = new()
    {
        Headers = TimeSpan.FromSeconds(1),
        Idle = TimeSpan.FromSeconds(1),
        BytesPerSecondMin = 100_000_000,
        Grace = TimeSpan.FromSeconds(1.5),
    };

    [Fact]
    public async Task Senders_of_headers_and_bodies_and_readers_of_answers_that_are_too_slow_are_cut_and_others_are_served()
    {
        var unread = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await HostServer.StartAsync(
            new IPEndPoint(IPAddress.Loopback, 0), new HostPages(() => HostState.Joining.Page).ServeAsync, null,
                application => Map(application, unread), pace: Pace);

        // Each sends a byte now and then: what is limited is the whole, not the pause.
        var slow = Task.WhenAll(
            DripAsync(server, "GET /health/live HTTP/1.1\r\nHost: amoe\r\nX-Slow: "),
            DripAsync(server, "POST /body HTTP/1.1\r\nHost: amoe\r\nContent-Length: 30000\r\n\r\n"));
        using var silent = await ConnectAsync(server);
        using var deaf = await ConnectAsync(server);
        await deaf.GetStream().WriteAsync("GET /endless HTTP/1.1\r\nHost: amoe\r\n\r\n"u8.ToArray());
        var idle = ReadToEndAsync(silent);
        var all = Task.WhenAll(slow, idle, unread.Task);
        using var client = new HttpClient();
        var served = 0;
        while (!all.IsCompleted)
        {
            using var answer = await client.GetAsync(new Uri($"http://{server.EndPoint}/health/live"));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            served++;
            await Task.WhenAny(all, Task.Delay(_askEvery));
        }

        await all.WaitAsync(Patience);
        Assert.Equal(["HTTP/1.1 408 Request Timeout", "HTTP/1.1 408 Request Timeout"], await slow);
        Assert.Equal("", await idle);
        Assert.True(served > 1, "the others were not served meanwhile");
    }

    [Fact]
    public void Hosts_have_limits()
    {
        var usual = new HostPace();
        Assert.Equal((15, 120, 5), (usual.Headers.TotalSeconds, usual.Idle.TotalSeconds, usual.Grace.TotalSeconds));
        Assert.Equal(240, usual.BytesPerSecondMin);
    }

    private static void Map(WebApplication application, TaskCompletionSource unread)
    {
        application.MapPost("/body", (RequestDelegate)(async context => await Body.ReadAsync(context)));
        application.MapGet("/endless", (RequestDelegate)(async context =>
        {
            var bytes = new byte[64 << 10];
            try
            {
                while (true)
                    await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
            }
            catch (OperationCanceledException)
            {
                unread.SetResult();
            }
        }));
    }

    /// <summary>Sends a beginning, and then a byte from time to time until there is an answer.</summary>
    private static async Task<string> DripAsync(HostServer server, string begin)
    {
        using var client = await ConnectAsync(server);
        var reading = ReadToEndAsync(client);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            for (var next = Encoding.ASCII.GetBytes(begin); !reading.IsCompleted; next = "a"u8.ToArray())
            {
                await client.GetStream().WriteAsync(next);
                await timer.WaitForNextTickAsync();
            }
        }
        catch (IOException)
        {
            // It is cut: the answer came before.
        }

        return (await reading).Split("\r\n")[0];
    }

    private static async Task<TcpClient> ConnectAsync(HostServer server)
    {
        var client = new TcpClient();
        await client.ConnectAsync(server.EndPoint);
        return client;
    }

    private static async Task<string> ReadToEndAsync(TcpClient client)
    {
        var (text, buffer) = (new StringBuilder(), new byte[4_096]);
        try
        {
            while (await client.GetStream().ReadAsync(buffer) is var length and > 0)
                text.Append(Encoding.ASCII.GetString(buffer, 0, length));
        }
        catch (IOException)
        {
            // Reset: what came before is the answer.
        }

        return text.ToString();
    }
}
