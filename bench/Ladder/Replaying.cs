using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;

namespace Amoe.Bench.Ladder;

/// <summary>Events a second, of a journal on disk.</summary>
/// <param name="AllThreads">Read, decoded and folded into the state of a whole runtime, without snapshots, on the run's threads.</param>
/// <param name="OneThread">The same on one thread.</param>
/// <param name="DecodedOneThread">Read and decoded, and dropped.</param>
/// <param name="ReadOneThread">Read and checked, and dropped.</param>
internal sealed record ReplayRates(long AllThreads, long OneThread, long DecodedOneThread, long ReadOneThread);

/// <summary>How fast a journal becomes state again.</summary>
internal static class Replaying
{
    public static ReplayRates Measure(Recording recording, LadderOptions options, Func<IJournal> open)
    {
        var rates = new long[4];
        rates[0] = Rate(recording, Median(options, () => Recover(recording, options.Threads, open)));
        rates[1] = Rate(recording, Median(options, () => Recover(recording, 1, open)));
        rates[2] = Rate(recording, Median(options, () => Read(open, decode: true)));
        rates[3] = Rate(recording, Median(options, () => Read(open, decode: false)));
        return new ReplayRates(rates[0], rates[1], rates[2], rates[3]);
    }

    private static Taken Median(LadderOptions options, Func<Taken> replay) =>
        Taken.Median([.. Enumerable.Range(0, options.Rounds).Select(_ => replay())]);

    private static Taken Recover(Recording recording, int threads, Func<IJournal> open)
    {
        using var journal = open();
        var (storage, logic) = (new ShardStorage(journal, snapshots: null), new AmoeLogic(Rulebook.Embedded));
        var digests = new ulong[journal.Identity.ShardCount];
        var clock = Clock.Start();
        EveryShard.Do(digests.Length, threads, shard => digests[shard] = storage.Recover(shard, logic).State.Digest);
        var taken = clock.Stop();
        var digest = digests.Aggregate(0UL, (sum, next) => sum + next);
        return digest == recording.Digest ? taken : throw new InvalidOperationException($"replay ended with digest {digest:x16} and the recording with {recording.Digest:x16}");
    }

    private static Taken Read(Func<IJournal> open, bool decode)
    {
        using var journal = open();
        var nobody = new Nobody();
        var clock = Clock.Start();
        for (var shard = 0; shard < journal.Identity.ShardCount; shard++)
        {
            foreach (var segment in journal.Read(shard))
            {
                if (!decode)
                    continue;
                var reader = new SegmentReader(segment);
                while (reader.Read(nobody))
                {
                }
            }
        }

        return clock.Stop();
    }

    private static long Rate(Recording recording, Taken taken) => (long)(recording.Events / taken.WallSeconds);

    private sealed class Nobody : IRecordSink
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
