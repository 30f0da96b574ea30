using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Simulator;
using Amoe.Simulator.Scenarios;
using Spectre.Console;

namespace Amoe.Host.Reports;

/// <summary>
/// The identity of a journal and its extent. Read from its heads and last segments: as quick for a large one.
/// </summary>
/// <param name="Scenario">
/// The scenario's name where the program has it, its first line otherwise; <see cref="JournalIdentity.Production"/>
/// where there is none.
/// </param>
/// <param name="Students">Of the scenario, at the journal's scale; null where there is none.</param>
/// <param name="Days">Of the scenario; null where there is none.</param>
/// <param name="DaysClosed">Days every partition has closed.</param>
internal sealed record JournalSummary(
    string Path, JournalIdentity Identity, string Scenario, string Rulebook, string RulebookHash,
    IReadOnlyList<AdoptedRulebook> Adoptions, long Records, JournalSize Size, uint? Students, int? Days, int DaysClosed,
    DateOnly LastClosed)
{
    public static JournalSummary Of(IJournal journal, string path)
    {
        var identity = journal.Identity;
        var scenario = identity.IsSimulated ? ScenarioReader.Read("scenario", identity.Source) : null;
        var partitions = Enumerable.Range(0, identity.TotalPartitions);
        var lastClosed = partitions.Min(partition => History.LastMark(journal, partition, CommandKind.CloseDay));
        return new JournalSummary(
            path, identity, scenario is null ? identity.Source : NameOf(identity.Source),
            NameOfRulebook(identity.Rulebook),
            new AdoptedRulebook(0, default, identity.Rulebook).Sha256, journal.Adoptions, partitions.Sum(journal.Head),
            journal.Measure(),
            scenario is null ? null : new Population(scenario, identity.Seed, identity.Scale).Count,
            scenario?.Horizon.Days,
            lastClosed == default || scenario is null ? 0 : lastClosed.DayNumber - scenario.Horizon.Opens.DayNumber + 1,
            lastClosed);
    }

    public void WriteText(IAnsiConsole console)
    {
        Write("Journal", Path);
        Write(
            "Format",
            $"version {Identity.FormatVersion}, {Identity.StudentPartitions} partitions of students, {Identity.LedgerPartitions} of ledgers");
        Write(
            "Scenario",
            Identity.IsSimulated
                ? $"{Scenario}, scale {Format.Scale(Identity.Scale)}, seed {Identity.Seed}"
                : "none: production, commands from outside");
        Write("Rulebook", Rulebook);
        Write("", $"sha256 {RulebookHash}");
        foreach (var adopted in Adoptions)
        {
            Write($"Adopted {adopted.Number}", $"{NameOfRulebook(adopted.Text)}, on {Format.Date(adopted.On)}");
            Write("", $"sha256 {adopted.Sha256}");
        }

        if (Students is { } students)
            Write("Students", Format.Count(students));
        Write("Records", Format.Count(Records));
        Write("Size", $"{Format.Bytes(Size.SegmentBytes)} of segments, {Format.Bytes(Size.FileBytes)} on disk");
        Write("Closed", (Days, LastClosed == default) switch
        {
            (null, true) => "no day",
            (null, false) => $"through {Format.Date(LastClosed)}",
            (_, true) => $"no day of {Days}",
            _ =>
                $"{DaysClosed} of {Days} days, through {Format.Date(LastClosed)}{(DaysClosed == Days ? ": complete" : "")}",
        });

        void Write(string name, string what) => console.WriteLine($"{name,-11}{what}");
    }

    public void WriteJson(TextWriter output) => JsonLine.Write(output, json =>
    {
        json.WriteStartObject();
        json.WriteString("journal", Path);
        json.WriteNumber("format_version", Identity.FormatVersion);
        json.WriteNumber("student_partitions", Identity.StudentPartitions);
        json.WriteNumber("ledger_partitions", Identity.LedgerPartitions);
        json.WriteString("scenario", Scenario);
        json.WriteNumber("scale", Identity.Scale / 1000m);
        json.WriteNumber("seed", Identity.Seed);
        json.WriteString("rulebook", Rulebook);
        json.WriteString("rulebook_sha256", RulebookHash);
        json.WriteStartArray("adopted");
        foreach (var adopted in Adoptions)
        {
            json.WriteStartObject();
            json.WriteString("rulebook", NameOfRulebook(adopted.Text));
            RulesJson.Write(json, adopted);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (Students is { } students)
            json.WriteNumber("students", students);
        json.WriteNumber("records", Records);
        json.WriteNumber("journal_bytes", Size.SegmentBytes);
        json.WriteNumber("journal_file_bytes", Size.FileBytes);
        if (Days is { } days)
        {
            json.WriteNumber("days", days);
            json.WriteNumber("days_closed", DaysClosed);
            json.WriteBoolean("complete", DaysClosed == days);
        }

        if (LastClosed != default)
            json.WriteString("last_closed", Format.Date(LastClosed));
        json.WriteEndObject();
    });

    private static string NameOfRulebook(string text) => ShippedRulebooks.NameOf(text) switch
    {
        ShippedRulebooks.Amended => "the one that comes with the program",
        { } name => $"{name}, which comes with the program",
        null => FirstLine(text),
    };

    private static string NameOf(string scenario) =>
        // First those that extend no other, whose text need not be read as YAML: that takes longer than all the rest.
        ScenarioReader.Names.FirstOrDefault(name => ScenarioReader.TextOf(name) == scenario)
        ?? ScenarioReader.Names.FirstOrDefault(name =>
            ScenarioReader.Load(name).Text == scenario) ?? FirstLine(scenario);

    private static string FirstLine(string text) =>
        text.Split('\n').Select(line => line.Trim('#', ' ', '\r')).FirstOrDefault(line => line.Length > 0) ?? "";
}
