using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Figures;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Engine.Vocabulary;

namespace Amoe.Bench.Ladder;

/// <summary>Bytes on the heap for each of many alike, all their history made by the engine.</summary>
internal sealed record BytesAlive(long PerActiveStudent, long PerOpenClaim);

/// <summary>
/// Students with a year behind them, and then open claims: the managed heap after a full collection, less what it was
/// before them. The journal is on disk. Whatever grows with students and claims is counted: receipts, calendar, tables
/// with their spare room, the odd buffer. Frames kept for reading back are not: they have a limit for the process
/// (<see cref="EngineOptions.RecentBytesMax"/>), however many students there are.
/// </summary>
internal static class MemoryBudget
{
    private const int Students = 100_000;
    private const int StudyYear = 2023;
    private const int ClaimsMax = 3;
    private const int PostedMax = 8_192;
    private const long ContributionCentimes = 40_000;
    private const int Institution = 11;
    private const int OnouscDesk = 2;

    private static readonly DateOnly Opens = new(StudyYear, 10, 2);

    public static async Task<BytesAlive> MeasureAsync(LadderOptions options, string path)
    {
        using var files = new ScratchFiles(path);
        var identity = new JournalIdentity(
            JournalIdentity.CurrentFormatVersion, PartitionCounts.Embedded.Students, Rulebook.EmbeddedText,
            "memory budget", 0, 0);
        using var journal = SqliteJournal.Create(path, identity);
        await using var runtime = await PartitionRuntime.StartAsync(
            journal, new EngineOptions { Threads = options.Threads, RecentBytesMax = 0 }, TimeProvider.System,
            Console.Error.WriteLine);
        using var life = new Life(runtime);
        await life.BeginAsync();
        var empty = Heap.AliveBytes();
        await life.RegisterAsync();
        for (var n = 0; n < ClaimsMax; n++)
            await life.ClaimAsync(n, open: false);
        var settled = Heap.AliveBytes();
        await life.ClaimAsync(ClaimsMax, open: true);
        var open = Heap.AliveBytes();
        RequireAsMeant(runtime);
        return new BytesAlive((settled - empty) / Students, (open - settled) / Students);
    }

    /// <summary>Half the students have two claims behind them, half three, and everyone has one open.</summary>
    private static bool Has(uint student, int claim) => claim != 2 || student % 2 == 0;

    private static void RequireAsMeant(PartitionRuntime runtime)
    {
        var state = runtime.Inspect();
        var totals = state.Totals;
        if (totals[Counter.Active] != Students
            || state.OpenClaims != Students
            || totals[Counter.Claims] != Students * 7L / 2)
            throw new InvalidOperationException(
                $"{totals[Counter.Active]} active students with {totals[Counter.Claims]} claims, {state.OpenClaims} open, are not what was to be measured");
    }

    /// <summary>Everybody's year, a step a day.</summary>
    private sealed class Life(IActorRuntime runtime) : IReplyTo, IDisposable
    {
        private readonly SemaphoreSlim _room = new(PostedMax);
        private DateOnly _day = Opens;

        public void Dispose() => _room.Dispose();

        public async Task BeginAsync()
        {
            await runtime.MarkDay(CommandKind.OpenDay, _day);
            await runtime.MarkDay(CommandKind.CloseDay, _day);
        }

        public async Task RegisterAsync()
        {
            await EveryoneAsync((student, day) =>
                new Declare(student, StudyYear, day, day, EnrolmentOf(student), CoverageKind.None, StudyYear));
            await EveryoneAsync((student, day) =>
                new ForwardApplication(
                    student, (ulong)Institution << 22 | student.Value & 0x3FFFFF, day, day, ApplicationDesk.Onousc));
            await EveryoneAsync((student, day) => new TransmitApplication(student, StudyYear, day, day));
            await EveryoneAsync((student, day) => new AnswerFromAnam(student, StudyYear, day, day, CoverageKind.None));
            await EveryoneAsync((student, day) =>
                Owes(student)
                    ? new PayContribution(student, StudyYear, day, day, ContributionCentimes, Institution, StudyYear)
                    : null);
            await EveryoneAsync((student, day) =>
                Owes(student)
                    ? new ReceiveContribution(student, StudyYear, day, day, ContributionCentimes, StudyYear)
                    : null);
        }

