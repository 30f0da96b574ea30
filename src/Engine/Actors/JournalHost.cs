using System.Collections.Concurrent;
using Akka.Actor;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Partitions;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Actors;

/// <summary>The parts of the journal's own actor, and the rulebooks that the journal has, by their numbers.</summary>
internal sealed class JournalHost(PartitionJournal journal, Func<Rulebook, IActorLogic> logic, StoreWatch store)
    : ActorHost(JournalTable.JournalId, journal, store)
{
    private readonly ConcurrentDictionary<int, OpenDays> _decides = [];
    private volatile IReadOnlyList<AdoptedRulebook> _adoptions = journal.Adoptions;

    public override Props Props => Props.Create(() => new JournalActor(this));

    /// <summary>The name of the journal in messages.</summary>
    public string Name => Journal.Name;

    /// <summary>The deciders under the rulebook adopted last.</summary>
    public IActorLogic Logic => Decides(_adoptions.Count, default).Logic;

    /// <summary>The answer to what no actor takes.</summary>
    public static JournalUnavailableException DoesNotServe(string journal) =>
        new($"{journal}: the journal's own actor does not serve. Nothing was adopted; try again.");

    /// <summary>A rulebook was adopted.</summary>
    public void Adopted(IReadOnlyList<AdoptedRulebook> adoptions) => _adoptions = adoptions;

    /// <summary>The days that a partition may open, and their deciders.</summary>
    public OpenDays Decides(int number, DateOnly through) => _decides.GetOrAdd(number, Load) with { Through = through };

    private OpenDays Load(int number)
    {
        // Where hosts share the journal, its own actor adopts on one of them.
        if (number > _adoptions.Count)
            _adoptions = Journal.ReadAdoptions();
        var rulebook = JournalRulebooks.Load(Journal.Identity, _adoptions, number);
        return new OpenDays(default, number, RulebookHash.Of(rulebook.Text), logic(rulebook));
    }
}
