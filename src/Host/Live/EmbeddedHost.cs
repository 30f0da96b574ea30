using Amoe.Engine.Actors;
using Amoe.Engine.Actors.Sharding;
using Amoe.Engine.Journal;

namespace Amoe.Host.Live;

/// <summary>The scheme in this process on a journal in a file, for commands from outside.</summary>
internal sealed class EmbeddedHost : IAsyncDisposable
{
    private readonly SqliteJournal _journal;
    private readonly PartitionRuntime _runtime;

    private EmbeddedHost(SqliteJournal journal, PartitionRuntime runtime) => (_journal, _runtime) = (journal, runtime);

    /// <summary>Takes the commands.</summary>
    public ICommandTarget Scheme => _runtime;

    /// <summary>
    /// The last day that is open everywhere; default where none was opened. A partition that was never reached, or is
    /// out of service, opens what it missed by itself.
    /// </summary>
    public DateOnly LastDay => _runtime.Partitions.Select(partition => partition.State.Day).Where(day => day != default).DefaultIfEmpty().Min();

    /// <summary>Marks that a journal takes opening balances; one that is not there is begun.</summary>
    /// <inheritdoc cref="StartAsync"/>
    public static async Task BeginOpeningAsync(
        string path, JournalIdentity begins, TimeProvider time, Action<string> log)
    {
        using (var journal = Open(path, begins, log))
            RequireProduction(journal, path);
        await JournalOpening.BeginAsync(JournalAddress.Parse(path), time);
    }

    /// <summary>Opens the journal, or begins an empty one, and recovers what it holds.</summary>
    /// <param name="begins">What the journal is created with where there is none.</param>
    /// <param name="isOpening">True for one that takes opening balances.</param>
    /// <param name="log">Takes one line for a person.</param>
    /// <exception cref="JournalException">
    /// It is no journal, of a simulation, of another version, damaged, being written by another process, … Its opening
    /// balances have begun and are not closed, or the other way round.
    /// </exception>
    public static async Task<EmbeddedHost> StartAsync(
        string path, JournalIdentity begins, bool isOpening, EngineOptions options, TimeProvider time,
        Action<string> log)
    {
        var journal = Open(path, begins, log);
        try
        {
            RequireProduction(journal, path);
            if (!isOpening && journal.ReadBook().Opening == OpeningPhase.Begun)
                throw new JournalException(
                    $"{path}: its opening balances are not closed, and no business day opens before they are: "
                    + "serve --opening takes more of them, amoe opening close reconciles them.");
            return new EmbeddedHost(journal, await PartitionRuntime.StartAsync(journal, options, time, log));
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Why commands are not taken everywhere, as a sentence with the journal's first failure; null while they are. A
    /// partition that is out of service for good is no reason: the others serve.
    /// </summary>
    public string? WhyNotReady
    {
        get
        {
            var away = _runtime.Partitions.Count(partition => PartitionPart.Of(partition).State == PartitionService.Recovering);
            return away == 0 ? null : $"{away} of {_runtime.Partitions.Count} partitions take no commands{(_runtime.Fault is { } fault ? $": {fault.Message}" : ".")}";
        }
    }

    /// <summary>How it is at this moment.</summary>
    public EmbeddedState Inspect()
    {
        PartitionPart[] partitions = [.. _runtime.Partitions.Select(PartitionPart.Of)];
        return new EmbeddedState(partitions, _runtime.Inspect(), _runtime.Writes.Latency);
    }

    /// <summary>
    /// Lets what is in flight become durable, answers what waits <see cref="Engine.Domain.Outcome.Unknown"/>, and ends.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _runtime.DisposeAsync();
        _journal.Dispose();
    }

    private static void RequireProduction(SqliteJournal journal, string path)
    {
        if (journal.Identity.IsSimulated)
            throw new JournalException(
                $"{path}: it is the journal of a simulation, and commands from outside would change what it can be "
                + "resumed to. Name another.");
    }

    private static SqliteJournal Open(string path, JournalIdentity begins, Action<string> log)
    {
        if (File.Exists(path))
            return SqliteJournal.Open(path);
        var journal = SqliteJournal.Create(path, begins);
        log($"{path}: there was no journal; began an empty one");
        return journal;
    }
}

/// <summary>An embedded host at one moment.</summary>
/// <param name="Partitions">Those of students first.</param>
/// <param name="Engine">What they hold.</param>
/// <param name="Commits">How long their writes took.</param>
internal sealed record EmbeddedState(IReadOnlyList<PartitionPart> Partitions, RuntimeState Engine, LatencyHistogram Commits);
