using System.Net;
using System.Text.Json;
using Amoe.Engine.Actors;
using Amoe.Engine.Akka;
using Amoe.Engine.Akka.Journal;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Host.Http;
using Amoe.Host.Running;
using Amoe.Simulator.Running;

namespace Amoe.Host.Akka;

/// <summary>A host of an Akka cluster: joins, has its share of the students, and leaves in order.</summary>
internal sealed class AkkaHost(AkkaServeRequest request, Terminal terminal)
{
    /// <summary>Where a journal's commands come from when no scenario made it.</summary>
    private const string Source = "amoe serve";

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    private volatile AkkaRuntime? _runtime;

    /// <param name="joined">Told once it is one: its address, and that of its pages if it has any.</param>
    /// <exception cref="JournalException">The store cannot be reached, or its journal is of another format.</exception>
    /// <exception cref="InputException">It cannot be a member of the cluster, or the others went on without it.</exception>
    public async Task RunAsync(Action<string, string?> joined, CancellationToken stop)
    {
        var identity = AkkaTables.Identity(request.Journal) ?? New();
        if (!IPAddress.IsLoopback(request.Listen.Address))
            terminal.Line($"{request.Listen} can be reached from other machines, and whoever reaches it can send: Akka.NET's links here have neither TLS nor a secret. Keep them in a network of their own");
        await using var pages = request.Health is { } health ? await HostServer.StartAsync(health, new LinkOptions(), new HostPages(Page, takeLink: null).ServeAsync) : null;
        var options = new AkkaOptions { Host = $"{request.Listen.Address}", Port = request.Listen.Port, Seeds = request.Seeds };
        var logic = new AmoeLogic(Rulebook.Load(identity.Rulebook, "the journal's rulebook"));
        try
        {
            await using var runtime = await AkkaMember.StartAsync(request.Journal, identity, logic, options, terminal.Time, terminal.Line, stop);
            await BegunAsync(stop);
            _runtime = runtime;
            joined(runtime.Membership.Address, pages is null ? null : $"http://{pages.EndPoint}");
            await runtime.Membership.Ended.WaitAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
        }

        throw new InputException("the cluster goes on without this host: it was out of the others' reach for too long. Its students are theirs by now; start it again to join anew.");
    }

    /// <summary>The cluster's calendar begins the journal: who sends asks what it was made for.</summary>
    private async Task BegunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(LookEvery, terminal.Time);
        while (AkkaTables.Identity(request.Journal) is null)
            await timer.WaitForNextTickAsync(stop);
    }

    private PageState Page()
    {
        var runtime = _runtime;
        var whyNot = runtime is null ? "it is starting" : runtime.Membership.WhyNot;
        return new PageState(whyNot, json => Write(json, whyNot, runtime));
    }

    private static void Write(Utf8JsonWriter json, string? whyNot, AkkaRuntime? runtime)
    {
        json.WriteStartObject();
        json.WriteBoolean("ready", whyNot is null);
        if (whyNot is not null)
            json.WriteString("why_not", whyNot);
        if (runtime is not null)
        {
            json.WriteString("address", runtime.Membership.Address);
            WriteMembers(json, runtime);
        }

        json.WriteNumber("process", Environment.ProcessId);
        json.WriteNumber("memory_bytes", Memory.NowBytes);
        json.WriteEndObject();
    }

    /// <summary>How each stands, as it told the others a moment ago.</summary>
    private static void WriteMembers(Utf8JsonWriter json, AkkaRuntime runtime)
    {
        var told = runtime.Hosts.ToDictionary(host => host.Host);
        json.WriteStartArray("members");
        foreach (var (address, status, isReached) in runtime.Membership.Members)
        {
            json.WriteStartObject();
            json.WriteString("address", address);
            json.WriteString("status", status);
            json.WriteBoolean("reached", isReached);
            if (told.TryGetValue(address, out var host))
            {
                json.WriteNumber("students", host.Students);
                json.WriteNumber("decided", host.Decided);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>As a simulation makes one, for whatever commands come.</summary>
    private static JournalIdentity New() => new(
        JournalIdentity.CurrentFormatVersion, Simulation.ShardCount, RulebookPlace.Load(ShippedRulebooks.Amended).Text, Source, 0, 0, Simulation.PartyShardCount);
}
