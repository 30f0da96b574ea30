using Amoe.Engine.Actors;
using Amoe.Engine.Cases;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Explaining;
using Amoe.Engine.Journal;
using Amoe.Engine.Replay;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Journal;
using Amoe.Engine.Tests.Rules;
using Amoe.Engine.Tests.Runtime;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Tests.Actors;

/// <summary>A rulebook adopted in a file, and the partitions that decide under it from the next day on.</summary>
public sealed class JournalAdoptionTests : IDisposable
{
    private const int Partitions = 3;
    private const ulong Student = 1;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly DateOnly Raised = Traffic.Day.AddDays(5);
    private static readonly Rulebook Amended = Amendments.SpecialistFrom(Raised, 20_000);
    private readonly TestFolder _folder = new();

    public JournalAdoptionTests()
    {
        using var created = SqliteJournal.Create(
            Path,
            new JournalIdentity(
                JournalIdentity.CurrentFormatVersion, Partitions, Rulebook.EmbeddedText, "tests", 0, 0,
                LedgerPartitions: 1));
    }

    private string Path => _folder["year.amoe"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task B12_care_after_its_day_is_priced_by_the_rulebook_adopted_before_it()
    {
        await RunAsync(Traffic.Registered(Student), Traffic.Day);
        var adopted = await JournalAdoption.AdoptAsync(JournalAddress.Parse(Path), Amended, TimeProvider.System);
        Assert.Equal((1, Traffic.Day, Amended.Text), (adopted.Number, adopted.On, adopted.Text));

        await RunAsync([.. Claim(1, Raised.AddDays(-1)), .. Claim(2, Raised)], Raised);

        using var journal = SqliteJournal.OpenReadOnly(Path);
        Assert.Equal([12_000L, 16_000L], History.Of(journal, new StudentId(Student))
            .SelectMany(entry => entry.Events.OfType<ClaimAdjudicated>())
            .Select(e => e.Outcomes.Sum(outcome => (long)outcome.AmountCentimes)));
        Assert.Empty(JournalAudit.Run(journal, threads: 1).Problems);
    }

    [Fact]
    public async Task Every_partition_of_students_marks_it_before_its_next_day_and_records_are_read_by_their_own_rulebook()
    {
        await RunAsync([], Traffic.Day);
        await JournalAdoption.AdoptAsync(
            JournalAddress.Parse(Path), Amendments.SpecialistFrom(Raised, 18_000), TimeProvider.System);
        await JournalAdoption.AdoptAsync(JournalAddress.Parse(Path), Amended, TimeProvider.System);
        await RunAsync([], Traffic.Day.AddDays(1));

        using var journal = SqliteJournal.OpenReadOnly(Path);
        var rulebooks = new JournalRulebooks(journal);
        for (var partition = 0; partition <= Partitions; partition++)
        {
            var history = History.OfPartition(journal, partition).ToList();
            var marks = history.Where(entry => entry.Header.Kind == CommandKind.AdoptRulebook).ToList();
            if (partition == Partitions)
            {
                Assert.Empty(marks);
                continue;
            }

            // Of two that were adopted before a day was opened, the last one decides.
            var mark = Assert.Single(marks);
            Assert.Equal([new RulebookAdopted(2, RulebookHash.Of(Amended.Text))], mark.Events);
            Assert.Equal(CommandKind.OpenDay, history[history.IndexOf(mark) + 1].Header.Kind);
            Assert.All(
                history,
                entry =>
                    Assert.Equal(
                        entry.Offset <= mark.Offset ? Rulebook.EmbeddedText : Amended.Text,
                        rulebooks.At(partition, entry.Offset).Text));
        }

        Assert.Empty(JournalAudit.Run(journal, threads: 1).Problems);
    }

    [Fact]
    public async Task A_history_that_two_rulebooks_decided_is_no_case()
    {
        await RunAsync(Traffic.Registered(Student), Traffic.Day);
        await JournalAdoption.AdoptAsync(JournalAddress.Parse(Path), Amended, TimeProvider.System);
        await RunAsync(Claim(1, Raised), Raised);

        using var journal = SqliteJournal.OpenReadOnly(Path);
        var reading = new Explainer(journal).Read(new StudentId(Student));

        Assert.Equal(
            $"year.amoe: another rulebook decides of student {Student} from {Raised:yyyy-MM-dd} on, and a case has one",
            Assert.Throws<CaseException>(() => CaseWriter.Write(reading, "year.amoe")).Message);
    }

    [Fact]
    public async Task One_that_changes_a_day_that_was_opened_is_refused()
    {
        await RunAsync([], Traffic.Day);
        var refused = await Assert.ThrowsAsync<RulebookException>(() =>
            JournalAdoption.AdoptAsync(
                JournalAddress.Parse(Path), Amendments.SpecialistFrom(Traffic.Day, 20_000), TimeProvider.System));
        Assert.Contains("the journal has reached 2025-09-15", refused.Message, StringComparison.Ordinal);
        using var journal = SqliteJournal.OpenReadOnly(Path);
        Assert.Empty(journal.Adoptions);
    }

    [Fact]
    public void A_partition_that_opened_a_day_that_the_journal_did_not_is_found()
    {
        using (var writer = FrameWriter.Open(Path))
        {
            writer.Write(new DayOpened(Traffic.Day, 0));
            writer.Append([Opens(0, Traffic.Day), Opens(1, Traffic.Day.AddDays(1))]);
        }

        using var journal = SqliteJournal.OpenReadOnly(Path);
        var problem = Assert.Single(JournalAudit.Run(journal, threads: 1).Problems);
        Assert.Contains(
            "partition 1, offset 0: day 2025-09-16 was opened, and the journal has opened none after 2025-09-15",
            problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_partition_that_opened_a_day_under_another_rulebook_is_found()
    {
        using (var writer = FrameWriter.Open(Path))
        {
            writer.Write(new AdoptedRulebook(1, default, Amended.Text));
            writer.Write(new DayOpened(Traffic.Day, 1));
            writer.Append([Opens(0, Traffic.Day)]);
        }

        using var journal = SqliteJournal.OpenReadOnly(Path);
        var problem = Assert.Single(JournalAudit.Run(journal, threads: 1).Problems);
        Assert.Contains(
            "was opened under rulebook 0, and the journal has opened it under 1", problem, StringComparison.Ordinal);
    }

    private static Segment Opens(int partition, DateOnly day)
    {
        var writer = new SegmentWriter();
        writer.Begin(day);
        writer.Append(RecordHeader.Mark(CommandKind.OpenDay, day), [], null);
        return writer.Seal(partition, 0, 1);
    }

    private static Command[] Claim(ulong sheet, DateOnly care) =>
    [
        Traffic.Deposit(Student, sheet, care) with
        {
            Lines = [new ClaimLine(Act.Specialist, CareSector.Private, care, 1, 30_000, 0)]
        },
        new ReceiveClaim(new StudentId(Student), sheet, care, care),
    ];

    /// <summary>One incarnation of the partitions on the file: they decide, and open a day.</summary>
    private async Task RunAsync(Command[] commands, DateOnly day)
    {
        using var journal = SqliteJournal.Open(Path);
        await using var runtime = await PartitionRuntime.StartAsync(
            journal, new EngineOptions { Threads = 1 }, TimeProvider.System, Console.Error.WriteLine)
                .WaitAsync(Patience);
        foreach (var command in commands)
            await runtime.Ask(command).WaitAsync(Patience);
        await runtime.MarkDay(CommandKind.OpenDay, day).WaitAsync(Patience);
    }
}
