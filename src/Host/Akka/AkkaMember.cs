using Amoe.Engine.Actors;
using Amoe.Engine.Akka;
using Amoe.Engine.Journal;

namespace Amoe.Host.Akka;

/// <summary>This process as a member of an Akka cluster, with its faults as the command line tells them.</summary>
internal static class AkkaMember
{
    /// <exception cref="JournalException">The store cannot be reached.</exception>
    /// <exception cref="InputException">An address cannot be listened on, or nobody answers at one.</exception>
    public static async Task<AkkaRuntime> StartAsync(
        JournalAddress journal, JournalIdentity identity, IActorLogic logic, AkkaOptions options, TimeProvider time, Action<string> warn, CancellationToken stop)
    {
        try
        {
            return await AkkaRuntime.StartAsync(journal, identity, logic, options, time, warn, stop);
        }
        catch (ClusterException e)
        {
            throw new InputException(e.Message);
        }
    }
}
