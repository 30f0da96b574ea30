using Amoe.Engine.Actors;
using Amoe.Engine.Actors.Metering;
using Amoe.Engine.Actors.Sharding;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Host.Telemetry;
using Microsoft.Extensions.Logging;

namespace Amoe.Host.Live;

/// <summary>The scheme in this process on a journal in a file, for commands from outside.</summary>
internal sealed class EmbeddedHost : IAsyncDisposable
{
    private readonly SqliteJournal _journal;
    private readonly PartitionRuntime _runtime;

    private EmbeddedHost(SqliteJournal journal, PartitionRuntime runtime) =>
        (_journal, _runtime, Rules) = (journal, runtime, new Lazy<Rulebook>(() => JournalRulebooks.Current(journal)));

    /// <summary>Takes the commands.</summary>
    public ICommandTarget Scheme => _runtime;

    /// <summary>The rulebook that decides: none is adopted while a host has the journal.</summary>
    public Lazy<Rulebook> Rules { get; }

    /// <summary>
    /// The last day that is open everywhere; default where none was opened. A partition that was never reached, or is
    /// out of service, opens what it missed by itself.
    /// </summary>
    public DateOnly LastDay =>
        _runtime.Partitions.Select(partition => partition.State.Day)
            .Where(day => day != default)
            .DefaultIfEmpty()
            .Min();

    /// <summary>Marks that a journal takes opening balances; one that is not there is begun.</summary>
    /// <inheritdoc cref="StartAsync"/>
    public static async Task BeginOpeningAsync(string path, JournalIdentity begins, HostTelemetry telemetry)
    {
        using (var journal = Open(path, begins, telemetry.Loggers.CreateLogger<EmbeddedHost>()))
            ApiJournal.RequireProduction(journal.Identity, path, ApiJournal.OrAnother);
        await JournalOpening.BeginAsync(JournalAddress.Parse(path), telemetry.Time);
    }

    /// <summary>Opens the journal, or begins an empty one, and recovers what it holds.</summary>
    /// <param name="begins">What the journal is created with where there is none.</param>
    /// <param name="isOpening">True for one that takes opening balances.</param>
    /// <exception cref="JournalException">
    /// It is no journal, of a simulation, of another version, damaged, being written by another process, … Its opening
    /// balances have begun and are not closed, or the other way round.
    /// </exception>
    public static async Task<EmbeddedHost> StartAsync(
        string path, JournalIdentity begins, bool isOpening, EngineOptions options, HostTelemetry telemetry)
    {
        var journal = Open(path, begins, telemetry.Loggers.CreateLogger<EmbeddedHost>());
        try
        {
            ApiJournal.RequireProduction(journal.Identity, path, ApiJournal.OrAnother);
            if (!isOpening && journal.ReadBook().Opening == OpeningPhase.Begun)
                throw new JournalException(
                    $"{path}: its opening balances are not closed, and no business day opens before they are: "
                    + "serve --opening takes more of them, amoe opening close reconciles them.");
            var runtime = await PartitionRuntime.StartAsync(
                journal, options, telemetry.Time, telemetry.Warnings(EngineMeter.Name), meter: telemetry.Engine);
            return new EmbeddedHost(journal, runtime);
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
            var away = _runtime.Partitions.Count(partition =>
                PartitionPart.Of(partition).State == PartitionService.Recovering);
            return away == 0
                ? null
                : $"{away} of {_runtime.Partitions.Count} partitions take no commands{(_runtime.Fault is { } fault ? $": {fault.Message}" : ".")}";
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

    private static SqliteJournal Open(string path, JournalIdentity begins, ILogger log)
    {
        if (File.Exists(path))
            return SqliteJournal.Open(path);
        var journal = SqliteJournal.Create(path, begins);
        log.JournalBegun(path);
        return journal;
    }
}

/// <summary>An embedded host at one moment.</summary>
/// <param name="Partitions">Those of students first.</param>
/// <param name="Engine">What they hold.</param>
/// <param name="Commits">How long their writes took.</param>
internal sealed record EmbeddedState(
    IReadOnlyList<PartitionPart> Partitions, RuntimeState Engine, LatencyHistogram Commits);
