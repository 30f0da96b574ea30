namespace Amoe.Engine.Akka;

/// <summary>The limits and times of the Akka.NET runtime (design decision 15).</summary>
public sealed record AkkaOptions
{
    /// <summary>Commands of this process that are under way at a time.</summary>
    public int Window { get; init; } = 500;

    /// <summary>Messages that wait for one shard at a time: beyond it a command is answered overloaded.</summary>
    public int MailboxMessagesMax { get; init; } = 4_096;

    /// <summary>After so long without an answer a command is sent again; its id makes that safe.</summary>
    public TimeSpan SendAgainAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After so long without an answer a command is answered unknown.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A student whom nobody speaks to for so long leaves memory with his claims.</summary>
    public TimeSpan PassivateAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Records of one student between two snapshots.</summary>
    public int SnapshotEvery { get; init; } = 100;

    /// <summary>How long an actor that its store failed waits before it starts again; up to this many times ten.</summary>
    public TimeSpan BackOff { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Where this host is reached by the others: a name or an address, and a port (0 for a free one).</summary>
    public string Host { get; init; } = "127.0.0.1";

    public int Port { get; init; }

    /// <summary>True for a host, which has its share of the students; false for who only sends commands.</summary>
    public bool IsHost { get; init; } = true;

    /// <summary>Hosts of the cluster to join, as <c>host:port</c>; none to begin one.</summary>
    public IReadOnlyList<string> Seeds { get; init; } = [];

    /// <summary>How long it waits for the others to take it in.</summary>
    public TimeSpan JoinPatience { get; init; } = TimeSpan.FromSeconds(60);

    /// <exception cref="ArgumentOutOfRangeException">A limit below its least.</exception>
    internal AkkaOptions Validated()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Window, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MailboxMessagesMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(SnapshotEvery, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(SendAgainAfter, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(Deadline, SendAgainAfter);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(PassivateAfter, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(BackOff, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(JoinPatience, TimeSpan.Zero);
        return this;
    }
}
