using System.Net;
using System.Text.Json;
using Amoe.Engine.Actors;
using Amoe.Engine.Journal;
using Amoe.Host.Api;
using Amoe.Host.Api.Streams;
using Amoe.Host.Http;
using Amoe.Host.Running;
using Amoe.Host.Telemetry;
using Microsoft.Extensions.Logging;

namespace Amoe.Host.Live;

/// <summary>A host that has a journal to itself, from its start to its end.</summary>
internal sealed class LiveRun(LiveRequest request, HostTelemetry telemetry)
{
    private volatile bool _isLeaving;

    /// <summary>Opens the journal and the day, serves until it is to stop, and ends with what is in flight.</summary>
    /// <param name="served">
    /// Called once it takes requests: at which address, and with which key where it has no file of keys.
    /// </param>
    /// <exception cref="JournalException">
    /// The journal cannot be opened or created, or was lost to another process.
    /// </exception>
    /// <exception cref="InputException">An address cannot be listened on, or the clock cannot be right.</exception>
    /// <exception cref="UsageException">Keys would cross a network unencrypted.</exception>
    public async Task RunAsync(Action<string, string?> served, CancellationToken stop)
    {
        // First: where one of them cannot be used no journal is begun.
        request.Api.RequireReachable(request.Http);
        HostServer.Check(request.Http);
        using var access = ApiAccess.Open(request.Api, telemetry);
        using var vault = request.Vault is { } place
            ? OpenVault.At(place, isShared: request.Journal.IsPostgres, telemetry)
            : null;
        var options = new EngineOptions { Threads = request.Threads };
        await using var host = await EmbeddedHost.StartAsync(
            request.Journal, request.Begins, request.Api.IsOpening, options, telemetry);
        await using var days = new BusinessDays(
            host.Scheme, host.LastDay, telemetry.Time, telemetry.Loggers.CreateLogger<BusinessDays>());
        if (request.Api.OpensDays)
            await days.StartAsync(request.Api.CatchesUp, stop);
        await using var watch = new PartitionWatch(
            () => host.WhyNotReady, telemetry.Time, telemetry.Loggers.CreateLogger<PartitionWatch>());
        using var streams = new StreamStore(telemetry.Time, request.Api.Settings.AnswerBytesMax);
        var pages = new HostPages(() => StateOf(host, days));
        Watch(host, days, streams);
        var api = new ApiEndpoints(host.Scheme, days, streams, access, pages, telemetry, stop)
        {
            Vault = vault?.Vault,
            Rules = host.Rules,
        };
        await using var server = await HostServer.StartAsync(
            request.Http, api.ServeOtherAsync, api.AddServices, api.Map, access.Certificate);
        served($"{access.Scheme}://{server.EndPoint}", access.DevelopmentKey);
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stop.Register(() => stopped.TrySetResult());
        if (await Task.WhenAny(stopped.Task, host.Lost) == host.Lost)
            throw new JournalException(await host.Lost);
        _isLeaving = true;
    }

    private void Watch(EmbeddedHost host, BusinessDays days, StreamStore streams)
    {
        var meter = telemetry.Host;
        meter.IsReady = () => WhyNot(host) is null ? 1 : 0;
        if (request.Api.OpensDays)
            meter.DaysBehind = () => days.Lag;
        (meter.StreamsRunning, meter.AnswerBytes) = (() => streams.Running, () => streams.AnswerBytes);
    }

    private string? WhyNot(EmbeddedHost host) =>
        _isLeaving ? "it finishes what is in flight and ends" : host.WhyNotReady;

    private PageState StateOf(EmbeddedHost host, BusinessDays days)
    {
        var why = WhyNot(host);
        return new PageState(why, json => Write(json, why, host.Inspect(), days.Today));
    }

    private static void Write(Utf8JsonWriter json, string? why, EmbeddedState state, DateOnly today)
    {
        json.WriteStartObject();
        json.WriteBoolean("ready", why is null);
        if (why is not null)
            json.WriteString("why_not", why);
        if (today != default)
            json.WriteString("day", $"{today:yyyy-MM-dd}");
        HostState.WriteScheme(json, state.Partitions, state.Engine, state.Commits);
        json.WriteNumber("process", Environment.ProcessId);
        json.WriteNumber("memory_bytes", Memory.NowBytes);
        json.WriteEndObject();
    }
}

/// <summary>The settings of a host that has a journal to itself.</summary>
/// <param name="Journal">A file; or a database, where it takes opening balances.</param>
/// <param name="Http">Where it is reached; port 0 for any that is free.</param>
/// <param name="Api">Its API.</param>
/// <param name="Vault">Where it keeps who students are; null where it does not.</param>
/// <param name="Threads">Threads that decide.</param>
/// <param name="Begins">What the journal is created with where there is none.</param>
internal sealed record LiveRequest(
    JournalAddress Journal, IPEndPoint Http, ApiRequest Api, VaultPlace? Vault, int Threads, JournalIdentity Begins);
