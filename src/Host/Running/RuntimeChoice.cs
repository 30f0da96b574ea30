using Amoe.Simulator.Running;

namespace Amoe.Host.Running;

/// <summary>What hosts the actors.</summary>
internal enum RuntimeChoice
{
    /// <summary>The engine's own.</summary>
    Amoe,

    /// <summary>Akka.NET, in a build that has it.</summary>
    Akka,
}

/// <summary>The Akka.NET runtime, in a build that has it.</summary>
internal static class AkkaBuild
{
#if AKKA
    /// <summary>Starts a simulation's engine on it.</summary>
    /// <param name="window">Commands under way at a time; null for the usual.</param>
    /// <param name="seeds">Hosts of a cluster that is to decide; none for this process alone.</param>
    public static async Task<IEngine> OpenAsync(SimulationRequest request, int? window, string[] seeds, Terminal terminal, CancellationToken stop)
    {
        var options = new Engine.Akka.AkkaOptions { Seeds = seeds, IsHost = seeds.Length == 0 };
        return await Akka.AkkaEngine.OpenAsync(request, window is { } asked ? options with { Window = asked } : options, terminal.Line, terminal.Time, stop);
    }

    /// <summary>Is a host of an Akka cluster until it is to stop.</summary>
    /// <param name="joined">Told once it is one: its address, and that of its pages if it has any.</param>
    public static Task ServeAsync(AkkaServeRequest request, Terminal terminal, Action<string, string?> joined, CancellationToken stop) =>
        new Akka.AkkaHost(request, terminal).RunAsync(joined, stop);
#else
    /// <exception cref="UsageException">This build is without.</exception>
    public static Task<IEngine> OpenAsync(SimulationRequest request, int? window, string[] seeds, Terminal terminal, CancellationToken stop) => throw Without();

    /// <exception cref="UsageException">This build is without.</exception>
    public static Task ServeAsync(AkkaServeRequest request, Terminal terminal, Action<string, string?> joined, CancellationToken stop) => throw Without();

    private static UsageException Without() =>
        new("this program was built without Akka.NET. Where its packages can be restored, build it with it: dotnet build src/Host -c Release -p:Akka=true");
#endif
}
