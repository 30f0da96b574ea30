using Amoe.Engine.Domain;
using JasperFx.Events;
using Marten;
using IEventBinarySerializer = JasperFx.Events.IEventBinarySerializer;

namespace Amoe.Bench.Peers;

/// <summary>
/// Marten: a stream for each student; each command loads the stream, decides and appends in a session of its own.
/// </summary>
internal sealed class MartenPeer : IPeer
{
    private readonly DocumentStore _store;

    private MartenPeer(DocumentStore store) => _store = store;

    public static async Task<IPeer> StartAsync(PeerRun run)
    {
        var store = DocumentStore.For(options =>
        {
            options.Connection(PeerConnections.StringOf(run));
            options.DisableNpgsqlLogging = true;
            options.Events.StreamIdentity = StreamIdentity.AsString;

            // The settings that its documentation names for speed: the numbers come from the server, and the event is
            // no JSON.
            options.Events.AppendMode = EventAppendMode.Quick;
            options.Events.UseBinarySerializer<StudentDecided>(new Bytes());
        });
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        return new MartenPeer(store);
    }

    public async ValueTask<Decided> AskAsync(StudentId student, Command? command, DateOnly day)
    {
        await using var session = _store.LightweightSession();
        var stream = student.ToString();
        var events = await session.Events.FetchStreamAsync(stream);
        var history = Decider.Load(student, events.Select(e => ((StudentDecided)e.Data).Payload));
        var decided = Decider.Decide(history, command, day);
        if (decided.Event is { } payload)
        {
            if (events.Count == 0)
                session.Events.StartStream(stream, new StudentDecided(payload));
            else
                session.Events.Append(stream, events.Count + 1, new StudentDecided(payload));
            await session.SaveChangesAsync();
        }

        return decided;
    }

    public ValueTask DisposeAsync()
    {
        _store.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The event of a decided command.</summary>
    public sealed record StudentDecided(byte[] Payload);

    private sealed class Bytes : IEventBinarySerializer
    {
        public byte[] Serialize(Type type, object data) => ((StudentDecided)data).Payload;

        public object Deserialize(Type type, byte[] data) => new StudentDecided(data);
    }
}
