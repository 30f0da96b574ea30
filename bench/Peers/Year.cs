using Amoe.Bench.Ladder;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;

namespace Amoe.Bench.Peers;

/// <summary>A command of the year, and whose it is.</summary>
internal readonly record struct YearCommand(int Lane, DateOnly Day, Command Command);

/// <summary>
/// A recorded year by student: what every peer is given. A part of it is the whole year of its first students, which
/// are those of as few partitions as possible.
/// </summary>
/// <param name="Commands">In the order of days.</param>
/// <param name="Lanes">Each student's commands.</param>
internal sealed record Year(
    JournalIdentity Identity, DateOnly Opens, DateOnly Closes, YearCommand[] Commands, StudentId[] Students,
    Item[][] Lanes)
{
    // Partitions with the same remainder are one partition of a file.
    private static readonly int _filePartitions = PartitionCounts.Embedded.Students;

    private readonly ulong[] _digests = new ulong[Students.Length];

    /// <summary>By student, and checked: what the peers' aggregate decides is what the engine decided.</summary>
    /// <exception cref="PeerException">It is not.</exception>
    public static Year Of(Recording recording)
    {
        var order = Enumerable.Range(0, recording.Tapes.Length)
            .OrderBy(partition => partition % _filePartitions).ThenBy(partition => partition).ToArray();
        var lanes = new Dictionary<StudentId, int>();

        // In no order that has to do with what they do: those who enrol first would have more claims.
        foreach (var tape in order.Select(partition => recording.Tapes[partition]))
        {
            foreach (var student in tape.Commands.Select(command => command.Student).Distinct().OrderBy(Mixed))
                lanes.Add(student, lanes.Count);
        }

        var commands = new List<YearCommand>();
        for (var day = 0; day < recording.Tapes[0].DayEnds.Count; day++)
        {
            foreach (var tape in order.Select(partition => recording.Tapes[partition]))
            {
                for (var i = day == 0 ? 0 : tape.DayEnds[day - 1]; i < tape.DayEnds[day]; i++)
                {
                    var command = tape.Commands[i];
                    commands.Add(new YearCommand(lanes[command.Student], recording.Opens.AddDays(day), command));
                }
            }
        }

        var own = new List<Item>[lanes.Count];
        foreach (var command in commands)
            (own[command.Lane] ??= []).Add(new Item(command.Command, command.Day));
        var year = new Year(
            recording.Identity, recording.Opens, recording.Opens.AddDays(recording.Tapes[0].DayEnds.Count - 1),
            [.. commands], [.. lanes.Keys], [.. own.Select(items => items.ToArray())]);
        Parallel.For(0, lanes.Count, lane => year._digests[lane] = year.Replay(lane, int.MaxValue, year.Closes));
        if (year.DigestOf(lanes.Count) != recording.Digest)
            throw new PeerException("the peers' aggregate does not decide as the engine did on the recording");
        return year;
    }

    /// <summary>The commands of the first students, in the order of days.</summary>
    public YearCommand[] Of(int students) =>
        students == Students.Length ? Commands : Array.FindAll(Commands, command => command.Lane < students);

    /// <summary>The digest of the whole year of the first students.</summary>
    public ulong DigestOf(int students) => Sum(_digests[..students]);

    /// <summary>
    /// The digest of every student after a number of items each, as far as a peer that was stopped came.
    /// </summary>
    public ulong DigestOf(IReadOnlyList<Lane> lanes) =>
        Sum(lanes.AsParallel().Select(lane => Replay(lane.Index, lane.Done, Closes)));

    /// <summary>The digest of the first students at the end of a day.</summary>
    public ulong DigestOf(int students, DateOnly day) =>
        Sum(ParallelEnumerable.Range(0, students).Select(lane => Replay(lane, int.MaxValue, day)));

    public Lane NewLane(int lane) => new(lane, Students[lane], Lanes[lane]);

    private static ulong Mixed(StudentId student) => Mixing.Mix(student.Value);

    private static ulong Sum(IEnumerable<ulong> digests) => digests.Aggregate(0UL, (sum, digest) => sum + digest);

    private ulong Replay(int index, int itemsMax, DateOnly through)
    {
        var (lane, history, digest) = (NewLane(index), new StudentHistory(Students[index]), 0UL);
        lane.Released = through == Closes ? Lanes[index].Length : Lanes[index].Count(item => item.Day <= through);
        while (lane.Done < itemsMax && lane.TryNext(through, out var item))
        {
            var decided = Decider.Decide(history, item.Command, item.Day);
            digest += decided.Digest;
            lane.Note(item, decided);
        }

        return digest;
    }
}
