using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Explaining;
using Amoe.Engine.Journal;
using Amoe.Engine.Replay;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Rules;
using Amoe.Engine.Tests.Runtime;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Tests.Journal;

/// <summary>
/// A rulebook adopted in the midst of a journal alters nothing before it. JournalAdoptionTests have how it is adopted
/// and what it decides.
/// </summary>
public sealed class RulebookAdoptionTests : IDisposable
{
    private const int Partitions = 4;
    private const ulong Student = 1;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly DateOnly Raised = new(2025, 11, 1);
    private static readonly Rulebook Amended = Amendments.SpecialistFrom(Raised, 20_000);

    private readonly SqliteTestStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Without_it_the_same_care_is_priced_as_before()
    {
        Create(_store);
        await RunAsync(_store, [.. Traffic.Registered(Student), .. Claim(1, Raised.AddDays(-1)), .. Claim(2, Raised)]);
        using var journal = _store.OpenReadOnly();
        Assert.Equal([12_000L, 12_000L], History.Of(journal, new StudentId(Student))
            .SelectMany(entry => entry.Events.OfType<ClaimAdjudicated>())
            .Select(e => e.Outcomes.Sum(outcome => (long)outcome.AmountCentimes)));
    }

    [Fact]
    public async Task An_adopted_rulebook_dated_in_the_future_alters_no_day_before_it_to_the_bit()
    {
        using var undisturbed = new SqliteTestStore();
        Create(undisturbed);
        var expected = await RunAsync(undisturbed, [.. Traffic.Registered(Student), .. Claim(1, Raised.AddDays(-1))]);

        Create(_store);
        await RunAsync(_store, Traffic.Registered(Student));
        await AdoptAsync(Amended);
        Assert.Equal(expected, await RunAsync(_store, Claim(1, Raised.AddDays(-1))));
    }

    [Fact]
    public async Task It_is_replayed_audited_and_resumed_like_anything_else()
    {
        Create(_store);
        var before = await RunAsync(_store, Traffic.Registered(Student));
        await AdoptAsync(Amended);
        var last = await AdoptAsync(Amendments.SpecialistFrom(Raised, 25_000));
        Assert.StartsWith(last.Hash.ToString(), last.Sha256, StringComparison.Ordinal);

        using (var journal = _store.OpenReadOnly())
        {
            var report = JournalAudit.Run(journal, threads: 1);
            Assert.Empty(report.Problems);
            Assert.Equal(before, report.Digest);
            Assert.Equal(2, journal.Adoptions.Count);
            Assert.Equal(last.Text, JournalRulebooks.Current(journal).Text);
        }

        Assert.Equal(before, await RunAsync(_store, []));
    }

