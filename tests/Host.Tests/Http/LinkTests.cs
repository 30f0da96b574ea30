using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Amoe.Host.Http;

namespace Amoe.Host.Tests.Http;

public sealed class LinkTests : IDisposable
{
    private static readonly TimeSpan AWhile = TimeSpan.FromMilliseconds(200);
    private readonly TestFolder _folder = new();
    private readonly PeersSecret _secret;

    public LinkTests() => _secret = LinkWorld.Secret(_folder, "a word that only these two know of");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Frames_of_any_size_go_both_ways_in_order_and_say_whether_a_host_sent_them(bool isHost)
    {
        var options = LinkWorld.Patient with { FrameBytesMax = 1 << 20 };
        await using var world = new LinkWorld(_secret, isHost ? PeerRole.Host : PeerRole.Client, options);
        await world.StartHostAsync(_secret);
        world.Called.IsEcho = true;
        byte[][] sent = [.. new[] { 1, 0, 100, 70_000, 1 << 20, 16_384, 3 }.Select((length, i) => Enumerable.Repeat((byte)i, length).ToArray())];

        foreach (var frame in sent)
            await world.SendAsync(frame);
        await LinkWorld.Until(() => world.Caller.Frames.Count == sent.Length);

        Assert.Equal(sent, world.Called.Frames);
        Assert.Equal(sent, world.Caller.Frames);
        Assert.Equal(isHost, world.Called.From.IsHost);
        Assert.True(world.Caller.From.IsHost);
        Assert.Same(world.Link, world.Caller.From);
        Assert.Throws<ArgumentOutOfRangeException>(() => world.Link.TrySend(new byte[(1 << 20) + 1]));
    }

    [Fact]
    public async Task Another_secret_is_refused_with_one_line_on_both_sides_and_nothing_gets_through()
    {
        await using var world = new LinkWorld(LinkWorld.Secret(_folder, "another word that somebody made up for it"));
        await world.StartHostAsync(_secret);

        Assert.False(world.Link.TrySend(new byte[] { 1 }));
        await LinkWorld.Until(() => !world.CallerSaid.IsEmpty && !world.CalledSaid.IsEmpty);

        Assert.Equal($"{world.Address}: no link: it refused the link: its peers secret is another one", Assert.Single(world.CallerSaid));
        Assert.Equal("a link from 127.0.0.1 was refused: its peers secret is another one", Assert.Single(world.CalledSaid));
        Assert.Empty(world.Called.Frames);
        Assert.Equal((0, 0), (world.Caller.Downs, world.Called.Downs));
    }

    [Fact]
    public async Task A_host_that_went_and_came_again_is_down_once_and_linked_again()
    {
        await using var world = new LinkWorld(_secret);
        await world.StartHostAsync(_secret);
        await world.SendAsync([1]);
        await LinkWorld.Until(() => world.Called.Frames.Count == 1);

        await world.StopHostAsync();
        await LinkWorld.Until(() => world.Caller.Downs == 1 && world.Called.Downs == 1);
        Assert.False(world.Link.TrySend(new byte[] { 2 }));
        await LinkWorld.Until(() => world.CallerSaid.Contains($"{world.Address}: no link: nobody listens there"));
        await world.StartHostAsync(_secret);
        await world.SendAsync([3]);
        await LinkWorld.Until(() => world.Called.Frames.Count == 2);

        Assert.Equal([3], world.Called.Frames[1]);
        Assert.Equal($"{world.Address}: linked again", world.CallerSaid.Last());
        Assert.Equal((1, 1), (world.Caller.Downs, world.Called.Downs));
    }

    [Fact]
    public async Task A_link_that_is_ended_takes_nothing_more_and_to_whoever_comes_there_leads_another()
    {
        await using var world = new LinkWorld(_secret);
        await world.StartHostAsync(_secret);
        await world.SendAsync([1]);
        await LinkWorld.Until(() => world.Called.Frames.Count == 1);
        var former = world.Link;

        Assert.Equal([former], world.EndAll());
        await LinkWorld.Until(() => world.Called.Downs == 1);
        Assert.False(former.TrySend(new byte[] { 2 }));
        await world.SendAsync([3]);
        await LinkWorld.Until(() => world.Called.Frames.Count == 2);

        Assert.Equal([3], world.Called.Frames[1]);
        Assert.NotSame(former, world.Link);
    }

