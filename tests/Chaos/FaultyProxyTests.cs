using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Amoe.Chaos.Infrastructure;

namespace Amoe.Chaos;

/// <summary>The proxy does to a connection what it says: a fault that does not happen would prove nothing.</summary>
public sealed class FaultyProxyTests : IDisposable
{
    private const string Mark = "one who appends";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AWhile = TimeSpan.FromMilliseconds(200);
    private readonly TcpListener _server = new(IPAddress.Loopback, 0);
    private readonly FaultyProxy _proxy;

    public FaultyProxyTests()
    {
        _server.Start();
        _proxy = new FaultyProxy(IPAddress.Loopback, () => (IPEndPoint)_server.LocalEndpoint, Mark);
    }

    public void Dispose()
    {
        _proxy.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task Bytes_pass_both_ways()
    {
        var (client, server) = await Connect();
        await Say(client, "question");
        Assert.Equal("question", await Hear(server));
        await Say(server, "answer");
        Assert.Equal("answer", await Hear(client));
    }

    [Fact]
    public async Task What_is_held_one_way_waits_while_the_other_way_passes_and_arrives_when_it_heals()
    {
        var (client, server) = await Connect();
        _proxy.Hold(Way.ToServer);
        await Say(client, "question");
        var heard = Hear(server);
        await Say(server, "news");
        Assert.Equal("news", await Hear(client));
        await ArrivesWhenItHeals("question", heard);
    }

    [Fact]
    public async Task A_reset_ends_the_connection_and_the_next_one_is_made()
    {
        var (client, server) = await Connect();
        _proxy.Reset();
        await Assert.ThrowsAsync<SocketException>(() => Hear(client));
        await Assert.ThrowsAsync<SocketException>(() => Hear(server));
        await Connect();
    }

    [Fact]
    public async Task A_cut_ends_every_connection_until_it_heals()
    {
        await Connect();
        _proxy.Cut();
        using (var refused = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            await Assert.ThrowsAsync<SocketException>(async () =>
            {
                await refused.ConnectAsync(_proxy.EndPoint);
                await Hear(refused);
            });
        }

        _proxy.Heal();
        await Connect();
    }

    [Fact]
    public async Task Bytes_come_late_by_the_delay()
    {
        var (client, server) = await Connect();
        _proxy.Delay(AWhile);
        var watch = Stopwatch.StartNew();
        await Say(client, "question");
        Assert.Equal("question", await Hear(server));
        Assert.True(watch.Elapsed > AWhile / 2, $"it took {watch.Elapsed}");
    }

    /// <summary>
    /// A host killed «after its append» once waited forty seconds, and once in vain, for an append that happened to
    /// come just after everything was held.
    /// </summary>
    [Fact]
    public async Task The_next_thing_said_on_a_marked_connection_is_held_and_not_what_others_say()
    {
        var (marked, itsServer) = await Connect();
        var (other, othersServer) = await Connect();
        await Say(marked, $"I am {Mark}");
        Assert.Equal($"I am {Mark}", await Hear(itsServer));

        var caught = _proxy.HoldNext(Way.ToServer);
        await Say(other, "question");
        Assert.Equal("question", await Hear(othersServer));
        Assert.False(caught.IsCompleted);

        await Say(marked, "append");
        await caught.WaitAsync(Patience);
        await ArrivesWhenItHeals("append", Hear(itsServer));
    }

    [Fact]
    public async Task The_next_thing_said_on_a_marked_connection_passes_and_its_answer_is_held()
    {
        var (marked, server) = await Connect();
        await Say(marked, Mark);
        Assert.Equal(Mark, await Hear(server));

        var caught = _proxy.HoldNext(Way.ToClient);
        await Say(server, "news");
        Assert.Equal("news", await Hear(marked));
        await Say(marked, "append");
        Assert.Equal("append", await Hear(server));
        Assert.False(caught.IsCompleted);

        await Say(server, "appended");
        await caught.WaitAsync(Patience);
        await ArrivesWhenItHeals("appended", Hear(marked));
    }

    [Fact]
    public async Task The_answer_that_is_held_is_the_one_to_what_a_transaction_ends_with()
    {
        using var proxy = new FaultyProxy(
            IPAddress.Loopback, () => (IPEndPoint)_server.LocalEndpoint, Mark, last: "commit");
        var (client, server) = await Connect(proxy);
        await Say(client, Mark);
        Assert.Equal(Mark, await Hear(server));

        var caught = proxy.HoldNext(Way.ToClient);
        await Say(client, "insert");
        Assert.Equal("insert", await Hear(server));
        await Say(server, "inserted");
        Assert.Equal("inserted", await Hear(client));
        Assert.False(caught.IsCompleted);

        await Say(client, "commit");
        Assert.Equal("commit", await Hear(server));
        await Say(server, "committed");
        await caught.WaitAsync(Patience);
    }

    private async Task ArrivesWhenItHeals(string what, Task<string> heard)
    {
        Assert.NotSame(heard, await Task.WhenAny(heard, Task.Delay(AWhile)));
        _proxy.Heal();
        Assert.Equal(what, await heard);
    }

    private Task<(Socket Client, Socket Server)> Connect() => Connect(_proxy);

    private async Task<(Socket Client, Socket Server)> Connect(FaultyProxy proxy)
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(proxy.EndPoint);
        return (client, await _server.AcceptSocketAsync().WaitAsync(Patience));
    }

    private static async Task Say(Socket socket, string what) => await socket.SendAsync(Encoding.UTF8.GetBytes(what));

    private static async Task<string> Hear(Socket socket)
    {
        var bytes = new byte[100];
        return Encoding.UTF8.GetString(bytes, 0, await socket.ReceiveAsync(bytes).WaitAsync(Patience));
    }
}
