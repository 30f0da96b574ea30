using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Journal;
using Amoe.Engine.Reference;
using Amoe.Engine.Replay;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Runtime;
using Amoe.Engine.Tests.Scenarios;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Tests.Cluster;

/// <summary>What crosses shards arrives once, and on the same day, whichever hosts the shards are on and however often they move.</summary>
public sealed class PostTests
{
    private const int Students = 30;
    private const int PartyShards = 2;
    private const int Days = 120;

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void Postings_and_letters_cross_hosts_as_they_cross_shards_in_one_process(int faults)
    {
        var (letters, moves) = (0, 0);
        for (var seed = 1UL; seed <= 4; seed++)
        {
            var days = ByDay(new RandomLives(new Dice(Mixing.Mix(seed, 7))).Of(Students));
            var alone = InOneProcess(days);

            var world = new ForwardWorld(seed, faults, PartyShards);
            var waiting = new Waiting();
            Play(days, world.Client, waiting, world.RunUntil);
            var apart = Audit(world.Journal);

            Assert.Empty(apart.Problems);
            Assert.True(alone.Digest == apart.Digest, $"seed {seed}: apart the digest is {apart.Digest:x16}, in one process it is {alone.Digest:x16}");
            Assert.Equal((alone.Accounts.NotYetBooked, alone.Accounts.Ledgers.ToProviders), (apart.Accounts.NotYetBooked, apart.Accounts.Ledgers.ToProviders));
            letters += Enumerable.Range(0, ForwardWorld.Shards).Sum(shard => History.OfShard(world.Journal, shard).Count(entry => IsLetter(entry.Header.Id)));
            moves += world.Moves;
        }

        Assert.True(letters >= 20, $"only {letters} times a ledger had something to say to a claim");
        Assert.True(faults == 0 || moves > 20, $"only {moves} moves: nothing was tried");
    }

    private static bool IsLetter(CommandId id) => id.Kind == CommandKind.RecoverOverpayment && id.Attempt >= LedgerDecider.FirstAttempt;

    /// <summary>Commands by the day on which they become known; those of no day the scenario has come on the first.</summary>
    private static List<(DateOnly Day, List<Command> Commands)> ByDay(List<Command> commands)
    {
        var days = Enumerable.Range(0, Days).Select(day => (Day: RandomLives.Opens.AddDays(day), Commands: new List<Command>())).ToList();
        foreach (var command in commands.Where(command => command.Known < days[^1].Day || !CommandBounds.IsDay(command.Known)))
            days[Math.Clamp(command.Known.DayNumber - RandomLives.Opens.DayNumber, 0, Days - 1)].Commands.Add(command);
        for (var clinic = 0; clinic < 8; clinic++)
            Overpay(days, clinic);
        return days;
    }

    /// <summary>A clinic is paid for care of a student who proves to have been covered elsewhere, and then for another's: it is set off.</summary>
    private static void Overpay(List<(DateOnly Day, List<Command> Commands)> days, int clinic)
    {
        var (first, second, on) = (1_000 + (2ul * (ulong)clinic), 1_001 + (2ul * (ulong)clinic), 14 + (9 * clinic));
        days[on].Commands.AddRange([.. Traffic.Registered(first, days[on].Day), .. PaidToClinic(first, clinic, days[on].Day), .. Traffic.Registered(second, days[on].Day)]);
        days[on + 2].Commands.Add(new ReportOtherCoverage(new StudentId(first), 77, days[on].Day, days[on + 2].Day, CoverageKind.Cnss, true));
        days[on + 4].Commands.AddRange(PaidToClinic(second, clinic, days[on + 4].Day));
    }

    private static Command[] PaidToClinic(ulong student, int clinic, DateOnly day)
    {
        var deposit = new DepositClaim(
            new StudentId(student), 64, day, day, ClaimWay.ThirdParty, ReferenceData.FundDeskId, 900 + clinic, true, FileItems.All,
            [new ClaimLine(Act.Dialysis, CareSector.Private, day, 1, 80_000, 70_000)]);
        return [deposit, .. Traffic.PaidClaim(student, 64, day)[1..]];
    }

    private static AuditReport InOneProcess(List<(DateOnly Day, List<Command> Commands)> days)
    {
        var dispatcher = new SeededDispatcher(1);
        var journal = new MemoryJournal(new JournalIdentity(JournalIdentity.CurrentFormatVersion, ForwardWorld.Shards, Rulebook.EmbeddedText, "tests", 0, 0, PartyShards));
        var runtime = AmoeRuntime.Start(journal, null, new AmoeLogic(Rulebook.Embedded), new EngineOptions { Threads = 1 }, TimeProvider.System, dispatcher, dispatcher);
        Play(days, runtime, new Waiting(), isSo =>
        {
            dispatcher.RunUntilIdle();
            Assert.True(isSo());
        });
        return Audit(journal);
    }

    private static void Play(List<(DateOnly Day, List<Command> Commands)> days, ICommandTarget target, Waiting waiting, Action<Func<bool>> until)
    {
        foreach (var (day, commands) in days)
        {
            for (var shard = 0; shard < target.ShardCount; shard++)
                Mark(shard, CommandKind.OpenDay, day);
            foreach (var command in commands)
            {
                waiting.Count++;
                Assert.True(target.TryPost(command, waiting));
            }

            for (var shard = 0; shard < target.ShardCount; shard++)
                Mark(shard, CommandKind.CloseDay, day);
            until(() => waiting.Count == 0);
            for (var party = 0; party < target.PartyShardCount; party++)
            {
                Mark(target.ShardCount + party, CommandKind.OpenDay, day);
                Mark(target.ShardCount + party, CommandKind.CloseDay, day);
            }

            until(() => waiting.Count == 0);
        }

        void Mark(int shard, CommandKind mark, DateOnly day)
        {
            waiting.Count++;
            Assert.True(target.TryPostDay(shard, mark, day, waiting));
        }
    }

    private static AuditReport Audit(IJournal journal) => JournalAudit.Run(journal, new AmoeLogic(Rulebook.Embedded), threads: 1, shardDone: null, default);

    private sealed class Waiting : IReplyTo
    {
        public int Count { get; set; }

        public void OnReply(StudentId student, in Reply reply)
        {
            Assert.NotEqual(Outcome.Unknown, reply.Outcome);
            Count--;
        }
    }
}
