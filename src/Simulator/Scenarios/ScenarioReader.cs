using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Text;
using Amoe.Engine.Vocabulary;
using YamlDotNet.RepresentationModel;

namespace Amoe.Simulator.Scenarios;

/// <summary>
/// Reads a scenario strictly: a key too many or too few, shares that do not add up or dates that cannot be are errors
/// of one line.
/// </summary>
internal static class ScenarioReader
{
    internal const string Ending = ".yaml";
    private const string Embedded = "scenarios/";

    /// <summary>The most students at scale 1: at the largest scale their indexes still fit.</summary>
    private const int StudentsMax = 50_000_000;

    /// <summary>The names of the scenarios that come with the program.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. typeof(ScenarioReader).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Embedded, StringComparison.Ordinal))
        .Select(name => name[Embedded.Length..^Ending.Length]).Order(StringComparer.Ordinal)];

    /// <summary>A scenario that comes with the program, by name, or one from a file.</summary>
    /// <exception cref="ScenarioException">There is none, or it cannot be used.</exception>
    public static Scenario Load(string nameOrFile)
    {
        if (Names.Contains(nameOrFile))
            return Read(nameOrFile + Ending, TextOf(nameOrFile));

        return Read(Path.GetFileName(nameOrFile), FileText(nameOrFile));
    }

    private static string FileText(string path)
    {
        try
        {
            return RegularFile.ReadText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or ArgumentException)
        {
            throw new ScenarioException(
                $"no scenario '{path}': it is neither a file nor one of {string.Join(", ", Names)}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ScenarioException(
                $"{path}: the scenario cannot be read ({e.Message.TrimEnd('.')}). Name one of {string.Join(", ", Names)}, or a YAML file.",
                e);
        }
    }

    /// <summary>The text of a scenario that comes with the program.</summary>
    internal static string TextOf(string name)
    {
        using var stream = typeof(ScenarioReader).Assembly.GetManifestResourceStream(Embedded + name + Ending)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Its title: the first line of the comment at its top.</summary>
    public static string TitleOf(string name) => TextOf(name).Split('\n')[0].TrimStart('#', ' ').TrimEnd('\r', '.');

    /// <exception cref="ScenarioException">It cannot be used: file, line and cause in one line.</exception>
    public static Scenario Read(string fileName, string text)
    {
        var file = new ScenarioFile(fileName);
        var (resolved, full) = ScenarioExtension.Resolve(file, file.Parse(text), text);
        var root = file.Root(
            resolved, "horizon", "population", "registration", "contribution", "situations", "late_facts", "care",
            "filing", "detours", "expect");
        var horizon = Horizon(file, root);
        var registration = Registration(file, root, horizon);
        return new Scenario(
            Path.GetFileNameWithoutExtension(fileName), full, horizon, Population(file, root), registration,
            Contribution(file, root),
            Situations(file, root), DetourReader.LateFacts(file, root), CareReader.Read(file, root, horizon),
            CareReader.Filing(file, root, horizon), DetourReader.Detours(file, root),
            ExpectationReader.Read(file, root, horizon, registration));
    }

    private static HorizonModel Horizon(ScenarioFile file, YamlMap root)
    {
        var map = file.Section(root, "horizon", "opens", "last_grace_ends", "closes");
        var horizon = new HorizonModel(
            file.Date(map, "opens"), file.Date(map, "last_grace_ends"), file.Date(map, "closes"));
        if (horizon.LastGraceEnds <= horizon.Opens)
            throw file.Error(map["last_grace_ends"], "'last_grace_ends' must be after 'opens'");
        if (horizon.Closes <= horizon.LastGraceEnds || horizon.Days > 1000)
            throw file.Error(
                map["closes"], "'closes' must be after 'last_grace_ends' and less than 1000 days after 'opens'");
        return horizon;
    }

    private static PopulationModel Population(ScenarioFile file, YamlMap root)
    {
        var map = file.Section(
            root, "population", "declarations", "resent", "leavers", "categories", "ages", "cities", "coverage",
            "holders", "renewing", "other_last_year", "account_given_up", "covered_now", "female", "chronic",
            "bank_account");
        var ages = Ages(file, map);
        var categories = Categories(file, map, ages);
        var resent = categories.Values.FirstOrDefault(category => category.Category == Category.PublicUniversity)
            ?? throw file.Error(map["categories"], "'categories' lacks public_university, whose students are re-sent");
        var cities = new List<string>();
        var cityShares = file.Shares(map, "cities", (node, what) =>
        {
            cities.Add(file.TextOf(node, what));
            return cities.Count - 1;
        });
        if (cities.Count > Simulator.Population.CitiesMax)
            throw file.Error(map["cities"], $"more than {Simulator.Population.CitiesMax} cities");
        var population = new PopulationModel(
            file.Number(map, "declarations", 0, StudentsMax), file.Number(map, "resent", 0, StudentsMax),
            file.Number(map, "leavers", 0, StudentsMax),
            categories, resent, cityShares, cities, file.EnumShares<CoverageKind>(map, "coverage"),
            file.EnumShares<CoverageHolder>(map, "holders"),
            file.Chance(map, "renewing"), file.Chance(map, "other_last_year"), file.Chance(map, "account_given_up"),
            file.Chance(map, "covered_now"),
            file.Chance(map, "female"), file.Chance(map, "chronic"), file.Chance(map, "bank_account"));
        return population.Students is > 0 and <= StudentsMax
            ? population
            : throw file.Error(
                map.Node, $"declarations, resent and leavers must add up to 1 to {StudentsMax} students");
    }

    private static Dictionary<string, Table<int>> Ages(ScenarioFile file, YamlMap population)
    {
        var map = file.Section(population, "ages", "source", "of");
        file.RequireSource(map);
        if (map["of"] is not YamlMappingNode profiles)
            throw file.Error(map["of"], "'of' of 'ages' must be a mapping");
        return profiles.Children.ToDictionary(
            child => file.TextOf(child.Key, "an age profile"),
            child =>
                file.Shares(
                    child.Value, $"age profile '{child.Key}'", (node, what) => (int)file.WholeOf(node, what, 14, 80)),
            StringComparer.Ordinal);
    }

    private static Table<CategoryModel> Categories(
        ScenarioFile file, YamlMap population, Dictionary<string, Table<int>> ages)
    {
        var map = file.Section(population, "categories", "source", "of");
        file.RequireSource(map);
        var (rows, seen) = (new List<(CategoryModel, long)>(), new HashSet<Category>());
        foreach (var node in file.List(map, "of"))
        {
            var row = file.Map(
                node, "a category", "category", "per_mille", "covered", "paid_track", "institutions", "ages", "cycles");
            var category = file.Name<Category>(row, "category");
            if (!seen.Add(category))
                throw file.Error(node, $"category '{row.Text("category")}' is there twice");
            if (!ages.TryGetValue(row.Text("ages"), out var profile))
                throw file.Error(
                    row["ages"], $"no age profile '{row.Text("ages")}'; known: {string.Join(", ", ages.Keys)}");
            rows.Add((new CategoryModel(
                category, file.PerMille(row, "covered"), file.PerMille(row, "paid_track"),
                file.Whole(row, "institutions", 1, Simulator.Population.InstitutionsMax),
                profile, file.Shares(row["cycles"], "'cycles'", file.NameOf<Cycle>)),
                file.Whole(row, "per_mille", 0, 1000)));
        }

        var sum = rows.Sum(row => row.Item2);
        return sum == 1000
            ? new Table<CategoryModel>(rows)
            : throw file.Error(map["of"], $"the shares of 'categories' add up to {sum} per mille, not 1000");
    }

    private static RegistrationModel Registration(ScenarioFile file, YamlMap root, HorizonModel horizon)
    {
        const int weeks = 17;
        var map = file.Section(
            root, "registration", "weeks", "weekdays", "declares_again", "declares_again_after", "never_forwarded",
            "forwarded_wrong", "list_every", "resend", "transmit", "anam", "anam_finds",
            "changes_institution", "changes_after", "changes_side", "closes_account");
        var (byWeek, byWeekday) = (file.Weights(map, "weeks", weeks), file.Weights(map, "weekdays", 7));

        // The opening day is the carried-over registrations'; declarations begin on the next.
        var days = Enumerable.Range(1, Math.Min(weeks * 7, horizon.Days) - 1)
            .Select(day => (day, byWeek[day / 7] * byWeekday[Weekday(horizon.Opens.AddDays(day))]));
        return new RegistrationModel(
            new Table<int>([.. days]), file.Chance(map, "declares_again"), file.Days(map, "declares_again_after"),
            file.Chance(map, "never_forwarded"), file.Chance(map, "forwarded_wrong"),
            file.Days(map, "list_every"), file.Days(map, "resend"), file.Days(map, "transmit"), file.Days(map, "anam"),
            file.Chance(map, "anam_finds"),
            new ChangeModel(
                file.Chance(map, "changes_institution"), file.Days(map, "changes_after"),
                file.Chance(map, "changes_side"), file.Chance(map, "closes_account")));
    }

    private static ContributionModel Contribution(ScenarioFile file, YamlMap root)
    {
        var map = file.Section(
            root, "contribution", "when", "enrolment_delay", "late_delay", "wrong_amount", "corrected_after",
            "transfer", "transfer_fails", "paid_though_covered", "second_institution",
            "receipt_without_payment", "receipt_delay", "made_good", "by_whole", "paid_twice", "twice_after",
            "paid_early", "early_after", "not_owed", "not_owed_after",
            "last_year_received", "last_year_not_owed", "last_year_after", "pays_again_elsewhere");
        return new ContributionModel(
            file.EnumShares<WhenPaid>(map, "when"), file.Days(map, "enrolment_delay"), file.Days(map, "late_delay"),
            file.Chance(map, "wrong_amount"),
            file.Days(map, "corrected_after"), file.Days(map, "transfer"), file.Chance(map, "transfer_fails"),
            file.Chance(map, "paid_though_covered"),
            file.Chance(map, "second_institution"), file.Chance(map, "receipt_without_payment"),
            file.Days(map, "receipt_delay"),
            new UnexpectedMoneyModel(
                file.Chance(map, "made_good"), file.Chance(map, "by_whole"), file.Chance(map, "paid_twice"),
                file.Days(map, "twice_after"), file.Chance(map, "paid_early"), file.Days(map, "early_after"),
                file.Chance(map, "not_owed"), file.Days(map, "not_owed_after"), file.Chance(map, "last_year_received"),
                file.Chance(map, "last_year_not_owed"), file.Days(map, "last_year_after"),
                file.Chance(map, "pays_again_elsewhere")));
    }

    private static SituationModel Situations(ScenarioFile file, YamlMap root)
    {
        var map = file.Section(
            root, "situations", "reports_coverage", "report_after", "report_late", "report_lag", "by_anam",
            "coverage_ends", "coverage_lasts", "second_coverage", "second_after", "student_says_end", "confirmed_after",
            "coverage_follows", "covered_before", "covered_before_after", "outlasts", "interrupts", "interrupt_after",
            "interrupt_lag",
            "reasons", "interrupt_long", "short_interruption", "long_interruption", "changes_reason", "certificate",
            "certificate_after", "asks_exemption", "exemption_after", "exemption_granted", "exemption_undone",
            "undone_after", "exempted_for_bill", "for_bill_after", "illnesses");
        return new SituationModel(
            file.Chance(map, "reports_coverage"), file.Days(map, "report_after"), file.Chance(map, "report_late"),
            file.Days(map, "report_lag"), file.Chance(map, "by_anam"),
            file.Chance(map, "coverage_ends"), file.Days(map, "coverage_lasts"),
            new CoveragesModel(
                file.Chance(map, "second_coverage"), file.Days(map, "second_after"),
                file.Chance(map, "student_says_end"), file.Days(map, "confirmed_after"),
                file.Chance(map, "coverage_follows"),
                file.Chance(map, "covered_before"), file.Days(map, "covered_before_after"),
                file.Chance(map, "outlasts")),
            file.Chance(map, "interrupts"), file.Days(map, "interrupt_after"), file.Days(map, "interrupt_lag", 0),
            file.EnumShares<InterruptionReason>(map, "reasons"), file.Chance(map, "interrupt_long"),
            file.Days(map, "short_interruption", 2), file.Days(map, "long_interruption", 2),
            file.Chance(map, "changes_reason"), file.Chance(map, "certificate"), file.Days(map, "certificate_after"),
            file.Chance(map, "asks_exemption"), file.Days(map, "exemption_after"),
            file.Chance(map, "exemption_granted"), file.Chance(map, "exemption_undone"), file.Days(map, "undone_after"),
            file.Chance(map, "exempted_for_bill"), file.Days(map, "for_bill_after"),
            new Between(1, file.Number(map, "illnesses", 1, 1000)));
    }

    /// <summary>0 for Monday to 6 for Sunday.</summary>
    internal static int Weekday(DateOnly day) => ((int)day.DayOfWeek + 6) % 7;
}
