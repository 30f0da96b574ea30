using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Journal;
using Amoe.Engine.Tests.Postgres;
using Amoe.Engine.Tests.Runtime;

namespace Amoe.Engine.Tests.Actors;

/// <summary>The phases of opening balances in a journal.</summary>
public abstract class JournalOpeningContract : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private protected JournalOpeningContract()
    {
        Store = NewStore();
        using var created = Store.Create(
            JournalIdentity.OfProduction(Rulebook.EmbeddedText, new PartitionCounts(2, 1)));
    }

    private protected TestStore Store { get; }

    private protected abstract JournalAddress Address { get; }

    private OpeningPhase Phase
    {
        get
        {
            using var journal = Store.OpenReadOnly();
            return journal.ReadBook().Opening;
        }
    }

    private long Records
    {
        get
        {
            using var journal = Store.OpenReadOnly();
            return Enumerable.Range(0, journal.Identity.TotalPartitions).Sum(journal.Head);
        }
    }

    public void Dispose()
    {
        Store.Dispose();
        GC.SuppressFinalize(this);
    }

    [StoreFact]
    public async Task They_begin_before_the_first_day_and_close_once_for_the_records_that_were_reconciled()
    {
        Assert.Contains("it takes no opening balances",
            (await Assert.ThrowsAsync<JournalException>(
            () => JournalOpening.CloseAsync(Address, 0, TimeProvider.System))).Message, StringComparison.Ordinal);
        await BeginAsync();
        Assert.Equal(new OpeningMarked(OpeningPhase.Begun, default), await BeginAsync());
        await OpenAsync(Traffic.Day);
        Assert.Equal(OpeningPhase.Begun, Phase);

        Assert.Contains("lines were taken since",
            (await Assert.ThrowsAsync<JournalException>(
            () => JournalOpening.CloseAsync(Address, Records - 1, TimeProvider.System))).Message,
            StringComparison.Ordinal);
        Assert.Equal(new OpeningMarked(OpeningPhase.Closed, Traffic.Day),
            await JournalOpening.CloseAsync(Address, Records, TimeProvider.System));
        Assert.Contains("are taken once",
            (await Assert.ThrowsAsync<JournalException>(BeginAsync)).Message, StringComparison.Ordinal);
        await OpenAsync(Traffic.Day.AddDays(1));
        Assert.Equal(OpeningPhase.Closed, Phase);
    }

    [StoreFact]
    public async Task A_journal_that_has_opened_a_day_takes_none()
    {
        await OpenAsync(Traffic.Day);
        var refused = await Assert.ThrowsAsync<JournalException>(BeginAsync);
        Assert.Contains("opening balances are taken before the first business day", refused.Message,
            StringComparison.Ordinal);
        Assert.Equal(OpeningPhase.None, Phase);
    }

    [StoreFact]
    public async Task Only_between_their_beginning_and_their_end_they_are_taken_and_no_business_day_opens()
    {
        Assert.Equal((null, null), Refusals());
        await BeginAsync();
        var (ofOpening, ofDays) = Refusals();
        Assert.Null(ofOpening);
        Assert.Contains("its opening balances are not closed", ofDays, StringComparison.Ordinal);
        await JournalOpening.CloseAsync(Address, Records, TimeProvider.System);
        (ofOpening, ofDays) = Refusals();
        Assert.Contains("are taken once", ofOpening, StringComparison.Ordinal);
        Assert.Null(ofDays);
    }

    private protected abstract TestStore NewStore();

    /// <summary>Why the journal takes no opening balances, and why no business day opens.</summary>
    private (string? OfOpening, string? OfDays) Refusals()
    {
        using var journal = Store.OpenReadOnly();
        var book = journal.ReadBook();
        return (Refusal(true), Refusal(false));

        string? Refusal(bool isOpening) =>
            Xunit.Record.Exception(() => JournalOpening.Require(book, Store.Name, isOpening))?.Message;
    }

    private async Task<OpeningMarked> BeginAsync()
    {
        using var journal = Store.Open();
        return await JournalOpening.BeginAsync(journal, TimeProvider.System);
    }

    private async Task OpenAsync(DateOnly day)
    {
        using var journal = Store.Open();
        await using var runtime = await PartitionRuntime.StartAsync(journal, new EngineOptions { Threads = 1 },
            TimeProvider.System, Console.Error.WriteLine).WaitAsync(Patience);
        await runtime.MarkDay(CommandKind.OpenDay, day).WaitAsync(Patience);
    }
}

public sealed class JournalOpeningTests : JournalOpeningContract
{
    private protected override JournalAddress Address => JournalAddress.Parse(Store.Name);

    private protected override TestStore NewStore() => new SqliteTestStore();
}

[NeedsPostgres]
public sealed class PostgresJournalOpeningTests : JournalOpeningContract
{
    private protected override JournalAddress Address => ((PostgresTestStore)Store).Address;

    private protected override TestStore NewStore() => new PostgresTestStore();
}
