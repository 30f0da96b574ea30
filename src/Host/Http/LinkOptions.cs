namespace Amoe.Host.Http;

/// <summary>The limits of links.</summary>
internal sealed record LinkOptions
{
    /// <summary>Bytes of a frame at most.</summary>
    public int FrameBytesMax { get; init; } = 16 << 20;

    /// <summary>Bytes that may wait to be sent over one link: beyond them a frame is refused. An empty link takes any frame.</summary>
    public int WaitingBytesMax { get; init; } = 4 << 20;

    /// <summary>Bytes of frames that go out together at most: few and large writes under load, and no frame waits for others.</summary>
    public int FlushBytes { get; init; } = 128 << 10;

    /// <summary>Links that others may have open to a host; further ones are turned away.</summary>
    public int IncomingMax { get; init; } = 1024;

    /// <summary>For a connection to be made, and each side to prove itself.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After so long without a word the other side is asked for a sign of life.</summary>
    public TimeSpan PingAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long it has to give one: then the link is down.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The wait before a link that went down is opened again; doubled each time in a row that it cannot be.</summary>
    public TimeSpan BackOffMin { get; init; } = TimeSpan.FromMilliseconds(50);

    public TimeSpan BackOffMax { get; init; } = TimeSpan.FromSeconds(2);
}