        public async Task ClaimAsync(int n, bool open)
        {
            await EveryoneAsync((student, day) => Of(student, n, sheet => new DepositClaim(
                student, sheet, day, day, ClaimWay.Reimbursement, OnouscDesk, 0, true, FileItems.All,
                Lines(student, day, n))));
            await EveryoneAsync((student, day) => Of(student, n, sheet => new ReceiveClaim(student, sheet, day, day)));
            await EveryoneAsync((student, day) =>
                Of(
                    student, n,
                    sheet =>
                        IsReviewed(student, sheet) ? new ReviewClaim(student, sheet, day, day, Granted: true) : null));
            if (open)
                return;
            await EveryoneAsync((student, day) => Of(student, n, sheet => new OrderPayment(student, sheet, day, day)));
            await EveryoneAsync((student, day) =>
                Of(student, n, sheet => new ConfirmPayment(student, sheet, day, day)));
        }

        public void OnReply(StudentId student, in Reply reply)
        {
            if (reply.Outcome is Outcome.Done or Outcome.ApplicationAccepted or Outcome.ClaimPayable
                or Outcome.ClaimHeld)
                _room.Release();
            else
                Environment.FailFast($"{reply.Command} was answered {reply.Outcome} ({reply.Reason})");
        }

        private async Task EveryoneAsync(Func<StudentId, DateOnly, Command?> step)
        {
            _day = _day.AddDays(1);
            await runtime.MarkDay(CommandKind.OpenDay, _day);
            for (var student = 1u; student <= Students; student++)
            {
                if (step(new StudentId(student), _day) is not { } command)
                    continue;
                await _room.WaitAsync();
                if (!runtime.TryPost(command, this))
                    throw new InvalidOperationException("a mailbox is full that should not be");
            }

            for (var i = 0; i < PostedMax; i++)
                await _room.WaitAsync();
            _room.Release(PostedMax);
            await runtime.MarkDay(CommandKind.CloseDay, _day);
        }

        /// <summary>One in five is at a private institution and owes the contribution.</summary>
        private static bool Owes(StudentId student) => student.Value % 5 == 0;

        private static EnrolmentRecord EnrolmentOf(StudentId student) => new(
            Owes(student) ? Category.PrivateHigherEducation : Category.PublicUniversity, Cycle.HigherEducation, false,
            Institution,
            new DateOnly(StudyYear - 20, 5, 5).AddDays((int)(student.Value % 300)), true);

        private static Command? Of(StudentId student, int n, Func<ulong, Command?> command) =>
            Has((uint)student.Value, n) ? command(student.Value << 8 | (uint)n) : null;

        /// <summary>Drawn for a physician, as two in a hundred are (X4).</summary>
        private static bool IsReviewed(StudentId student, ulong sheet) =>
            ReviewSample.IsDrawn(student, sheet, Rulebook.Embedded.On(Opens).ReviewShareBasisPoints);

        /// <summary>Two acts or three.</summary>
        private static ClaimLine[] Lines(StudentId student, DateOnly day, int n)
        {
            var care = day.AddDays(-2);
            ClaimLine[] lines =
            [
                new(Act.GeneralPractitioner, CareSector.Private, care, 1, 15_000, 0),
                new(Act.OrdinaryMedicine, CareSector.Private, care, 2, 12_000, 11_000),
                new(Act.Specialist, CareSector.Private, care, 1, 25_000, 0),
            ];
            return ((int)student.Value + n) % 2 == 0 ? lines : lines[..2];
        }
    }
}
