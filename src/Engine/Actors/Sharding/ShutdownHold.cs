using Akka.Actor;

namespace Amoe.Engine.Actors.Sharding;

/// <summary>
/// Holds shutdowns of an actor system that its process did not ask for. The framework shuts a system down when a TLS
/// handshake fails that it began, as with a wrong certificate; one with a peer that freezes or dies meanwhile fails
/// too, and a host or a sender must outlive its peers.
/// </summary>
/// <remarks>
/// Of no effect on <see cref="ActorSystem.Terminate"/>, which runs no coordinated shutdown here (akka.conf).
/// </remarks>
internal static class ShutdownHold
{
    /// <param name="released">Done when the system may shut down whatever the reason.</param>
    /// <param name="passing">Reasons that are not held.</param>
    public static void Place(ActorSystem system, Task released, params CoordinatedShutdown.Reason[] passing)
    {
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "held", async () =>
        {
            if (!passing.Contains(shutdown.ShutdownReason))
                await released;
            return Akka.Done.Instance;
        });
    }
}
