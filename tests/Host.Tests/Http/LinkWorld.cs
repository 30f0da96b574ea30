using System.Collections.Concurrent;
using System.Net;
using Amoe.Engine.Cluster;
using Amoe.Host.Http;

namespace Amoe.Host.Tests.Http;

/// <summary>A host that takes links, on a port of its own, and somebody who calls it: what either hears and says is kept.</summary>
internal sealed class LinkWorld : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>A busy machine may need long for a first connection, and what is said of it then is another thing.</summary>
    public static readonly LinkOptions Patient = new() { ConnectTimeout = TimeSpan.FromMinutes(1) };

    private readonly LinkOptions _options;
    private readonly HttpLinks _links;
    private HostServer? _server;
    private IncomingLinks? _incoming;
    private IPEndPoint _endPoint = new(IPAddress.Loopback, 0);

    public LinkWorld(PeersSecret callers, PeerRole role = PeerRole.Host, LinkOptions? options = null)
    {
        _options = options ?? Patient;
        _links = new HttpLinks(callers, role, _options, TimeProvider.System, CallerSaid.Enqueue);
        _links.Listen(Caller);
    }

    public Ear Caller { get; } = new();

    public Ear Called { get; } = new();

    public ConcurrentQueue<string> CallerSaid { get; } = [];

    public ConcurrentQueue<string> CalledSaid { get; } = [];

    public string Address => $"http://{_endPoint}";

    public ILink Link => _links.To(Address);

    /// <summary>The links to all endpoints are ended.</summary>
    public IReadOnlyList<ILink> EndAll() => _links.KeepOnly(new HashSet<string>());

    public static PeersSecret Secret(TestFolder folder, string content)
    {
        var path = folder.Write("secret", content);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return PeersSecret.Load(path);
    }

    public async Task StartHostAsync(PeersSecret secret)
    {
        _incoming = new IncomingLinks(secret, _options, TimeProvider.System, CalledSaid.Enqueue);
        _incoming.Listen(Called);
        _server = await HostServer.StartAsync(_endPoint, _options, _incoming.TakeAsync);
        _endPoint = _server.EndPoint;
    }

    public async Task StopHostAsync()
    {
        _incoming?.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
        _server = null;
    }

    /// <summary>Sends a frame, again and again until the link takes it.</summary>
    public async Task SendAsync(byte[] frame)
    {
        try
        {
            await Until(() => Link.TrySend(frame));
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"no link: {string.Join("; ", CallerSaid)} / {string.Join("; ", CalledSaid)}");
        }
    }

    /// <summary>Waits for a condition that other threads bring about.</summary>
    public static async Task Until(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
            await Task.Delay(1, patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _links.DisposeAsync();
        await StopHostAsync();
    }

    /// <summary>Keeps what comes over links.</summary>
    internal sealed class Ear : ILinkListener
    {
        private readonly ConcurrentQueue<(ILink From, byte[] Frame)> _heard = [];
        private int _downs;

        public IReadOnlyList<byte[]> Frames => [.. _heard.Select(heard => heard.Frame)];

        public ILink From => _heard.Last().From;

        public int Downs => Volatile.Read(ref _downs);

        /// <summary>While set, whoever hands a frame over waits.</summary>
        public ManualResetEventSlim MayHear { get; } = new(true);

        /// <summary>Answers every frame with itself.</summary>
        public bool IsEcho { get; set; }

        public void OnFrame(ILink from, ReadOnlyMemory<byte> frame)
        {
            MayHear.Wait(Patience);
            _heard.Enqueue((from, frame.ToArray()));
            if (IsEcho)
                from.TrySend(frame.ToArray());
        }

        public void OnDown(ILink link) => Interlocked.Increment(ref _downs);
    }
}
