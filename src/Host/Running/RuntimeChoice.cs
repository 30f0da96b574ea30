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
    /// <summary>Starts a simulation's engine on it.</summary>
    /// <param name="window">Commands under way at a time; null for the usual.</param>
    /// <exception cref="UsageException">This build is without.</exception>
    public static async Task<IEngine> OpenAsync(SimulationRequest request, int? window, Terminal terminal)
    {
#if AKKA
        var options = new Engine.Akka.AkkaOptions();
        return await Akka.AkkaEngine.OpenAsync(request, window is { } asked ? options with { Window = asked } : options, terminal.Line, terminal.Time);
#else
        await Task.CompletedTask;
        throw new UsageException("this program was built without Akka.NET. Where its packages can be restored, build it with it: dotnet build src/Host -c Release -p:Akka=true");
#endif
    }
}
