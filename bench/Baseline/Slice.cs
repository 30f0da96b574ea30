using Amoe.Bench.Ladder;
using Amoe.Engine.Domain;

namespace Amoe.Bench.Baseline;

/// <summary>
/// The whole year of some of a recording's partitions: as much as one transaction per command gets through in
/// reasonable time. Students are independent of each other, so any number of workers can share it.
/// </summary>
/// <param name="Days">By day, the commands of all the slice's students, each student's in order.</param>
/// <param name="Digest">What the recording's engine ended with on these partitions.</param>
internal sealed record Slice(DateOnly Opens, IReadOnlyList<Command[]> Days, ulong Digest)
{
    public long Commands => Days.Sum(day => (long)day.Length);

    /// <summary>As many partitions as make up a number of commands.</summary>
    public static Slice Of(Recording recording, long commandsMin)
    {
        var partitions = 0;
        for (var commands = 0L; commands < commandsMin && partitions < recording.Tapes.Length; partitions++)
            commands += recording.Tapes[partitions].Commands.Count;
        var tapes = recording.Tapes[..partitions];
        var digest = recording.PartitionDigests[..partitions].Aggregate(0UL, (sum, digest) => sum + digest);
        return new Slice(
            recording.Opens, [.. Enumerable.Range(0, tapes[0].DayEnds.Count).Select(day => DayOf(tapes, day))], digest);
    }

    /// <summary>One worker's days of several: a student is always the same worker's.</summary>
    public IReadOnlyList<Command[]> For(int worker, int workers) =>
        [.. Days.Select(day =>
            Array.FindAll(day, command => (int)(Mixing.Mix(command.Student.Value) % (ulong)workers) == worker))];

    private static Command[] DayOf(PartitionTape[] tapes, int day) =>
        [.. tapes.SelectMany(tape => tape.Commands[(day == 0 ? 0 : tape.DayEnds[day - 1])..tape.DayEnds[day]])];
}
