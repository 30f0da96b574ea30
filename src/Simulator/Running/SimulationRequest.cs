using Amoe.Engine.Actors;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Simulator.Scenarios;

namespace Amoe.Simulator.Running;

/// <summary>The request for a simulation.</summary>
/// <param name="Scenario">The scenario, validated.</param>
/// <param name="ScaleThousandths">1000 is the whole nation; from 1 to 20,000.</param>
/// <param name="Rulebook">The rulebook to decide by; of a journal that is resumed, the one it adopted last.</param>
/// <param name="Journal">Where the journal is.</param>
/// <param name="Resume">Take up an existing journal after its last closed day, instead of creating one.</param>
/// <param name="Threads">Threads that decide; the digest is the same for any number.</param>
internal sealed record SimulationRequest(
    Scenario Scenario, int ScaleThousandths, ulong Seed, Rulebook Rulebook, JournalAddress Journal, bool Resume,
    int Threads)
{
    public const int ScaleThousandthsMin = Population.ScaleMin;
    public const int ScaleThousandthsMax = Population.ScaleMax;

    /// <summary>Puts a listener between the drivers and the engine; null in all but tests.</summary>
    public Func<ICommandTarget, ICommandTarget>? Tap { get; init; }

    /// <summary>How long a write to a file waits for a lock that another process holds; tests wait for less.</summary>
    public TimeSpan LockTimeout { get; init; } = new EngineOptions().LockTimeout;

    /// <summary>How long a run waits for a database that went before it ends; tests wait for less.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The identity with which the journal is created.</summary>
    public JournalIdentity Identity
    {
        get
        {
            var (students, ledgers) = Partitions ?? PartitionCounts.Of(Journal);
            return new JournalIdentity(
                JournalIdentity.CurrentFormatVersion, students, Rulebook.Text, Scenario.Text, Seed, ScaleThousandths,
                ledgers);
        }
    }

    /// <summary>Partitions of the journal; null for as many as are usual where it is.</summary>
    public PartitionCounts? Partitions { get; init; }

    /// <summary>Refuses a journal that was made with something else, or decides by another rulebook by now.</summary>
    /// <exception cref="JournalException">One line that names every difference.</exception>
    public void RequireSame(IJournal journal) =>
        (journal.Identity with { Rulebook = JournalRulebooks.CurrentText(journal) })
            .RequireSame(Identity, Journal.Display);
}
