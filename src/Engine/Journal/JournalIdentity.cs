using System.Globalization;

namespace Amoe.Engine.Journal;

/// <summary>
/// The parameters with which a journal was created. Two journals with the same identity and the same commands end with
/// the same digest.
/// </summary>
/// <param name="FormatVersion">The version of the segment format.</param>
/// <param name="StudentPartitions">
/// How many partitions of students; fixed, because a student's partition follows from it.
/// </param>
/// <param name="Rulebook">The full text of the adopted rulebook.</param>
/// <param name="Source">
/// Where the commands come from: for a simulation the scenario's full text, otherwise <see cref="Production"/>.
/// </param>
/// <param name="Seed">The simulation's seed, 0 for a live host.</param>
/// <param name="Scale">
/// The simulation's scale as the user wrote it, in thousandths (1000 is the whole nation); 0 for a live host.
/// </param>
/// <param name="LedgerPartitions">
/// How many partitions of institutions, providers and payment runs, numbered after the students'. Fixed likewise. 0 in
/// a journal that keeps no ledgers.
/// </param>
public sealed record JournalIdentity(
    int FormatVersion, int StudentPartitions, string Rulebook, string Source, ulong Seed, int Scale,
    int LedgerPartitions = 0)
{
    /// <summary>The format this program writes.</summary>
    public const int CurrentFormatVersion = 1;

    /// <summary>
    /// The <see cref="Source"/> of a journal that hosts began: its commands come from outside, and not from a scenario.
    /// </summary>
    public const string Production = "production";

    /// <summary>An empty journal for commands from outside.</summary>
    public static JournalIdentity OfProduction(string rulebook, PartitionCounts partitions) =>
        new(CurrentFormatVersion, partitions.Students, rulebook, Production, 0, 0, partitions.Ledgers);

    /// <summary>True when its commands come from a scenario.</summary>
    public bool IsSimulated => Source != Production;

    /// <summary>Partitions of either sort: each has a log of its own.</summary>
    public int TotalPartitions => StudentPartitions + LedgerPartitions;

    /// <summary>The persistence id under which a file keeps a partition.</summary>
    internal string PersistenceIdOf(int partition) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(partition < StudentPartitions ? "partition" : "ledgers")}-{(partition < StudentPartitions ? partition : partition - StudentPartitions)}");

    /// <summary>Refuses an identity that differs, by saying which part does and how.</summary>
    /// <exception cref="JournalException">One line that names every difference.</exception>
    public void RequireSame(JournalIdentity wanted, string journalName)
    {
        var differences = new List<string>();
        Compare("format version", FormatVersion, wanted.FormatVersion);
        Compare("number of partitions", StudentPartitions, wanted.StudentPartitions);
        Compare("number of partitions of ledgers", LedgerPartitions, wanted.LedgerPartitions);
        Compare("seed", Seed, wanted.Seed);
        Compare("scale", Scale / 1000m, wanted.Scale / 1000m);
        CompareText("rulebook", Rulebook, wanted.Rulebook);
        CompareText("scenario", Source, wanted.Source);
        if (differences.Count > 0)
            throw new JournalException(
                $"{journalName} was created with another {string.Join("; another ", differences)}. Open it with what it was created with, or name a new file.");

        void Compare<T>(string what, T has, T asked)
        {
            if (!EqualityComparer<T>.Default.Equals(has, asked))
                differences.Add($"{what}: it has {has}, this run asks for {asked}");
        }

        void CompareText(string what, string has, string asked)
        {
            if (has == asked)
                return;
            var (hasLines, askedLines) = (has.Split('\n'), asked.Split('\n'));
            var line = 0;
            while (line < hasLines.Length && line < askedLines.Length && hasLines[line] == askedLines[line])
                line++;
            differences.Add(
                $"{what}: first difference on line {line + 1}, it has «{At(hasLines, line)}», this run has «{At(askedLines, line)}»");
        }

        static string At(string[] lines, int line) => line < lines.Length ? lines[line].Trim() : "(end of text)";
    }
}
