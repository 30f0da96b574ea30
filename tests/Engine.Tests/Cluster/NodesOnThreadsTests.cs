using Amoe.Engine.Actors;
using Amoe.Engine.Cluster;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Ownership;
using Amoe.Engine.Replay;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Runtime;

namespace Amoe.Engine.Tests.Cluster;

/// <summary>Nodes with all their threads on one store: what one thread under a seed cannot show.</summary>
public sealed class NodesOnThreadsTests
{
    private const int Shards = 12;
    private const int Students = 60;
    private const int Joins = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly JournalIdentity Identity = new(JournalIdentity.CurrentFormatVersion, Shards, Rulebook.EmbeddedText, "tests", 0, 0);

    // A lease that no pause of a busy machine outlasts: here nobody dies.
    private static readonly ClusterOptions Options = new()
    {
        Lease = TimeSpan.FromMinutes(5),
        BeatEvery = TimeSpan.FromMilliseconds(20),
        LookEvery = TimeSpan.FromMilliseconds(10),
        LookSoonEvery = TimeSpan.FromMilliseconds(5),
        HandOverMax = 3,
        RecoveriesMax = 3,
    };

    private readonly SimulatedStore _store = new(Identity, TimeProvider.System, Options.Lease);
    private readonly Lock _gate = new();
    private volatile ClusterNode[] _nodes = [];

    [Fact]
    public async Task Hosts_come_and_leave_while_commands_are_sent_and_each_is_decided_once()
    {
        using var patience = new CancellationTokenSource(Patience);
        Join();
        var sending = Task.WhenAll(Enumerable.Range(1, Students).Select(student => Live((ulong)student, patience.Token)));
        for (var i = 0; i < Joins; i++)
        {
            var joined = Join();
            await Until(() => joined.Member.State.Serving > 0, patience.Token);
            var leaving = _nodes[0];
            await leaving.DisposeAsync().AsTask().WaitAsync(patience.Token);
            _nodes = _nodes[1..];
            Assert.Equal(0, leaving.Member.State.Fenced);
        }

        await sending;
        await _nodes.Single().DisposeAsync();
        Assert.Equal(await Undisturbed(), JournalAudit.Run(_store.Log, threads: 1).Digest);
        Assert.All(_store.Ownership.Look().Shards, shard => Assert.Equal(HostId.None, shard.Owner));
    }

    /// <summary>A life sent command by command to whoever serves the shard, and again until it is decided.</summary>
    private async Task Live(ulong student, CancellationToken cancellation)
    {
        foreach (var command in Commands(student))
        {
            var reply = new Reply(command.Id, Outcome.Unknown);
            while (!reply.IsDecision)
            {
                await Task.Delay(1, cancellation);
                foreach (var node in _nodes)
                {
                    reply = await node.Runtime.Ask(command).WaitAsync(cancellation);
                    if (reply.IsDecision)
                        break;
                    Assert.True(reply.Outcome is Outcome.Unknown or Outcome.Overloaded, $"{command.Id} of student {student} was answered {reply.Outcome}");
                }
            }
        }
    }

    private static IEnumerable<Command> Commands(ulong student) =>
        Traffic.Registered(student).Concat(Enumerable.Range(0, 10).SelectMany(i => Traffic.PaidClaim(student, 64 + (ulong)i, Traffic.Day)));

    private static async Task<ulong> Undisturbed()
    {
        using var journal = new MemoryJournal(Identity);
        await using var runtime = AmoeRuntime.Start(journal, null, new EngineOptions { Threads = 1 }, TimeProvider.System);
        for (var student = 1ul; student <= Students; student++)
        {
            foreach (var command in Commands(student))
                Assert.True((await runtime.Ask(command)).IsDecision);
        }

        return runtime.Inspect().Digest;
    }

    private ClusterNode Join()
    {
        var connection = new OneAtATime(_store.Connect("a host"), _gate);
        var setup = new ClusterSetup(connection, connection, connection, new AmoeLogic(Rulebook.Embedded), "http://host", TimeProvider.System, _ => { })
        {
            Cluster = Options,
            Engine = new EngineOptions { Threads = 2, SnapshotEveryBytes = 1_000 },
        };
        var node = ClusterNode.Start(setup);
        _nodes = [.. _nodes, node];
        return node;
    }

    private static async Task Until(Func<bool> condition, CancellationToken cancellation)
    {
        while (!condition())
            await Task.Delay(1, cancellation);
    }

    /// <summary>The store's transactions: to check the fence and to write is one thing.</summary>
    private sealed class OneAtATime(StoreConnection inner, Lock gate) : IWritableJournal, IOwnershipStore, ISnapshotStore
    {
        public JournalIdentity Identity => inner.Identity;

        public IReadOnlyList<AdoptedRulebook> Adoptions => inner.Adoptions;

        public int AppendersMax => 2;

        public long SnapshotBytes => inner.SnapshotBytes;

        public void Append(IReadOnlyList<Segment> segments) => Do(() => inner.Append(segments));

        public void Confirm(IReadOnlyList<ShardEpoch> shards) => Do(() => inner.Confirm(shards));

        public void Adopt(AdoptedRulebook rulebook, IReadOnlyList<Segment> marks) => Do(() => inner.Adopt(rulebook, marks));

        public long Head(int shard) => Ask(() => inner.Head(shard));

        public IEnumerable<Segment> Read(int shard, long fromOffset = 0) => Ask(() => inner.Read(shard, fromOffset));

        public IEnumerable<Segment> ReadAll() => Ask(inner.ReadAll);

        public JournalSize Measure() => Ask(inner.Measure);

        public HostId Join(string endpoint, int format) => Ask(() => inner.Join(endpoint, format));

        public ClusterView Beat(HostId host, bool isLeaving) => Ask(() => inner.Beat(host, isLeaving));

        public ClusterView Look() => Ask(inner.Look);

        public IReadOnlyList<ShardEpoch> Take(HostId host, IReadOnlyList<int> shards) => Ask(() => inner.Take(host, shards));

        public void Release(HostId host, IReadOnlyList<ShardEpoch> shards) => Do(() => inner.Release(host, shards));

        public void Leave(HostId host) => Do(() => inner.Leave(host));

        public Snapshot? Load(int shard) => Ask(() => inner.Load(shard));

        public void Save(int shard, long offset, ReadOnlySpan<byte> payload)
        {
            lock (gate)
                inner.Save(shard, offset, payload);
        }

        public void Dispose() => inner.Dispose();

        private void Do(Action action)
        {
            lock (gate)
                action();
        }

        private T Ask<T>(Func<T> question)
        {
            lock (gate)
                return question();
        }
    }
}
