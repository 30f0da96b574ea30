using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Explaining;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Ownership;
using Amoe.Engine.Replay;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Rules;
using Amoe.Engine.Tests.Runtime;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Tests.Journal;

/// <summary>A rulebook adopted in the midst of a journal decides what comes after it and alters nothing before.</summary>
public sealed class RulebookAdoptionTests : IDisposable
{
    private const int Shards = 4;
    private const ulong Student = 1;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly DateOnly Raised = new(2025, 11, 1);
    private static readonly Rulebook Amended = Amendments.SpecialistFrom(Raised, 20_000);

    private readonly MemoryJournal _journal = new(new JournalIdentity(JournalIdentity.CurrentFormatVersion, Shards, Rulebook.EmbeddedText, "tests", 0, 0));

    public void Dispose() => _journal.Dispose();

    [Fact]
    public async Task B12_care_after_its_day_is_priced_by_the_rulebook_adopted_before_it()
    {
        await RunAsync(Traffic.Registered(Student));
        RulebookAdoption.Adopt(_journal, Amended);

        await RunAsync([.. Claim(1, Raised.AddDays(-1)), .. Claim(2, Raised)]);

        Assert.Equal([12_000L, 16_000L], Adjudicated());
    }

    [Fact]
    public async Task Without_it_the_same_care_is_priced_as_before()
    {
        await RunAsync([.. Traffic.Registered(Student), .. Claim(1, Raised.AddDays(-1)), .. Claim(2, Raised)]);
        Assert.Equal([12_000L, 12_000L], Adjudicated());
    }

    [Fact]
    public async Task An_adopted_rulebook_dated_in_the_future_alters_no_day_before_it_to_the_bit()
    {
        using var undisturbed = new MemoryJournal(_journal.Identity);
        var expected = await RunAsync([.. Traffic.Registered(Student), .. Claim(1, Raised.AddDays(-1))], undisturbed);

        await RunAsync(Traffic.Registered(Student));
        RulebookAdoption.Adopt(_journal, Amended);
        Assert.Equal(expected, await RunAsync(Claim(1, Raised.AddDays(-1))));
    }

    [Fact]
    public async Task Every_shard_has_the_mark_on_its_own_day_with_the_number_and_hash_of_the_text()
    {
        await RunAsync(Traffic.Registered(Student));
        var adopted = RulebookAdoption.Adopt(_journal, Amended);

        Assert.Equal((1, Traffic.Day, Amended.Text), (adopted.Number, adopted.On, adopted.Text));
        Assert.StartsWith(adopted.Hash.ToString(), adopted.Sha256, StringComparison.Ordinal);
        for (var shard = 0; shard < Shards; shard++)
        {
            var mark = History.OfShard(_journal, shard).Last();
            var day = shard == new StudentId(Student).ShardOf(Shards) ? Traffic.Day : default;
            Assert.Equal((CommandKind.AdoptRulebook, day), (mark.Header.Kind, mark.Header.Effective));
            Assert.Equal([new RulebookAdopted(1, adopted.Hash)], mark.Events);
        }
    }

    [Fact]
    public async Task It_is_replayed_audited_and_resumed_like_anything_else()
    {
        var before = await RunAsync(Traffic.Registered(Student));
        RulebookAdoption.Adopt(_journal, Amended);
        RulebookAdoption.Adopt(_journal, Amendments.SpecialistFrom(Raised, 25_000));

        var report = JournalAudit.Run(_journal, threads: 1);
        Assert.Empty(report.Problems);
        Assert.Equal(before, report.Digest);
        Assert.Equal(before, await RunAsync([]));
        Assert.Equal(2, _journal.Adoptions.Count);
    }

