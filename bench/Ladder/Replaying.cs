using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;

namespace Amoe.Bench.Ladder;

/// <summary>Events a second, of a journal on disk.</summary>
/// <param name="AllThreads">
/// Read, decoded and folded into the state of a whole runtime, whose start is part of it, without snapshots, on the
/// run's threads.
/// </param>
/// <param name="OneThread">The same on one thread.</param>
/// <param name="DecodedOneThread">Read and decoded, and dropped.</param>
/// <param name="ReadOneThread">Read and checked, and dropped.</param>
internal sealed record ReplayRates(long AllThreads, long OneThread, long DecodedOneThread, long ReadOneThread);

/// <summary>How fast a journal becomes state again.</summary>
internal static class Replaying
{
    public static async Task<ReplayRates> MeasureAsync(Recording recording, LadderOptions options, ILadderPlace place)
    {
        var rates = new long[4];
        rates[0] = Rate(recording, await MedianAsync(options, () => RecoverAsync(recording, options.Threads, place)));
        rates[1] = Rate(recording, await MedianAsync(options, () => RecoverAsync(recording, 1, place)));
        rates[2] = Rate(recording, await MedianAsync(options, () => Task.FromResult(Read(place, decode: true))));
        rates[3] = Rate(recording, await MedianAsync(options, () => Task.FromResult(Read(place, decode: false))));
        return new ReplayRates(rates[0], rates[1], rates[2], rates[3]);
    }

    private static async Task<Taken> MedianAsync(LadderOptions options, Func<Task<Taken>> replay)
    {
        var climbs = new List<Taken>();
        for (var round = 0; round < options.Rounds; round++)
            climbs.Add(await replay());
        return Taken.Median(climbs);
    }

    private static async Task<Taken> RecoverAsync(Recording recording, int threads, ILadderPlace place)
    {
        var logic = new AmoeLogic(Rulebook.Embedded);
        var clock = Clock.Start();
        await using var recovered = await place.RecoverAsync(logic, new EngineOptions { Threads = threads });
        var taken = clock.Stop();
        var digest = recovered.Runtime.Inspect().Digest;
        return digest == recording.Digest
            ? taken
            : throw new InvalidOperationException(
                $"replay ended with digest {digest:x16} and the recording with {recording.Digest:x16}");
    }

    private static Taken Read(ILadderPlace place, bool decode)
    {
        using var journal = place.OpenJournal();
        var discarded = new Discarded();
        var clock = Clock.Start();
        for (var partition = 0; partition < journal.Identity.StudentPartitions; partition++)
        {
            foreach (var segment in journal.Read(partition))
            {
                if (!decode)
                    continue;
                var reader = new SegmentReader(segment);
                while (reader.Read(discarded))
                {
                }
            }
        }

        return clock.Stop();
    }

    private static long Rate(Recording recording, Taken taken) => (long)(recording.Events / taken.WallSeconds);

    private sealed class Discarded : IRecordSink
    {
        public void Begin(in RecordHeader header, long offset)
        {
        }

        public void On(Event e, ReadOnlySpan<byte> bytes)
        {
        }

        public void End()
        {
        }
    }
}
