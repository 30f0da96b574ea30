using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Simulator;
using Amoe.Simulator.Scenarios;
using Spectre.Console;

namespace Amoe.Host.Reports;

/// <summary>What a journal was made with and how far it goes. Read from its heads and last segments: as quick for a large one.</summary>
/// <param name="Scenario">The scenario's name where the program has it, its first line otherwise; <see cref="JournalIdentity.Production"/> where there is none.</param>
/// <param name="Students">Of the scenario, at the journal's scale; null where there is none.</param>
/// <param name="Days">Of the scenario; null where there is none.</param>
/// <param name="DaysClosed">Days every shard has closed.</param>
internal sealed record JournalSummary(
    string Path, JournalIdentity Identity, string Scenario, string Rulebook, string RulebookHash, IReadOnlyList<AdoptedRulebook> Adoptions, long Records, JournalSize Size, uint? Students, int? Days, int DaysClosed,
    DateOnly LastClosed)
{
    public static JournalSummary Of(IJournal journal, string path)
    {
        var identity = journal.Identity;
        var scenario = identity.IsSimulated ? ScenarioReader.Read("scenario", identity.Source) : null;
        var shards = Enumerable.Range(0, identity.TotalShards);
        var lastClosed = shards.Min(shard => History.LastMark(journal, shard, CommandKind.CloseDay));
        return new JournalSummary(
            path, identity, scenario is null ? identity.Source : NameOf(identity.Source), NameOfRulebook(identity.Rulebook),
            new AdoptedRulebook(0, default, identity.Rulebook).Sha256, journal.Adoptions, shards.Sum(journal.Head), journal.Measure(),
            scenario is null ? null : new Population(scenario, identity.Seed, identity.Scale).Count, scenario?.Horizon.Days,
            lastClosed == default || scenario is null ? 0 : lastClosed.DayNumber - scenario.Horizon.Opens.DayNumber + 1, lastClosed);
    }

    public void WriteText(IAnsiConsole console)
    {
        Write("Journal", Path);
        Write("Format", $"version {Identity.FormatVersion}, {Identity.ShardCount} partitions of students, {Identity.PartyShardCount} of ledgers");
        Write("Scenario", Identity.IsSimulated ? $"{Scenario}, scale {Shown.Scale(Identity.Scale)}, seed {Identity.Seed}" : "none: production, commands from outside");
        Write("Rulebook", Rulebook);
        Write("", $"sha256 {RulebookHash}");
        foreach (var adopted in Adoptions)
        {
            Write($"Adopted {adopted.Number}", $"{NameOfRulebook(adopted.Text)}, on {Shown.Date(adopted.On)}");
            Write("", $"sha256 {adopted.Sha256}");
        }

        if (Students is { } students)
            Write("Students", Shown.Count(students));
        Write("Records", Shown.Count(Records));
        Write("Size", $"{Shown.Bytes(Size.SegmentBytes)} of segments, {Shown.Bytes(Size.FileBytes)} on disk");
        Write("Closed", (Days, LastClosed == default) switch
        {
            (null, true) => "no day",
            (null, false) => $"through {Shown.Date(LastClosed)}",
            (_, true) => $"no day of {Days}",
            _ => $"{DaysClosed} of {Days} days, through {Shown.Date(LastClosed)}{(DaysClosed == Days ? ": complete" : "")}",
        });

        void Write(string name, string what) => console.WriteLine($"{name,-11}{what}");
    }

    public void WriteJson(TextWriter output) => JsonLine.Write(output, json =>
    {
        json.WriteStartObject();
        json.WriteString("journal", Path);
        json.WriteNumber("format_version", Identity.FormatVersion);
        json.WriteNumber("shards", Identity.ShardCount);
        json.WriteNumber("party_shards", Identity.PartyShardCount);
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
            json.WriteString("last_closed", Shown.Date(LastClosed));
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
        ?? ScenarioReader.Names.FirstOrDefault(name => ScenarioReader.Load(name).Text == scenario) ?? FirstLine(scenario);

    private static string FirstLine(string text) => text.Split('\n').Select(line => line.Trim('#', ' ', '\r')).FirstOrDefault(line => line.Length > 0) ?? "";
}