    [Fact]
    public async Task A_mark_that_stands_for_another_text_is_found()
    {
        await RunAsync(Traffic.Registered(Student));
        var other = new AdoptedRulebook(1, Traffic.Day, Amended.Text + "# tampered with\n");
        RulebookAdoption.Adopt(new Tampering(_journal, other), Amended);

        Assert.Equal(Shards, JournalAudit.Run(_journal, threads: 1).Problems.Count(problem => problem.Contains("does not stand for the journal's rulebook 1", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_rulebook_of_each_record_can_be_told()
    {
        await RunAsync(Traffic.Registered(Student));
        RulebookAdoption.Adopt(_journal, Amended);
        await RunAsync(Claim(1, Raised));

        var (rulebooks, shard) = (new JournalRulebooks(_journal), new StudentId(Student).ShardOf(Shards));
        var history = History.OfShard(_journal, shard).ToList();
        var mark = history.Single(entry => entry.Header.Kind == CommandKind.AdoptRulebook).Offset;
        Assert.All(history, entry => Assert.Equal(entry.Offset <= mark ? Rulebook.EmbeddedText : Amended.Text, rulebooks.At(shard, entry.Offset).Text));
        Assert.Equal(Amended.Text, JournalRulebooks.Current(_journal).Text);
    }

    [Fact]
    public async Task A_rulebook_that_says_something_else_on_a_day_the_journal_has_reached_is_refused()
    {
        await RunAsync(Traffic.Registered(Student));

        var error = Assert.Throws<RulebookException>(() => RulebookAdoption.Adopt(_journal, Amendments.SpecialistFrom(Traffic.Day, 20_000)));

        Assert.Equal(
            "B1.specialist is «morocco: base: tariff; base_centimes: 15000; rate_basis_points: 8000; abroad: not_covered» on 2025-09-15 and the new rulebook says "
            + "«morocco: base: tariff; base_centimes: 20000; rate_basis_points: 8000; abroad: not_covered»: "
            + "the journal has reached 2025-09-15, and a rulebook that is adopted changes nothing up to that day",
            error.Message);
        Assert.Empty(_journal.Adoptions);
        RulebookAdoption.Adopt(_journal, Amendments.SpecialistFrom(Traffic.Day.AddDays(1), 20_000));
    }

    // Asked on Thursday 27 March 2025: Eid al-Fitr on Monday 31 and Tuesday 1 April, of which the older rulebook knows nothing. It counts Friday 28 to Wednesday 2,
    // four working days; without the two holidays they are two.
    [Fact]
    public async Task X3_holidays_of_days_past_are_adopted_and_what_was_measured_stays()
    {
        var older = Rulebook.Load(Rulebook.EmbeddedText.Replace("          2025-03-31: ", "          2025-12-24: ", StringComparison.Ordinal)
            .Replace("          2025-04-01: ", "          2025-12-25: ", StringComparison.Ordinal), "older.yaml");
        using var journal = new MemoryJournal(_journal.Identity with { Rulebook = older.Text });
        var (id, asked, answered) = (new StudentId(Student), new DateOnly(2025, 3, 27), new DateOnly(2025, 4, 2));
        await RunAsync([.. Traffic.Registered(Student, asked), Asks(5), Asks(6), Grants(5)], journal);
        RulebookAdoption.Adopt(journal, Rulebook.Embedded);

        await RunAsync([Grants(6)], journal);

        Assert.Equal([new ClockMissed(Clock.ApprovalAnswer, 4, 2)], History.Of(journal, id).SelectMany(entry => entry.Events.OfType<ClockMissed>()));
        Assert.Empty(JournalAudit.Run(journal, threads: 1).Problems);
        var explained = ExplanationText.Lines(Explainer.Student(new Explainer(journal).Read(id), answered), Language.En);
        Assert.Contains(explained, line => line.Contains("4 working days", StringComparison.Ordinal));

        Command Asks(ulong reference) => new RequestApproval(id, reference, asked, asked, Act.Physiotherapy, 10);
        Command Grants(ulong reference) => new DecideApproval(id, reference, answered, answered, 10);
    }

    [Fact]
    public void The_rulebook_that_is_in_force_already_is_refused() =>
        Assert.Throws<RulebookException>(() => RulebookAdoption.Adopt(_journal, Rulebook.Embedded));

    private static Command[] Claim(ulong sheet, DateOnly care) =>
    [
        Traffic.Deposit(Student, sheet, care) with { Lines = [new ClaimLine(Act.Specialist, CareSector.Private, care, 1, 30_000, 0)] },
        new ReceiveClaim(new StudentId(Student), sheet, care, care),
    ];

    private IEnumerable<long> Adjudicated() => History.Of(_journal, new StudentId(Student))
        .SelectMany(entry => entry.Events.OfType<ClaimAdjudicated>()).Select(e => e.Outcomes.Sum(outcome => (long)outcome.AmountCentimes));

    /// <summary>One life of the engine on the journal: it decides and ends with a digest.</summary>
    private async Task<ulong> RunAsync(Command[] commands, IWritableJournal? journal = null)
    {
        await using var runtime = AmoeRuntime.Start(journal ?? _journal, null, new EngineOptions { Threads = 1 }, TimeProvider.System);
        foreach (var command in commands)
            await runtime.Ask(command).WaitAsync(Patience);
        return runtime.Inspect().Digest;
    }

    /// <summary>Keeps another text than the one the marks stand for.</summary>
    private sealed class Tampering(IWritableJournal inner, AdoptedRulebook other) : IWritableJournal
    {
        public JournalIdentity Identity => inner.Identity;

        public IReadOnlyList<AdoptedRulebook> Adoptions => inner.Adoptions;

        public void Adopt(AdoptedRulebook rulebook, IReadOnlyList<Segment> marks) => inner.Adopt(other, marks);

        public void Append(IReadOnlyList<Segment> segments) => inner.Append(segments);

        public void Confirm(IReadOnlyList<ShardEpoch> shards) => inner.Confirm(shards);

        public long Head(int shard) => inner.Head(shard);

        public IEnumerable<Segment> Read(int shard, long fromOffset = 0) => inner.Read(shard, fromOffset);

        public IEnumerable<Segment> ReadAll() => inner.ReadAll();

        public JournalSize Measure() => inner.Measure();

        public void Dispose() => inner.Dispose();
    }
}