    [Fact]
    public void A_mark_that_refers_to_another_text_is_found()
    {
        using var writer = FrameWriter.Create(_store, Identity(Rulebook.EmbeddedText));
        writer.Write(new DayOpened(Traffic.Day, 0));
        writer.Write(new AdoptedRulebook(1, Traffic.Day, Amended.Text + "# tampered with\n"));
        writer.Append(
            [.. Enumerable.Range(0, Partitions).Select(partition =>
                Mark(partition, new RulebookAdopted(1, RulebookHash.Of(Amended.Text))))]);

        Assert.Equal(Partitions, JournalAudit.Run(writer, threads: 1).Problems
            .Count(problem =>
                problem.Contains("does not stand for the journal's rulebook 1", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_rulebook_that_says_something_else_on_a_day_the_journal_has_reached_is_refused()
    {
        var error = Assert.Throws<RulebookException>(() =>
            RulebookAdoption.Next(0, Rulebook.Embedded, Traffic.Day, Amendments.SpecialistFrom(Traffic.Day, 20_000)));

        Assert.Equal(
            "B1.specialist is «morocco: base: tariff; base_centimes: 15000; rate_basis_points: 8000; abroad: not_covered» on 2025-09-15 and the new rulebook says "
            + "«morocco: base: tariff; base_centimes: 20000; rate_basis_points: 8000; abroad: not_covered»: "
            + "the journal has reached 2025-09-15, and a rulebook that is adopted changes nothing up to that day",
            error.Message);
        Assert.Equal(
            1,
            RulebookAdoption.Next(
                0, Rulebook.Embedded, Traffic.Day, Amendments.SpecialistFrom(Traffic.Day.AddDays(1), 20_000)).Number);
    }

    // Asked on Thursday 27 March 2025: Eid al-Fitr on Monday 31 and Tuesday 1 April, of which the older rulebook knows
    // nothing. It counts Friday 28 to Wednesday 2, four working days; without the two holidays they are two.
    [Fact]
    public async Task X3_holidays_of_days_past_are_adopted_and_what_was_measured_stays()
    {
        var older = Rulebook.Load(Rulebook.EmbeddedText.Replace(
            "          2025-03-31: ", "          2025-12-24: ", StringComparison.Ordinal)
            .Replace("          2025-04-01: ", "          2025-12-25: ", StringComparison.Ordinal), "older.yaml");
        var (id, asked, answered) = (new StudentId(Student), new DateOnly(2025, 3, 27), new DateOnly(2025, 4, 2));
        Create(_store, older.Text);
        await RunAsync(_store, [.. Traffic.Registered(Student, asked), Asks(5), Asks(6), Grants(5, answered)]);
        await AdoptAsync(Rulebook.Embedded);

        // An adopted rulebook decides from the next day that is opened on.
        await RunAsync(_store, [Grants(6, answered.AddDays(1))]);

        using var journal = _store.OpenReadOnly();
        Assert.Equal(
            [new ClockMissed(Clock.ApprovalAnswer, 4, 2)],
            History.Of(journal, id).SelectMany(entry => entry.Events.OfType<ClockMissed>()));
        Assert.Empty(JournalAudit.Run(journal, threads: 1).Problems);
        var explained = ExplanationText.Lines(
            Explainer.Student(new Explainer(journal).Read(id), answered), Language.En);
        Assert.Contains(explained, line => line.Contains("4 working days", StringComparison.Ordinal));

        Command Asks(ulong reference) => new RequestApproval(id, reference, asked, asked, Act.Physiotherapy, 10);
        Command Grants(ulong reference, DateOnly known) => new DecideApproval(id, reference, answered, known, 10);
    }

    [Fact]
    public void The_rulebook_that_is_in_force_already_is_refused() =>
        Assert.Throws<RulebookException>(() =>
            RulebookAdoption.Next(0, Rulebook.Embedded, Traffic.Day, Rulebook.Embedded));

    private static Command[] Claim(ulong sheet, DateOnly care) =>
    [
        Traffic.Deposit(Student, sheet, care) with
        {
            Lines = [new ClaimLine(Act.Specialist, CareSector.Private, care, 1, 30_000, 0)]
        },
        new ReceiveClaim(new StudentId(Student), sheet, care, care),
    ];

    private static Segment Mark(int partition, RulebookAdopted e)
    {
        var writer = new SegmentWriter();
        writer.Begin(default);
        writer.Append(RecordHeader.Mark(CommandKind.AdoptRulebook, default), [e], null);
        return writer.Seal(partition, 0, 1);
    }

    private static JournalIdentity Identity(string rulebook) =>
        new(JournalIdentity.CurrentFormatVersion, Partitions, rulebook, "tests", 0, 0);

    private static void Create(SqliteTestStore store, string? rulebook = null) =>
        store.Create(Identity(rulebook ?? Rulebook.EmbeddedText)).Dispose();

    private Task<AdoptedRulebook> AdoptAsync(Rulebook rulebook) =>
        JournalAdoption.AdoptAsync(JournalAddress.Parse(_store.Path), rulebook, TimeProvider.System)
            .WaitAsync(Patience);

    /// <summary>One run of the engine on the journal: it decides and ends with a digest.</summary>
    private static async Task<ulong> RunAsync(SqliteTestStore store, Command[] commands)
    {
        using var journal = store.Open();
        await using var runtime = await PartitionRuntime.StartAsync(
            journal, new EngineOptions { Threads = 1 }, TimeProvider.System, Console.Error.WriteLine)
                .WaitAsync(Patience);
        foreach (var command in commands)
            await runtime.Ask(command).WaitAsync(Patience);
        return runtime.Inspect().Digest;
    }
}
