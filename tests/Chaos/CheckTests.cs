using Amoe.Chaos.Checks;
using Amoe.Chaos.Load;
using Amoe.Chaos.Recording;
using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Simulator.Scenarios;

namespace Amoe.Chaos;

/// <summary>
/// The checks find nothing where nothing happened, and find what is wrong: else a run of faults without a finding would
/// mean nothing.
/// </summary>
public sealed class CheckTests(QuietDays quiet) : IClassFixture<QuietDays>
{
    [Fact]
    public async Task Days_on_which_nothing_happened_have_no_problem()
    {
        var verdict = await Verdict.Of(quiet.Journal, quiet.Operations, quiet.Year, quiet.Undisturbed);

        Assert.Empty(verdict.Problems);
        Assert.True(verdict.Compared > 1_000, $"only {verdict.Compared} commands compared");
    }

    [Fact]
    public void What_was_acknowledged_and_is_not_in_the_journal_is_found()
    {
        var some = quiet.Sent()[10];
        var entry = History.Of(quiet.Journal, some.Command!.Student).First(entry => entry.Header.Id == some.Command.Id);
        using var torn = new MemoryJournal(quiet.Year.Identity);
        foreach (var segment in quiet.Journal.ReadAll().Where(segment =>
            segment.Partition != some.Partition || segment.Offset + segment.Count <= entry.Offset))
            torn.Append([segment]);

        Finds($"{some} was acknowledged ({some.Reply.Outcome}) and is not in the journal", quiet.Operations, torn);
    }

    [Fact]
    public void What_is_in_the_journal_twice_is_found()
    {
        var some = quiet.Sent()[20];
        using var twice = JournalCopy.Of(quiet.Journal);
        var again = twice.Read(some.Partition).First(segment => segment.Offset + segment.Count > OffsetOf(some));
        twice.Append([Segment.Seal(some.Partition, twice.Head(some.Partition), 1, again.Count, again.Payload)]);

        Finds($"of student {some.Command!.Student}", quiet.Operations, twice, "it is in the journal 2 times");
    }

    [Fact]
    public void A_command_that_was_never_sent_is_found()
    {
        var some = quiet.Sent()[30];

        Finds($"{some.Command!.Id} of student {some.Command.Student}", Without(some), quiet.Journal, "was not sent");
    }

    [Fact]
    public void A_rejected_command_in_the_journal_is_found()
    {
        var some = quiet.Sent()[40];
        var refused = new Operation(some.Partition, some.Command, CommandKind.None, some.Day, some.Invoked);
        refused.CountUndecided(Outcome.Overloaded);

        Finds(
            $"{some.Command!.Id} of student {some.Command.Student}", Without(some, refused), quiet.Journal,
            "every time it was sent it was turned away");
    }

    [Fact]
    public void An_answer_that_the_journal_does_not_have_is_found()
    {
        var some = quiet.Sent()[50];

        Finds(
            $"{some} was answered Failed", Without(some, Answered(some, some.Reply with { Outcome = Outcome.Failed })),
            quiet.Journal);
        Finds(
            $"{some} was answered Refused LateFiling",
            Without(some, Answered(some, some.Reply with { Outcome = Outcome.Refused, Reason = Reason.LateFiling })),
            quiet.Journal);
    }

    [Fact]
    public void A_day_that_was_acknowledged_and_not_marked_is_found()
    {
        var mark = new Operation(3, null, CommandKind.CloseDay, quiet.Year.Scenario.Horizon.Closes, 1);
        mark.Return(new Reply(new CommandId(CommandKind.CloseDay, 0), Outcome.Done), 2);

        Finds($"{mark} was acknowledged and is not in the journal", [.. quiet.Operations, mark], quiet.Journal);
    }

    [Fact]
    public void A_students_command_stored_before_one_that_was_answered_earlier_is_found()
    {
        var ofOne = quiet.Sent()
            .GroupBy(operation => operation.Command!.Student)
            .First(student => student.Count() > 1)
            .ToList();
        var (first, last) = (ofOne[0], ofOne[^1]);
        var muchLater = new Operation(first.Partition, first.Command, CommandKind.None, first.Day, last.Returned + 1);
        muchLater.Return(first.Reply, last.Returned + 2);

        Finds($"{first} is at offset {OffsetOf(first)}, before", Without(first, muchLater), quiet.Journal);
    }

