using Amoe.Bench.Ladder;
using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;

namespace Amoe.Bench.Runtimes;

/// <summary>What a student weighs in memory: the managed heap after a full collection, less what it was before there were any.</summary>
internal static class LivingStudents
{
    private const uint Students = 5_000;
    private const int Shards = 256;
    private static readonly DateOnly _day = new(2025, 9, 15);

    public static async Task<(long Own, long Akka)> MeasureAsync(string scratch)
    {
        var identity = new JournalIdentity(JournalIdentity.CurrentFormatVersion, Shards, Rulebook.EmbeddedText, "living students", 0, 0);
        long own, akka;
        using (new ScratchFiles(scratch))
        {
            using var journal = SqliteJournal.Create(scratch, identity);
            await using var runtime = AmoeRuntime.Start(journal, null, new EngineOptions(), TimeProvider.System);
            own = await MeasureAsync(runtime);
        }

        using (new ScratchFiles(scratch))
        {
            await using var runtime = await Engine.Akka.AkkaRuntime.StartAsync(
                JournalAddress.Parse(scratch), identity, new AmoeLogic(Rulebook.Embedded), new Engine.Akka.AkkaOptions(), TimeProvider.System, Console.Error.WriteLine);
            akka = await MeasureAsync(runtime);
        }

        return (own, akka);
    }

    private static async Task<long> MeasureAsync(IActorRuntime runtime)
    {
        // What the first one brings with it is nobody's weight.
        await DeclareAsync(runtime, 1, Shards);
        var before = Heap.AliveBytes();
        await DeclareAsync(runtime, Shards + 1, Students);
        return (Heap.AliveBytes() - before) / Students;
    }

    private static async Task DeclareAsync(IActorRuntime runtime, uint first, uint count)
    {
        var enrolment = new EnrolmentRecord(Category.PublicUniversity, Cycle.HigherEducation, false, 3, new DateOnly(2005, 4, 2), HasBankAccount: true);
        var asked = new List<Task<Reply>>();
        for (var student = first; student < first + count; student++)
            asked.Add(runtime.Ask(new Declare(new StudentId(student), 1, _day, _day, enrolment, CoverageKind.None, 2025)));
        foreach (var reply in await Task.WhenAll(asked))
        {
            if (reply.Outcome != Outcome.Done)
                throw new InvalidOperationException($"a declaration was answered {reply.Outcome}");
        }
    }
}
