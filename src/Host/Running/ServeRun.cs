using System.Net.Sockets;
using Amoe.Engine.Actors;
using Amoe.Engine.Actors.Metering;
using Amoe.Engine.Actors.Sharding;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using Amoe.Host.Http;
using Amoe.Host.Identity;
using Amoe.Host.Live;
using Amoe.Host.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Amoe.Host.Running;

/// <summary>
/// One host of a cluster, from its start to its end. When it is evicted it joins again, in the same process.
/// </summary>
internal sealed class ServeRun(ServeRequest request, HostTelemetry telemetry)
{
    private static readonly TimeSpan JoinAgainAfter = TimeSpan.FromSeconds(1);

    private readonly ILogger _log = telemetry.Loggers.CreateLogger<ServeRun>();
    private volatile ClusterHost? _host;
    private volatile bool _isLeaving;

    /// <summary>Joins, serves until it is to stop, hands its partitions over and leaves.</summary>
    /// <param name="joined">
    /// Called once it has joined for the first time: where it is reached, its number, and the key that it made where it
    /// has an API without a file of keys.
    /// </param>
    /// <exception cref="JournalException">
    /// The database cannot be reached at the start, or can hold no journal, or one process has it to itself.
    /// </exception>
    /// <exception cref="VaultException">The vault cannot be opened, or is not one that hosts share.</exception>
    /// <exception cref="InputException">An address cannot be listened on, or a certificate cannot be used.</exception>
    public async Task RunAsync(Action<string, long, string?> joined, CancellationToken stop)
    {
        // First: where one of them cannot be used no journal is begun.
        request.Api?.RequireReachable(request.Http);
        HostServer.Check(request.Http);
        using var access = request.Api is { } asked ? ApiAccess.Open(asked, telemetry) : null;
        using var vault = request.Vault is { } place ? OpenVault.At(place, isShared: true, telemetry) : null;
        Begin();
        var pages = new HostPages(() => State().Page);
        telemetry.Host.IsReady = () => State().Validate is null ? 1 : 0;
        await using var api =
            access is null ? null : ClusterApi.On(request, access, () => _host, pages, vault?.Vault, telemetry, stop);
        await using var server = api is null
            ? await HostServer.StartAsync(
                request.Http, pages.ServeAsync, telemetry.AddTo,
                application => telemetry.Map(application)?.AllowAnonymous())
            : await HostServer.StartAsync(
                request.Http, api.Endpoints.ServeOtherAsync, api.Endpoints.AddServices, api.Endpoints.Map,
                access?.Certificate);
        var endpoint = $"{access?.Scheme ?? "http"}://{server.EndPoint}";
        var setup = new ClusterHostSetup(
            request.Journal, request.Listen, endpoint, new EngineOptions { Threads = request.Threads }, telemetry.Time,
            telemetry.Warnings(EngineMeter.Name))
        {
            Advertise = request.Advertise,
            Tls = request.Tls,
            Meter = telemetry.Engine,
            Report = telemetry.Lines(EngineMeter.Name),
        };
        var stopped = Stopped(stop);
        for (var isFirst = true; !stop.IsCancellationRequested; isFirst = false)
        {
            if (await TryStartAsync(setup, isFirst, stop) is not { } host)
                continue;
            await using (host)
            {
                _host = host;
                if (isFirst)
                {
                    if (api is not null)
                        await api.OpenDaysAsync(stop);
                    joined(endpoint, host.Id, access?.DevelopmentKey);
                }
                else
                {
                    _log.JoinedAgain(host.Id);
                }

                if (await Task.WhenAny(host.Ended, stopped) == host.Ended)
                    _log.Evicted(await host.Ended);
                _isLeaving = stop.IsCancellationRequested;
            }

            _host = null;
        }
    }

    /// <summary>Only at the start: a host that finds its journal gone must not go on with an empty one.</summary>
    private void Begin()
    {
        var begins = request.Begins;
        if (PostgresJournal.TryBegin(request.Journal, begins))
            _log.SharedJournalBegun(request.Journal.Display, begins.StudentPartitions, begins.LedgerPartitions);
    }

    private HostState State() => _host?.Part() is { } part ? HostState.Of(part, _isLeaving) : HostState.Joining;

    /// <summary>Null when that is to be tried again, or the host is to stop.</summary>
    private async Task<ClusterHost?> TryStartAsync(ClusterHostSetup setup, bool isFirst, CancellationToken stop)
    {
        try
        {
            return await ClusterHost.StartAsync(setup, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception e) when (!isFirst && (e is JournalException or SocketException))
        {
            _log.NotJoined(e.Message.TrimEnd('.'));
            await Task.WhenAny(Task.Delay(JoinAgainAfter, telemetry.Time, stop));
            return null;
        }
        catch (SocketException e)
        {
            throw HostServer.CannotListen(request.Listen, e, "--listen");
        }
        catch (MutualTlsException e)
        {
            throw new InputException(e.Message);
        }
    }

    private static Task Stopped(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        stop.Register(() => stopped.TrySetResult());
        return stopped.Task;
    }
}
