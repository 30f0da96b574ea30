using System.Collections.Concurrent;
using Amoe.Engine.Domain;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Journal;

/// <summary>The rulebooks of a journal: the one it was created with (0) and those adopted since (1, 2, …).</summary>
public sealed class JournalRulebooks(IJournal journal)
{
    private readonly ConcurrentDictionary<int, Rulebook> _loaded = [];
    private readonly ConcurrentDictionary<int, long[]> _marks = [];

    /// <summary>The one that decides from now on.</summary>
    public static Rulebook Current(IJournal journal) => Load(journal, journal.Adoptions.Count);

    /// <summary>Its full text.</summary>
    public static string CurrentText(IJournal journal) => TextOf(journal, journal.Adoptions.Count);

    /// <summary>The rulebook of a number.</summary>
    public Rulebook this[int number] => _loaded.GetOrAdd(number, wanted => Load(journal, wanted));

    /// <summary>The rulebook that a record was decided under: the last one whose mark stands before it on its shard.</summary>
    /// <exception cref="JournalException">A torn, corrupt or missing segment, named by shard and offset.</exception>
    public Rulebook At(int shard, long offset) => this[journal.Adoptions.Count == 0 ? 0 : MarksOf(shard).Count(mark => mark < offset)];

    private long[] MarksOf(int shard) => _marks.GetOrAdd(
        shard, wanted => [.. History.OfShard(journal, wanted).Where(entry => entry.Header.Kind == CommandKind.AdoptRulebook).Select(entry => entry.Offset)]);

    private static Rulebook Load(IJournal journal, int number) => Rulebook.Load(TextOf(journal, number), "the journal's rulebook");

    private static string TextOf(IJournal journal, int number) => number == 0 ? journal.Identity.Rulebook : journal.Adoptions[number - 1].Text;
}
