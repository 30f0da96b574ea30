using Amoe.Engine.Actors;
using Amoe.Engine.Actors.Metering;
using Amoe.Engine.Actors.Sharding;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using Amoe.Engine.Rules;
using Amoe.Host.Telemetry;
using Microsoft.Extensions.Logging;

namespace Amoe.Host.Live;

/// <summary>
/// The scheme in this process alone, for commands from outside: on a journal in a file, or on one in a database whose
/// opening balances it takes.
/// </summary>
internal sealed class EmbeddedHost : IAsyncDisposable
{
    private readonly PartitionJournal _journal;
    private readonly PartitionRuntime _runtime;

    private EmbeddedHost(PartitionJournal journal, PartitionRuntime runtime) =>
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

    /// <summary>Ends with one line why when this process has lost the journal to another.</summary>
    public Task<string> Lost => _journal.Lease.WhenLost;

    /// <summary>Opens the journal, or begins an empty one, and recovers what it holds.</summary>
    /// <param name="begins">What the journal is created with where there is none.</param>
    /// <param name="isOpening">True for one that takes opening balances: that they have begun is marked in it.</param>
    /// <exception cref="JournalException">
    /// It is no journal, of a simulation, of another version, damaged, being written by another process, … Its opening
    /// balances have begun and are not closed, or the other way round.
    /// </exception>
    public static async Task<EmbeddedHost> StartAsync(
        JournalAddress address, JournalIdentity begins, bool isOpening, EngineOptions options,
        HostTelemetry telemetry)
    {
        var journal = await OpenAsync(address, begins, telemetry);
        try
        {
            ApiJournal.RequireProduction(journal.Identity, journal.Name, ApiJournal.OrAnother);
            JournalOpening.Require(journal.ReadBook(), journal.Name, isOpening);
            if (isOpening)
                await JournalOpening.BeginAsync(journal, telemetry.Time);
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

    /// <summary>In a database a lease keeps hosts out, as the lock of a file does.</summary>
    private static async Task<PartitionJournal> OpenAsync(
        JournalAddress address, JournalIdentity begins, HostTelemetry telemetry)
    {
        var log = telemetry.Loggers.CreateLogger<EmbeddedHost>();
        if (address.IsPostgres)
        {
            if (PostgresJournal.TryBegin(address, begins))
                log.SharedJournalBegun(address.Display, begins.StudentPartitions, begins.LedgerPartitions);
            return await PostgresJournal.OpenAsync(
                address, $"serve --opening, process {Environment.ProcessId} on {Environment.MachineName}",
                telemetry.Time);
        }

        if (File.Exists(address.Path))
            return SqliteJournal.Open(address.Path);
        var journal = SqliteJournal.Create(address.Path, begins);
        log.JournalBegun(address.Path);
        return journal;
    }
}

/// <summary>An embedded host at one moment.</summary>
/// <param name="Partitions">Those of students first.</param>
/// <param name="Engine">What they hold.</param>
/// <param name="Commits">How long their writes took.</param>
internal sealed record EmbeddedState(
    IReadOnlyList<PartitionPart> Partitions, RuntimeState Engine, LatencyHistogram Commits);
