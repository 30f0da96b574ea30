using Amoe.Engine.Actors;
using Amoe.Engine.Akka;
using Amoe.Engine.Akka.Journal;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Journal;
using Amoe.Engine.Replay;
using Amoe.Simulator.Running;

namespace Amoe.Host.Akka;

/// <summary>The Akka.NET runtime, in this process or in a cluster that it joins to send, on a journal of Akka.Persistence.Sql.</summary>
internal sealed class AkkaEngine : IEngine
{
    private readonly SimulationRequest _request;
    private readonly AkkaRuntime _runtime;
    private readonly Totals _before;

    private AkkaEngine(SimulationRequest request, AkkaRuntime runtime, AkkaOptions options)
    {
        (_request, _runtime, WaitingMax) = (request, runtime, options.MailboxMessagesMax);
        (_before, Journal) = (runtime.Inspect().Totals, runtime.Copy());
    }

    public ICommandTarget Target => _runtime;

    /// <summary>As it was when the run began.</summary>
    public IJournal Journal { get; }

    public int WaitingMax { get; }

    /// <exception cref="JournalException">It holds a year and is not to be resumed, holds none and is, was made with something else, cannot be reached.</exception>
    /// <exception cref="InputException">It cannot be a member of the cluster.</exception>
    public static async Task<AkkaEngine> OpenAsync(SimulationRequest request, AkkaOptions options, Action<string> warn, TimeProvider time, CancellationToken stop)
    {
        if (!options.IsHost)
            RequireSame(request);
        else if (request.Resume)
            Theirs(request, "Leave --resume out to begin one.").RequireSame(request.Identity, request.Journal.Display);
        var runtime = await AkkaMember.StartAsync(request.Journal, request.Identity, new AmoeLogic(request.Rulebook), options, time, warn, stop);
        try
        {
            var engine = new AkkaEngine(request, runtime, options);
            if (!request.Resume && engine._before[Counter.Commands] > 0)
                throw new JournalException($"{request.Journal.Display}: Akka.NET's tables there hold a year already, and nothing was touched. Add --resume to take it up, or name another.");
            return engine;
        }
        catch
        {
            await runtime.DisposeAsync();
            throw;
        }
    }

    /// <summary>The hosts are there already: what they decide by, and how they shard, is settled. Which scenario is sent to them they do not know.</summary>
    private static void RequireSame(SimulationRequest request)
    {
        var theirs = Theirs(request, "Start a host: amoe serve --runtime akka");
        (theirs with { Source = request.Identity.Source, Seed = request.Identity.Seed, Scale = request.Identity.Scale }).RequireSame(request.Identity, request.Journal.Display);
    }

    private static JournalIdentity Theirs(SimulationRequest request, string toDo) =>
        AkkaTables.Identity(request.Journal) ?? throw new JournalException($"{request.Journal.Display}: there is no journal of Akka.NET's there. {toDo}");

    public DateOnly LastClosed(int shard) => shard < _runtime.ShardCount ? History.LastMark(Journal, shard, CommandKind.CloseDay) : LastClosedByLedgers();

    /// <summary>
    /// Ledgers keep no mark of a day on which nothing was posted. Those days they are through with without which no student could have come so far; what else they
    /// had opened, they open again, which does nothing.
    /// </summary>
    private DateOnly LastClosedByLedgers() =>
        Enumerable.Range(0, _runtime.ShardCount).Max(LastClosed) is var last && last == default ? default : last.AddDays(-LedgerDecider.ValueDays);

    public EngineProgress? Progress() => null;

    public async Task<EngineEnd> EndAsync()
    {
        // Histories are read when nobody writes any more.
        var replayed = await Task.Run(_runtime.Replay);
        var (state, latency) = (replayed.State(), _runtime.Latency);
        return new EngineEnd(
            null, state.Digest, replayed.AccountsOf(state), state.Quarantined.Count,
            state.Totals[Counter.Commands] - _before[Counter.Commands], state.Totals[Counter.Events] - _before[Counter.Events],
            replayed.Bytes, AkkaTables.Measure(_request.Journal), 0,
            latency.PercentileMs(500), latency.PercentileMs(990), latency.PercentileMs(1000), latency.Count);
    }

    public ValueTask DisposeAsync() => _runtime.DisposeAsync();
}
