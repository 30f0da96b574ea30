using System.Net;
using Amoe.Engine.Actors;
using Amoe.Engine.Akka;
using Amoe.Engine.Akka.Journal;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Host.Running;
using Amoe.Simulator.Running;

namespace Amoe.Host.Akka;

/// <summary>A host of an Akka cluster: joins, has its share of the students, and leaves in order.</summary>
internal static class AkkaHost
{
    /// <summary>Where a journal's commands come from when no scenario made it.</summary>
    private const string Source = "amoe serve";

    /// <exception cref="JournalException">The store cannot be reached, or its journal is of another format.</exception>
    public static async Task RunAsync(JournalAddress journal, IPEndPoint listen, string[] seeds, Terminal terminal, Action<string> joined, CancellationToken stop)
    {
        var identity = AkkaTables.Identity(journal) ?? New();
        if (!IPAddress.IsLoopback(listen.Address))
            terminal.Line($"{listen} can be reached from other machines, and whoever reaches it can send: Akka.NET's links here have neither TLS nor a secret. Keep them in a network of their own");
        var options = new AkkaOptions { Host = $"{listen.Address}", Port = listen.Port, Seeds = seeds };
        var logic = new AmoeLogic(Rulebook.Load(identity.Rulebook, "the journal's rulebook"));
        await using var runtime = await AkkaRuntime.StartAsync(journal, identity, logic, options, terminal.Time, terminal.Line);
        joined(runtime.Address);
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stop.Register(stopped.SetResult);
        await stopped.Task;
    }

    /// <summary>As a simulation makes one, for whatever commands come.</summary>
    private static JournalIdentity New() => new(
        JournalIdentity.CurrentFormatVersion, Simulation.ShardCount, RulebookPlace.Load(ShippedRulebooks.Amended).Text, Source, 0, 0, Simulation.PartyShardCount);
}