    [Fact]
    public void An_answer_to_a_question_from_a_past_that_is_over_is_found()
    {
        var question = quiet.Operations.First(operation =>
            operation is { Command: AskEntitlement, Reply.Answer: EntitlementAnswer { Entitled: true } });
        var old = Answered(
            question, question.Reply with { Answer = new EntitlementAnswer(false, Reason.StudentUnknown, null) });

        var problems = AnswerCheck.Problems(Without(question, old), quiet.Journal);
        Assert.StartsWith(
            $"{question}: answered not entitled (StudentUnknown)", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_journal_of_other_days_than_were_lived_is_found_and_where_they_part()
    {
        using var fewer = await Undisturbed.Journal(quiet.Year, [.. quiet.DaysClosed.Select(days => days - 1)]);

        var problems = (await Verdict.Of(quiet.Journal, quiet.Operations, quiet.Year, fewer)).Problems;

        Assert.Contains("of the same days where nothing happened", problems[0], StringComparison.Ordinal);
        Assert.All(
            problems.Skip(1),
            problem =>
                Assert.Matches(
                    $"^(student|party) .*, event .*: {quiet.LastDay:yyyy-MM-dd} .*; expected nothing$", problem));
        Assert.NotEmpty(problems.Skip(1));
    }

    private static void Finds(
        string about, IReadOnlyCollection<Operation> operations, IJournal journal, string what = "") =>
        Assert.Contains(
            HistoryCheck.Problems(operations, journal),
            problem =>
                problem.Contains(about, StringComparison.Ordinal) && problem.Contains(what, StringComparison.Ordinal));

    private long OffsetOf(Operation operation) =>
        History.Of(quiet.Journal, operation.Command!.Student)
            .First(entry => entry.Header.Id == operation.Command.Id).Offset;

    private List<Operation> Without(Operation one, params Operation[] others) =>
        [.. quiet.Operations.Where(operation => operation != one), .. others];

    private static Operation Answered(Operation operation, Reply reply)
    {
        var other = new Operation(
            operation.Partition, operation.Command, operation.Mark, operation.Day, operation.Invoked);
        other.Return(reply, operation.Returned);
        return other;
    }
}

/// <summary>Half a year of a small nation on a journal in memory.</summary>
public sealed class QuietDays : IAsyncLifetime
{
    private const int Days = 180;

    internal YearOf Year { get; } = new(ScenarioReader.Load("late-facts"), 7, 1);

    internal MemoryJournal Journal { get; private set; } = null!;

    internal IReadOnlyCollection<Operation> Operations { get; private set; } = [];

    internal IReadOnlyList<int> DaysClosed { get; private set; } = [];

    internal MemoryJournal Undisturbed { get; private set; } = null!;

    internal DateOnly LastDay => Year.Scenario.Horizon.Opens.AddDays(Days - 1);

    /// <summary>Commands sent once and in no doubt, in their order.</summary>
    internal List<Operation> Sent() =>
        [.. Operations.Where(operation => operation.Command is not null and not Query)
            .GroupBy(operation => (operation.Command!.Student, operation.Command.Id))
            .Where(same => same.Count() == 1).Select(same => same.Single()).OrderBy(operation => operation.Invoked)];

    public async Task InitializeAsync()
    {
        Journal = new MemoryJournal(Year.Identity);
        await using var runtime = new MemoryRuntime(Journal, new AmoeLogic(Rulebook.Embedded), new EngineOptions());
        var recorder = new Recorder(runtime, giveUpPercent: 0, asks: 1);
        var load = new YearLoad(Year, recorder, [.. Enumerable.Repeat(Days, PartitionCounts.InDatabase.Total)]);
        load.Start();
        await load.Done;
        Assert.Null(load.Failure);
        (Operations, DaysClosed) = (recorder.Operations, load.DaysClosed);
        Undisturbed = await Checks.Undisturbed.Journal(Year, DaysClosed);
    }

    public Task DisposeAsync()
    {
        Journal.Dispose();
        Undisturbed.Dispose();
        return Task.CompletedTask;
    }
}
