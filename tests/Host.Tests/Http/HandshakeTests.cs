using System.IO.Pipelines;
using System.Text;
using Amoe.Host.Http;

namespace Amoe.Host.Tests.Http;

/// <summary>Two sides of a handshake, and somebody between them who sees every frame and may change it.</summary>
public sealed class HandshakeTests : IDisposable
{
    private const string Word = "a word that nobody else in the world knows";

    private readonly TestFolder _folder = new();
    private readonly List<byte[]> _seen = [];
    private readonly PeersSecret _secret;

    public HandshakeTests() => _secret = LinkWorld.Secret(_folder, Word);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(nameof(PeerRole.Host))]
    [InlineData(nameof(PeerRole.Client))]
    public async Task Two_who_know_the_secret_accept_each_other_and_do_not_say_it(string roleName)
    {
        var role = Enum.Parse<PeerRole>(roleName);
        var (caller, called) = await ShakeHands(_secret, _secret, role);

        Assert.Null(caller);
        Assert.Equal(role, called.Role);
        Assert.Equal(4, _seen.Count);
        foreach (var frame in _seen)
            Assert.DoesNotContain(Word, Encoding.Latin1.GetString(frame), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_with_another_secret_is_refused_and_learns_nothing_from_it()
    {
        var (caller, called) = await ShakeHands(LinkWorld.Secret(_folder, "another word that somebody made up for it"), _secret, PeerRole.Host);

        Assert.Equal("it refused the link: its peers secret is another one", caller?.Message);
        Assert.Equal("its peers secret is another one", called.Fault?.Message);
        Assert.Equal(3, _seen.Count);
    }

    [Fact]
    public async Task A_client_cannot_be_made_a_host_on_the_way()
    {
        var (_, called) = await ShakeHands(_secret, _secret, PeerRole.Client, change: (number, frame) =>
        {
            if (number == 0)
                frame[1] = (byte)PeerRole.Host;
        });

        Assert.Equal("its peers secret is another one", called.Fault?.Message);
    }

    [Fact]
    public async Task A_proof_that_was_overheard_is_good_for_nothing()
    {
        await ShakeHands(_secret, _secret, PeerRole.Host);
        var overheard = _seen[2];
        _seen.Clear();

        var (_, called) = await ShakeHands(_secret, _secret, PeerRole.Host, change: (number, frame) =>
        {
            if (number == 2)
                overheard.CopyTo(frame, 0);
        });

        Assert.NotNull(called.Fault);
    }

    [Fact]
    public async Task A_host_that_sends_the_callers_own_proof_back_is_found_out()
    {
        var (caller, _) = await ShakeHands(_secret, _secret, PeerRole.Host, change: (number, frame) =>
        {
            if (number == 3)
                _seen[2].CopyTo(frame, 0);
        });

        Assert.Equal("it does not know the peers secret: there is something else at that address", caller?.Message);
    }

    private async Task<(LinkException? Caller, (PeerRole? Role, LinkException? Fault) Called)> ShakeHands(
        PeersSecret callers, PeersSecret calleds, PeerRole role, Action<int, byte[]>? change = null)
    {
        var (callerOut, callerIn, calledOut, calledIn) = (new Pipe(), new Pipe(), new Pipe(), new Pipe());
        var ways = Task.WhenAll(Carry(callerOut.Reader, calledIn.Writer, change), Carry(calledOut.Reader, callerIn.Writer, change));
        var calling = Call();
        var answering = Answer();
        await ways;
        return (await calling, await answering);

        async Task<LinkException?> Call()
        {
            try
            {
                await Handshake.CallAsync(new FrameReader(callerIn.Reader, 1024), callerOut.Writer, callers, role, CancellationToken.None);
                return null;
            }
            catch (LinkException e)
            {
                return e;
            }
            finally
            {
                await callerOut.Writer.CompleteAsync();
            }
        }

        async Task<(PeerRole?, LinkException?)> Answer()
        {
            try
            {
                return (await Handshake.AnswerAsync(new FrameReader(calledIn.Reader, 1024), calledOut.Writer, calleds, CancellationToken.None), null);
            }
            catch (LinkException e)
            {
                return (null, e);
            }
            finally
            {
                await calledOut.Writer.CompleteAsync();
            }
        }
    }

    private async Task Carry(PipeReader from, PipeWriter to, Action<int, byte[]>? change)
    {
        var frames = new FrameReader(from, 1024);
        while (await frames.ReadAsync(1024, CancellationToken.None) is { } frame)
        {
            // They take turns: one frame is on its way at a time.
            change?.Invoke(_seen.Count, frame);
            _seen.Add(frame);
            to.WriteFrame(frame);
            await to.FlushAsync();
        }

        await to.CompleteAsync();
    }
}
