using Amoe.Engine.Actors;
using Amoe.Engine.Akka;
using Amoe.Engine.Akka.Journal;
using Amoe.Engine.Journal;
using Amoe.Engine.Replay;
using Amoe.Simulator.Running;

namespace Amoe.Host.Akka;

/// <summary>The Akka.NET runtime in this process, on a journal of Akka.Persistence.Sql.</summary>
internal sealed class AkkaEngine : IEngine
{
    private const string TakenUp = "a year on Akka.NET cannot be taken up";
    private readonly SimulationRequest _request;
    private readonly AkkaRuntime _runtime;

    private AkkaEngine(SimulationRequest request, AkkaRuntime runtime, AkkaOptions options) =>
        (_request, _runtime, WaitingMax) = (request, runtime, options.MailboxMessagesMax);

    public ICommandTarget Target => _runtime;

    /// <summary>Only a run that is taken up asks for it.</summary>
    public IJournal Journal => throw new NotSupportedException(TakenUp);

    public int WaitingMax { get; }

    /// <exception cref="UsageException">It was to be taken up.</exception>
    /// <exception cref="JournalException">There is a year in it already.</exception>
    /// <exception cref="InputException">It cannot be a member of the cluster.</exception>
    public static async Task<AkkaEngine> OpenAsync(SimulationRequest request, AkkaOptions options, Action<string> warn, TimeProvider time, CancellationToken stop)
    {
        if (request.Resume)
            throw new UsageException($"{TakenUp}: leave --resume out, or --runtime akka.");
        if (!options.IsHost)
            RequireSame(request);
        var runtime = await AkkaMember.StartAsync(request.Journal, request.Identity, new AmoeLogic(request.Rulebook), options, time, warn, stop);
        if (runtime.Inspect().Students == 0)
            return new AkkaEngine(request, runtime, options);
        await runtime.DisposeAsync();
        throw new JournalException($"{request.Journal.Display}: Akka.NET's tables there hold a year already, and nothing was touched. Name another database.");
    }

    /// <summary>The hosts are there already: what they decide by, and how they shard, is settled.</summary>
    private static void RequireSame(SimulationRequest request)
    {
        var theirs = AkkaTables.Identity(request.Journal)
            ?? throw new JournalException($"{request.Journal.Display}: no host has begun a journal there. Start one: amoe serve --runtime akka");
        (theirs with { Source = request.Identity.Source, Seed = request.Identity.Seed, Scale = request.Identity.Scale }).RequireSame(request.Identity, request.Journal.Display);
    }

    public DateOnly LastClosed(int shard) => throw new NotSupportedException(TakenUp);

    public EngineProgress? Progress() => null;

    public async Task<EngineEnd> EndAsync()
    {
        // Histories are read when nobody writes any more.
        var replayed = await Task.Run(_runtime.Replay);
        var (state, latency) = (replayed.State(), _runtime.Latency);
        return new EngineEnd(
            null, state.Digest, state.Totals, state.Parties, replayed.OnTheWay, state.OpenClaims, state.Quarantined.Count,
            state.Totals[Counter.Commands], state.Totals[Counter.Events], replayed.Bytes, AkkaTables.Measure(_request.Journal), 0,
            latency.PercentileMs(500), latency.PercentileMs(990), latency.PercentileMs(1000), latency.Count);
    }

    public ValueTask DisposeAsync() => _runtime.DisposeAsync();
}
