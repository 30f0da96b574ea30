using System.Collections.Concurrent;
using Amoe.Engine.Domain;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Journal;

/// <summary>The rulebooks of a journal: the one it was created with (0) and those adopted since (1, 2, …).</summary>
public sealed class JournalRulebooks(IJournal journal)
{
    private readonly ConcurrentDictionary<int, Rulebook> _loaded = [];
    private readonly ConcurrentDictionary<int, (long Offset, int Number)[]> _marks = [];

    /// <summary>The one that decides from now on.</summary>
    public static Rulebook Current(IJournal journal) =>
        Load(journal.Identity, journal.Adoptions, journal.Adoptions.Count);

    /// <summary>Its full text.</summary>
    public static string CurrentText(IJournal journal) =>
        TextOf(journal.Identity, journal.Adoptions, journal.Adoptions.Count);

    /// <summary>The rulebook of a number.</summary>
    public Rulebook this[int number] =>
        _loaded.GetOrAdd(number, wanted => Load(journal.Identity, journal.Adoptions, wanted));

    /// <summary>
    /// The rulebook that a record was decided under: the last one whose mark precedes it on its partition.
    /// </summary>
    /// <exception cref="JournalException">
    /// A torn, corrupt or missing segment, named by partition and offset.
    /// </exception>
    public Rulebook At(int partition, long offset) =>
        this[journal.Adoptions.Count == 0 ? 0 : MarksOf(partition).LastOrDefault(mark => mark.Offset < offset).Number];

    private (long Offset, int Number)[] MarksOf(int partition) => _marks.GetOrAdd(
        partition,
        wanted =>
            [.. History.OfPartition(journal, wanted).SelectMany(entry =>
                entry.Events.OfType<RulebookAdopted>().Select(e => (entry.Offset, e.Number)))]);

    /// <summary>The full text of a number.</summary>
    internal static string TextOf(JournalIdentity identity, IReadOnlyList<AdoptedRulebook> adoptions, int number) =>
        number == 0 ? identity.Rulebook : adoptions[number - 1].Text;

    /// <inheritdoc cref="TextOf"/>
    internal static Rulebook Load(JournalIdentity identity, IReadOnlyList<AdoptedRulebook> adoptions, int number) =>
        Rulebook.Load(TextOf(identity, adoptions, number), "the journal's rulebook");
}
