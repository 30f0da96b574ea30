using Amoe.Engine.Actors.Metering;
using Amoe.Engine.Actors.Sharding;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using Amoe.Engine.Rules;
using Amoe.Host.Api;
using Amoe.Host.Api.Streams;
using Amoe.Host.Http;
using Amoe.Host.Identity;
using Amoe.Host.Running;
using Amoe.Host.Telemetry;
using Microsoft.Extensions.Logging;

namespace Amoe.Host.Live;

/// <summary>
/// The API of a host of a cluster. Its commands go by sessions to whichever host has the student's partition, this one
/// or another, and what is lost on the way while partitions move is sent again.
/// </summary>
/// <remarks>
/// Each host opens the business days on all partitions: a day that another has opened or closed already stays so.
/// </remarks>
internal sealed class ClusterApi : IAsyncDisposable
{
    /// <summary>
    /// How long a command is sent again before it is answered unknown: longer than a fail-over takes.
    /// </summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly ApiRequest _request;
    private readonly ClusterClient _client;
    private readonly StreamStore _streams;
    private readonly BusinessDays _days;

    private ClusterApi(
        ServeRequest request, ApiAccess access, IJournal journal, Func<ClusterHost?> host, HostPages pages,
        IdentityVault? vault, HostTelemetry telemetry, CancellationToken stop)
    {
        (_request, _streams) =
            (access.Request, new StreamStore(telemetry.Time, access.Request.Settings.AnswerBytesMax));
        var link = request.Tls is { } tls
            ? new ClientLink(request.Listen.Address, tls, telemetry.Warnings(EngineMeter.Name))
            : null;
        _client = ClusterClient.Start(
            journal.Identity.StudentPartitions, journal.Identity.LedgerPartitions,
            new PostgresHosts(new PostgresDatabase(request.Journal)), request.Threads, _patience, telemetry.Time, link,
            telemetry.Engine, partition => host()?.SpokenFor(partition));
        var last = journal.ReadBook()?.LastDay ?? default;
        _days = new BusinessDays(_client, last, telemetry.Time, telemetry.Loggers.CreateLogger<BusinessDays>());
        var meter = telemetry.Host;
        (meter.StreamsRunning, meter.AnswerBytes) = (() => _streams.Running, () => _streams.AnswerBytes);
        if (_request.OpensDays)
            meter.DaysBehind = () => _days.Lag;

        // Anyone reads its pages: other hosts and «cluster status» do.
        Endpoints = new ApiEndpoints(_client, _days, _streams, access, pages, telemetry, stop)
        {
            IsStateOpen = true,
            Vault = vault,
            Rules = new Lazy<Rulebook>(() => JournalRulebooks.Current(journal)),
        };
    }

    public ApiEndpoints Endpoints { get; }

    /// <summary>Prepares the API on a journal that is there.</summary>
    /// <param name="host">The host in this process; null while it has not joined.</param>
    /// <param name="vault">Knows who students are; null where no call names a person.</param>
    /// <exception cref="JournalException">The journal cannot be read, or is a simulation's.</exception>
    public static ClusterApi On(
        ServeRequest request, ApiAccess access, Func<ClusterHost?> host, HostPages pages, IdentityVault? vault,
        HostTelemetry telemetry, CancellationToken stop)
    {
        using var journal = Journals.OpenReadOnly(request.Journal);
        ApiJournal.RequireProduction(journal.Identity, request.Journal.Display, ApiJournal.OrWithoutApi);
        return new ClusterApi(request, access, journal, host, pages, vault, telemetry, stop);
    }

    /// <summary>Opens the days that are due; waits until the partitions are served, or the host is to stop.</summary>
    /// <exception cref="InputException">The clock is behind the journal, or more than a year ahead.</exception>
    public async Task OpenDaysAsync(CancellationToken stop)
    {
        try
        {
            if (_request.OpensDays)
                await _days.StartAsync(_request.CatchesUp, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The host leaves.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _days.DisposeAsync();
        await _client.DisposeAsync();
        _streams.Dispose();
    }
}
