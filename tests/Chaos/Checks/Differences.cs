using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Journal;

namespace Amoe.Chaos.Checks;

/// <summary>
/// Compares two journals of the same year student by student: the commands, their order and their known dates. The
/// order between different students does not matter.
/// </summary>
internal static class Differences
{
    private const int Most = 8;

    /// <summary>The first difference of each actor who has one, the earliest first; of so many actors.</summary>
    public static IReadOnlyList<string> Of(IJournal journal, IJournal expected)
    {
        var (here, there) = (ByActor(journal), ByActor(expected));
        return
        [
            .. here.Keys.Union(there.Keys)
                .Select(actor => First(actor, here.GetValueOrDefault(actor, []), there.GetValueOrDefault(actor, [])))
                .OfType<(DateOnly Known, string Line)>()
                .OrderBy(difference => difference.Known)
                .Take(Most)
                .Select(difference => difference.Line),
        ];
    }

    private static (DateOnly Known, string Line)? First(
        string actor, List<(DateOnly Known, Event Event)> here, List<(DateOnly Known, Event Event)> there)
    {
        var i = 0;
        while (i < here.Count && i < there.Count && here[i] == there[i])
            i++;
        if (i == here.Count && i == there.Count)
            return null;
        var known = new[] { here, there }.Where(events => i < events.Count).Min(events => events[i].Known);
        return (known, $"{actor}, event {i}: {Line(here, i)}; expected {Line(there, i)}");
    }

    private static string Line(List<(DateOnly Known, Event Event)> events, int i) =>
        i < events.Count ? $"{events[i].Known:yyyy-MM-dd} {events[i].Event}" : "nothing";

    private static Dictionary<string, List<(DateOnly Known, Event Event)>> ByActor(IJournal journal)
    {
        var actors = new Dictionary<string, List<(DateOnly, Event)>>();
        for (var partition = 0; partition < journal.Identity.TotalPartitions; partition++)
        {
            foreach (var entry in History.OfPartition(journal, partition))
            {
                foreach (var e in entry.Events.Where(e => e is not PostingsTaken))
                {
                    var actor = e is PartyEvent p ? $"party {p.Party.Value}" : $"student {entry.Header.Student}";
                    if (!actors.TryGetValue(actor, out var events))
                        actors.Add(actor, events = []);
                    events.Add((entry.Header.Known, e));
                }
            }
        }

        return actors;
    }
}
