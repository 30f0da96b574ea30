using System.Collections.Concurrent;
using Amoe.Engine.Domain;
using Npgsql;
using Proto;

namespace Amoe.Bench.Peers;

/// <summary>
/// Proto.Actor: an actor for each student, which persists each command before it answers, as its persistence module
/// does: one event, awaited in the handler. That module has no provider for PostgreSQL that can be had, so the two
/// statements are here.
/// </summary>
internal sealed class ProtoActorPeer : IPeer
{
    private readonly ActorSystem _system = new();
    private readonly NpgsqlDataSource _source;
    private readonly ConcurrentDictionary<StudentId, PID> _actors = [];

    private ProtoActorPeer(NpgsqlDataSource source) => _source = source;

    public static async Task<IPeer> StartAsync(PeerRun run)
    {
        var source = NpgsqlDataSource.Create(PeerConnections.StringOf(run));
        await PeerConnections.ExecuteAsync(source, EventTable.Definition);
        return new ProtoActorPeer(source);
    }

    public ValueTask<Decided> AskAsync(StudentId student, Command? command, DateOnly day)
    {
        var actor = _actors.GetOrAdd(student, Spawn);
        var request = new PeerRequest(student, command, day);
        _system.Root.Send(actor, request);
        return new ValueTask<Decided>(request.Answer);
    }

    public async ValueTask DisposeAsync()
    {
        await _system.ShutdownAsync();
        await _source.DisposeAsync();
    }

    private PID Spawn(StudentId student) =>
        _system.Root.Spawn(Props.FromProducer(() => new StudentEntity(student, _source)));

    private sealed class StudentEntity(StudentId student, NpgsqlDataSource source) : IActor
    {
        private StudentHistory _history = null!;
        private int _events;

        public async Task ReceiveAsync(IContext context)
        {
            if (context.Message is Started)
            {
                var events = await EventTable.LoadAsync(source, student);
                (_history, _events) = (Decider.Load(student, events), events.Count);
            }
            else if (context.Message is PeerRequest request)
            {
                await AnswerAsync(request);
            }
        }

        private async Task AnswerAsync(PeerRequest request)
        {
            try
            {
                var decided = request.DecideOn(_history);
                if (decided.Event is { } e)
                    await EventTable.AppendAsync(source, student, _events++, e);
                request.Complete(decided);
            }
            catch (Exception e)
            {
                request.Fail(e);
                throw;
            }
        }
    }
}
