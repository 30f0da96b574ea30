using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Akka.Serialization;
using Amoe.Engine.Akka.Journal;

namespace Amoe.Engine.Akka.Tests;

/// <summary>What outlives a host: everything persisted, as bytes. Its writes can be held, failed, or made and not confirmed.</summary>
internal sealed class GatedStore : IAkkaHistory
{
    private static readonly ConcurrentDictionary<string, GatedStore> _named = [];
    private readonly Lock _gate = new();
    private readonly List<(string Id, long Number, string Manifest, byte[] Bytes)> _events = [];
    private TaskCompletionSource _open = Opened();
    private int _waiting;

    public GatedStore() => _named[Name] = this;

    public string Name { get; } = Guid.NewGuid().ToString();

    public bool FailNext { get; set; }

    public bool LoseNextReply { get; set; }

    /// <summary>Nothing is written any more, and nobody hears of it.</summary>
    public bool IsDown { get; set; }

    /// <summary>Writes that are held.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    public static GatedStore Named(string name) => _named[name];

    public void Hold() => _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => _open.TrySetResult();

    public async Task Write(IReadOnlyList<(string Id, long Number, string Manifest, byte[] Bytes)> events)
    {
        Interlocked.Increment(ref _waiting);
        await _open.Task;
        Interlocked.Decrement(ref _waiting);
        lock (_gate)
        {
            // Commands alone: what a test fails is the decision, not the calendar's own entries.
            var isDecision = events.Any(e => e.Id.StartsWith("student-", StringComparison.Ordinal));
            if (IsDown || (FailNext && isDecision))
            {
                FailNext = false;
                throw new IOException("the disk is full (a test)");
            }

            _events.AddRange(events);
            if (!LoseNextReply || !isDecision)
                return;
            LoseNextReply = false;
            throw new IOException("the connection broke (a test)");
        }
    }

    public IReadOnlyList<(string Id, long Number, string Manifest, byte[] Bytes)> Of(string id)
    {
        lock (_gate)
            return [.. _events.Where(e => e.Id == id)];
    }

    /// <summary>Makes an actor's first events unreadable.</summary>
    public void Spoil(string id, long upTo)
    {
        lock (_gate)
        {
            for (var i = 0; i < _events.Count; i++)
            {
                if (_events[i].Id == id && _events[i].Number <= upTo)
                    _events[i] = _events[i] with { Manifest = "spoilt" };
            }
        }
    }

    public IEnumerable<(string PersistenceId, object Event)> Read()
    {
        lock (_gate)
            return [.. _events.Select(e => (e.Id, new AmoeSerializer(null!).FromBinary(e.Bytes, e.Manifest)))];
    }

    private static TaskCompletionSource Opened()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }
}

/// <summary>Akka.Persistence's journal over a <see cref="GatedStore"/>.</summary>
internal sealed class GatedAkkaJournal(Config config) : AsyncWriteJournal
{
    private readonly GatedStore _store = GatedStore.Named(config.GetString("store"));

    public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr) =>
        Task.FromResult(_store.Of(persistenceId).Select(e => e.Number).DefaultIfEmpty().Max());

    public override Task ReplayMessagesAsync(
        IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<IPersistentRepresentation> recoveryCallback)
    {
        foreach (var e in _store.Of(persistenceId).Where(e => e.Number >= fromSequenceNr && e.Number <= toSequenceNr).Take((int)Math.Min(max, int.MaxValue)))
        {
            var payload = context.System.Serialization.Deserialize(e.Bytes, AmoeSerializer.Number, e.Manifest);
            recoveryCallback(new Persistent(payload, e.Number, e.Id, e.Manifest));
        }

        return Task.CompletedTask;
    }

    protected override async Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages)
    {
        var events = new List<(string, long, string, byte[])>();
        foreach (var message in messages.SelectMany(write => (IEnumerable<IPersistentRepresentation>)write.Payload))
        {
            var serializer = Context.System.Serialization.FindSerializerFor(message.Payload);
            events.Add((message.PersistenceId, message.SequenceNr, ((SerializerWithStringManifest)serializer).Manifest(message.Payload), serializer.ToBinary(message.Payload)));
        }

        await _store.Write(events);
        return null!;
    }

    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr) => throw new NotSupportedException("nothing is ever deleted");
}