    [Fact]
    public async Task A_link_whose_other_side_does_not_read_refuses_frames_and_loses_none_that_it_took()
    {
        var options = LinkWorld.Patient with { WaitingBytesMax = 100_000 };
        await using var world = new LinkWorld(_secret, options: options);
        await world.StartHostAsync(_secret);
        world.Called.MayHear.Reset();
        await world.SendAsync(BitConverter.GetBytes(0));
        var taken = 1;

        // More than what the two ends hold between them: it is full when it takes nothing for a while, not when its writer was behind for a moment.
        while (taken < 20_000 && SpinWait.SpinUntil(() => world.Link.TrySend(Numbered(taken)), AWhile))
            taken++;
        Assert.True(taken < 20_000, "it takes frames that nobody reads, without end");
        world.Called.MayHear.Set();
        await LinkWorld.Until(() => world.Called.Frames.Count == taken);
        await world.SendAsync(Numbered(taken));
        await LinkWorld.Until(() => world.Called.Frames.Count == taken + 1);

        Assert.Equal(Enumerable.Range(0, taken + 1), world.Called.Frames.Select(frame => BitConverter.ToInt32(frame)));
        Assert.Equal(0, world.Caller.Downs);

        static byte[] Numbered(int number)
        {
            var frame = new byte[1000];
            BitConverter.TryWriteBytes(frame, number);
            return frame;
        }
    }

    /// <summary>Each link asked for in HTTP/1.1 was taken off the count of those that are open, and so made room for one more, for ever.</summary>
    [Fact]
    public async Task No_more_links_are_taken_than_a_host_may_have_whatever_was_refused_before()
    {
        await using var world = new LinkWorld(_secret, options: LinkWorld.Patient with { IncomingMax = 1 });
        await world.StartHostAsync(_secret);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        for (var i = 0; i < 3; i++)
        {
            using var refused = await client.PostAsync(new Uri(world.Address + HostServer.PeerPath), null);
            Assert.Equal(HttpStatusCode.UpgradeRequired, refused.StatusCode);
        }

        await world.SendAsync([1]);
        var said = new ConcurrentQueue<string>();
        await using var another = new HttpLinks(_secret, PeerRole.Client, LinkWorld.Patient, TimeProvider.System, said.Enqueue);
        another.Listen(new LinkWorld.Ear());
        another.To(world.Address);
        await LinkWorld.Until(() => !said.IsEmpty);

        Assert.Equal($"{world.Address}: no link: it answers 503", said.First());
    }

    [Fact]
    public async Task Something_else_at_the_address_is_said_in_one_line()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = Serve(listener);
        var said = new ConcurrentQueue<string>();
        await using var links = new HttpLinks(_secret, PeerRole.Client, LinkWorld.Patient, TimeProvider.System, said.Enqueue);
        links.Listen(new LinkWorld.Ear());

        links.To($"http://{listener.LocalEndpoint}");
        await LinkWorld.Until(() => !said.IsEmpty);

        Assert.StartsWith($"http://{listener.LocalEndpoint}: no link: ", Assert.Single(said), StringComparison.Ordinal);
        listener.Stop();
        await serving;

        static async Task Serve(TcpListener listener)
        {
            using var socket = await listener.AcceptSocketAsync();
            await socket.SendAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
        }
    }

    [Fact]
    public async Task An_address_in_use_is_one_line()
    {
        await using var world = new LinkWorld(_secret);
        await world.StartHostAsync(_secret);
        var taken = IPEndPoint.Parse(world.Address["http://".Length..]);

        var refused = await Assert.ThrowsAsync<InputException>(() => HostServer.StartAsync(taken, new LinkOptions(), _ => Task.CompletedTask));

        Assert.Equal($"{taken}: this address cannot be listened on (Address already in use). Name another.", refused.Message);
    }
}
