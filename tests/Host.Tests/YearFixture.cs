using System.Collections.Concurrent;
using Amoe.Engine.Journal;
using Amoe.Tests.Postgres;

namespace Amoe.Host.Tests;

/// <summary>
/// A thousandth and a fiftieth of a term, undisturbed: what other runs are compared with. They are run once for all
/// classes, which need not share a collection for it: the tests of a collection run one after another. A test that
/// opens a journal to write copies it first.
/// </summary>
public sealed class YearFixture : IAsyncLifetime
{
    /// <summary>Long enough to be disturbed in the midst, and no longer.</summary>
    internal const string MediumScale = "0.02";

    /// <summary>
    /// Five months of the national year: each day costs every partition a commit, so that the length of a small year
    /// decides how long it takes. They end after 1 January 2027, when the hypothetical rulebook begins. A test that
    /// needs a whole year takes <see cref="TwentiethAsync"/>.
    /// </summary>
    internal const string ScenarioText = """
        extends: national-year
        horizon:
          opens: { date: 2026-09-01, source: test }
          last_grace_ends: { date: 2026-10-31, source: test }
          closes: { date: 2027-01-31, source: test }
        registration:
          weeks: { source: test, weights: [50, 100, 150, 100, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] }
          list_every: { days: [3, 5], source: test }
          resend: { days: [5, 20], source: test }
          transmit: { days: [1, 5], source: test }
          anam: { days: [3, 10], source: test }
        care:
          months: { source: test, weights: [60, 100, 100, 80, 80] }

        """;

    /// <summary>
    /// Between two polls of a journal that grows: each opens the file, and the run needs the processor.
    /// </summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    private static readonly Lazy<TestFolder> _folder = new(() =>
    {
        var folder = new TestFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        return folder;
    });

    private static readonly Lazy<string> _scenario = new(() => _folder.Value.Write("term.yaml", ScenarioText));
    private static readonly Lazy<Task<(Finished Small, Finished Medium)>> _years = new(YearsAsync);
    private static readonly ConcurrentDictionary<string, Lazy<Task<Finished>>> _twentieths = new();

    /// <summary>The file of <see cref="ScenarioText"/>.</summary>
    internal static string Scenario => _scenario.Value;

    /// <summary>Its journal is kept.</summary>
    internal Finished Small { get; private set; } = null!;

    internal string SmallJournal => Journal;

    internal Finished Medium { get; private set; } = null!;

    private static string Journal => _folder.Value.File("small.amoe");

    public async Task InitializeAsync() => (Small, Medium) = await _years.Value;

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>The result of a twentieth of a scenario's year, undisturbed.</summary>
    internal static Task<Finished> TwentiethAsync(string scenario) =>
        _twentieths.GetOrAdd(
            scenario, name => new Lazy<Task<Finished>>(() => AmoeCommand.RunAsync(Twentieth(name)))).Value;

    internal static string[] Twentieth(string scenario) => ["simulate", scenario, "--scale", "0.05", "-o", "json"];

    /// <summary>
    /// The medium run in a database, with as many partitions as in a file: each costs a commit a day, and what is
    /// decided is the same.
    /// </summary>
    internal static string[] MediumIn(PrivateDatabase database, params string[] more) =>
        [
            "simulate", Scenario, "--scale", MediumScale, "--partitions", $"{PartitionCounts.Embedded.Students}",
            "--journal", database.Url, .. more
        ];

    /// <summary>Waits until a database holds so much of the medium run.</summary>
    internal Task ReachAsync(PrivateDatabase database, int perMille) =>
        database.ReachesAsync(Medium.Json.GetProperty("journal_bytes").GetInt64() * perMille / 1000);

    /// <summary>
    /// By processes of their own: what commands in the process of the tests come to is compared with them.
    /// </summary>
    private static async Task<(Finished Small, Finished Medium)> YearsAsync()
    {
        var small = AmoeProcess.RunAsync("simulate", Scenario, "--scale", "0.001", "--journal", Journal, "-o", "json");
        var medium = await AmoeProcess.RunAsync("simulate", Scenario, "--scale", MediumScale, "-o", "json");
        (await small).IsDone();
        medium.IsDone();
        return (await small, medium);
    }

    /// <summary>
    /// Simulates a fiftieth of the term on a new journal, and disturbs it when that holds so much of the term. On a
    /// busy machine the poll may come when the term is over: then it is begun again.
    /// </summary>
    /// <param name="disturb">Makes it end before its time.</param>
    internal Task<Finished> DisturbedAsync(
        string journal, int perMille, Action<AmoeProcess> disturb, params string[] more) =>
        DisturbedAsync(["simulate", Scenario, "--scale", MediumScale, .. more], Medium, journal, perMille, disturb);

    /// <param name="simulate">The simulation.</param>
    /// <param name="undisturbed">What came of it undisturbed.</param>
    internal static async Task<Finished> DisturbedAsync(
        string[] simulate, Finished undisturbed, string journal, int perMille, Action<AmoeProcess> disturb)
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
