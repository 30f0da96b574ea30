using Akka.Actor.Setup;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Actors.Addressing;

/// <summary>
/// The journal of an actor system, for its read journal: the framework, which makes that, hands it the actor system
/// alone.
/// </summary>
internal sealed class JournalSetup : Setup
{
    private volatile PartitionJournal? _journal;

    /// <exception cref="InvalidOperationException">
    /// The actor system has none yet: it has not joined its cluster.
    /// </exception>
    public PartitionJournal Journal
    {
        get => _journal ?? throw new InvalidOperationException("This actor system has no journal yet.");
        set => _journal = value;
    }
}
