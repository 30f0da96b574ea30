using System.Security.Cryptography.X509Certificates;
using Amoe.Engine.Actors.Sharding;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using Amoe.Host.Access;
using Amoe.Host.Api;
using Amoe.Host.Api.Streams;
using Amoe.Host.Running;

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
    /// <summary>How long a command is sent again before it is answered unknown: longer than a fail-over takes.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly ApiRequest _request;
    private readonly ClusterClient _client;
    private readonly StreamStore _streams = new();
    private readonly ApiKeys _keys;

    private ClusterApi(ServeRequest request, ApiRequest api, IJournal journal, Terminal terminal, CancellationToken stop)
    {
        _request = api;
        Certificate = api.Settings.LoadCertificate();
        string? development = null;
        _keys = api.Keys is { } file ? ApiKeys.Open(file, terminal.Time, terminal.Line) : ApiKeys.OfDevelopment(terminal.Time, out development);
        DevelopmentKey = development;
        var link = request.Tls is { } tls ? new ClientLink(request.Listen.Address, tls, terminal.Line) : null;
        _client = ClusterClient.Start(
            journal.Identity.StudentPartitions, journal.Identity.LedgerPartitions, new PostgresHosts(new PostgresDatabase(request.Journal)), request.Threads, _patience, terminal.Time, link);
        Days = new BusinessDays(_client, journal.ReadBook()?.LastDay ?? default, terminal.Time, terminal.Line);
        Endpoints = new ApiEndpoints(_client, Days, _streams, vault: null, _keys, api.Settings.Access, pages: null, api.IsClockOfStreams, terminal, stop);
    }

    /// <summary>Of HTTPS; null where it speaks HTTP.</summary>
    public X509Certificate2? Certificate { get; }

    /// <summary>The key that it made; null where it has a file of keys.</summary>
    public string? DevelopmentKey { get; }

    public BusinessDays Days { get; }

    public ApiEndpoints Endpoints { get; }

    /// <summary>Prepares the API on a journal that is there; null where only pages are asked for.</summary>
    /// <exception cref="JournalException">The journal cannot be read, or is a simulation's.</exception>
    /// <exception cref="InputException">A file of keys or a certificate cannot be used.</exception>
    public static ClusterApi? Of(ServeRequest request, Terminal terminal, CancellationToken stop)
    {
        if (request.Api is not { } api)
            return null;
        using var journal = Journals.OpenReadOnly(request.Journal);
        if (journal.Identity.IsSimulated)
            throw new JournalException($"{request.Journal.Display}: it is the journal of a simulation, and commands from outside would change what it can be resumed to. Name another, or leave --keys and --development out.");
        return new ClusterApi(request, api, journal, terminal, stop);
    }

    /// <summary>Opens the days that are due; waits until the partitions are served, or the host is to stop.</summary>
    /// <exception cref="InputException">The clock is behind the journal, or more than a year ahead.</exception>
    public async Task OpenDaysAsync(CancellationToken stop)
    {
        try
        {
            if (!_request.IsClockOfStreams)
                await Days.StartAsync(_request.CatchesUp, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The host leaves.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Days.DisposeAsync();
        await _client.DisposeAsync();
        _streams.Dispose();
        _keys.Dispose();
        Certificate?.Dispose();
    }
}

/// <summary>The settings of the API of a host of a cluster.</summary>
/// <param name="Keys">The file of its callers' keys; null for one key that it makes, and that may make every call.</param>
/// <param name="Settings">What is configured.</param>
/// <param name="CatchesUp">True where more than a year of days may be caught up.</param>
/// <param name="IsClockOfStreams">True where streams say which day it is: for tests.</param>
internal sealed record ApiRequest(string? Keys, LiveSettings Settings, bool CatchesUp, bool IsClockOfStreams);
