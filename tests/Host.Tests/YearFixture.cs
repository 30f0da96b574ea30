using Amoe.Engine.Journal;

namespace Amoe.Host.Tests;

/// <summary>A thousandth and a fiftieth of the national year, undisturbed: what other runs are compared with.</summary>
public sealed class YearFixture : IAsyncLifetime, IDisposable
{
    /// <summary>Long enough to be disturbed in the midst, and no longer.</summary>
    internal const string MediumScale = "0.02";

    /// <summary>Between two polls of a journal that grows: each opens the file, and the run needs the processor.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    private readonly TestFolder _folder = new();

    /// <summary>Its journal is kept; a test that changes it copies it first.</summary>
    internal Finished Small { get; private set; } = null!;

    internal string SmallJournal => _folder.File("small.amoe");

    internal Finished Medium { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var small = AmoeProcess.RunAsync("simulate", "--scale", "0.001", "--journal", SmallJournal, "-o", "json");
        Medium = await AmoeProcess.RunAsync("simulate", "--scale", MediumScale, "-o", "json");
        Small = await small;
        Small.IsDone();
        Medium.IsDone();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// Lives the fiftieth of the year on a new journal, and disturbs it when that holds so much of the year. On a busy machine
    /// the poll may come when the year is over: then it is begun again.
    /// </summary>
    /// <param name="disturb">Makes it end before its time.</param>
    internal Task<Finished> DisturbedAsync(string journal, int perMille, Action<AmoeProcess> disturb, params string[] more) =>
        DisturbedAsync(["simulate", "--scale", MediumScale, .. more], Medium, journal, perMille, disturb);

    /// <param name="simulate">The simulation.</param>
    /// <param name="undisturbed">What came of it undisturbed.</param>
    internal static async Task<Finished> DisturbedAsync(string[] simulate, Finished undisturbed, string journal, int perMille, Action<AmoeProcess> disturb)
    {
        var enough = undisturbed.Json.GetProperty("journal_bytes").GetInt64() * perMille / 1000;
        for (var attempt = 1; attempt <= 20; attempt++)
        {
            using var run = AmoeProcess.Start([.. simulate, "--journal", journal]);
            while (!run.HasExited && SegmentBytes(journal) < enough)
                await Task.Delay(Pace);
            disturb(run);
            var finished = await run.FinishAsync();
            if (finished.ExitCode != 0)
                return finished;
            foreach (var file in Directory.GetFiles(Path.GetDirectoryName(journal)!, Path.GetFileName(journal) + "*"))
                File.Delete(file);
        }

        throw new InvalidOperationException("it was over before it was disturbed, again and again");
    }

    private static long SegmentBytes(string journal)
    {
        try
        {
            using var reader = SqliteJournal.OpenReadOnly(journal);
            return reader.Measure().SegmentBytes;
        }
        catch (JournalException)
        {
            // Not made yet.
            return -1;
        }
    }
}

[CollectionDefinition(Name)]
public sealed class YearTests : ICollectionFixture<YearFixture>
{
    public const string Name = "year";
}
