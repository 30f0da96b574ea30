using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Journal;
using Amoe.Engine.Tests.Runtime;

namespace Amoe.Engine.Tests.Actors;

/// <summary>The phases of opening balances in a journal in a file.</summary>
public sealed class JournalOpeningTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TestFolder _folder = new();

    public JournalOpeningTests()
    {
        using var created = SqliteJournal.Create(Path,
            JournalIdentity.OfProduction(Rulebook.EmbeddedText, new PartitionCounts(2, 1)));
    }

    private string Path => _folder["live.amoe"];

    private JournalAddress Address => JournalAddress.Parse(Path);

    private OpeningPhase Phase
    {
        get
        {
            using var journal = SqliteJournal.OpenReadOnly(Path);
            return journal.ReadBook().Opening;
        }
    }

    private long Records
    {
        get
        {
            using var journal = SqliteJournal.OpenReadOnly(Path);
            return Enumerable.Range(0, journal.Identity.TotalPartitions).Sum(journal.Head);
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task They_begin_before_the_first_day_and_close_once_for_the_records_that_were_reconciled()
    {
        Assert.Contains("it takes no opening balances",
            (await Assert.ThrowsAsync<JournalException>(
            () => JournalOpening.CloseAsync(Address, 0, TimeProvider.System))).Message, StringComparison.Ordinal);
        await JournalOpening.BeginAsync(Address, TimeProvider.System);
        Assert.Equal(new OpeningMarked(OpeningPhase.Begun, default),
            await JournalOpening.BeginAsync(Address, TimeProvider.System));
        await OpenAsync(Traffic.Day);
        Assert.Equal(OpeningPhase.Begun, Phase);

        Assert.Contains("lines were taken since",
            (await Assert.ThrowsAsync<JournalException>(
            () => JournalOpening.CloseAsync(Address, Records - 1, TimeProvider.System))).Message,
            StringComparison.Ordinal);
        Assert.Equal(new OpeningMarked(OpeningPhase.Closed, Traffic.Day),
            await JournalOpening.CloseAsync(Address, Records, TimeProvider.System));
        Assert.Contains("are taken once",
            (await Assert.ThrowsAsync<JournalException>(
            () => JournalOpening.BeginAsync(Address, TimeProvider.System))).Message, StringComparison.Ordinal);
        await OpenAsync(Traffic.Day.AddDays(1));
        Assert.Equal(OpeningPhase.Closed, Phase);
    }

    [Fact]
    public async Task A_journal_that_has_opened_a_day_takes_none()
    {
        await OpenAsync(Traffic.Day);
        var refused = await Assert.ThrowsAsync<JournalException>(
            () => JournalOpening.BeginAsync(Address, TimeProvider.System));
        Assert.Contains("opening balances are taken before the first business day", refused.Message,
            StringComparison.Ordinal);
        Assert.Equal(OpeningPhase.None, Phase);
    }

    private async Task OpenAsync(DateOnly day)
    {
        using var journal = SqliteJournal.Open(Path);
        await using var runtime = await PartitionRuntime.StartAsync(journal, new EngineOptions { Threads = 1 },
            TimeProvider.System, Console.Error.WriteLine).WaitAsync(Patience);
        await runtime.MarkDay(CommandKind.OpenDay, day).WaitAsync(Patience);
    }
}
