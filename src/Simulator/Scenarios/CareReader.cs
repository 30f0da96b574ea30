using Amoe.Engine.Text;
using Amoe.Engine.Vocabulary;
using YamlDotNet.RepresentationModel;

namespace Amoe.Simulator.Scenarios;

/// <summary>Reads the parts of a scenario that are about care and claims.</summary>
internal static class CareReader
{
    public static CareModel Read(ScenarioFile file, YamlMap root, HorizonModel horizon)
    {
        var map = file.Section(
            root, "care", "claims", "claims_chronic", "months", "weekdays", "outside", "never_registered_tries",
            "elsewhere", "amounts", "episodes", "approvals", "prostheses");
        var amounts = Amounts(file, map);
        var (ordinary, chronic) = Episodes(file, map, amounts);
        return new CareModel(
            file.Shares(map, "claims", Count), file.Shares(map, "claims_chronic", Count), Days(file, map, horizon),
            file.Chance(map, "outside"), file.Chance(map, "never_registered_tries"), file.Chance(map, "elsewhere"),
            ordinary, chronic, amounts, Approvals(file, map), Prostheses(file, map));

        int Count(YamlNode node, string what) => (int)file.WholeOf(node, what, 0, Traffic.Sheet.CareMax);
    }

    public static FilingModel Filing(ScenarioFile file, YamlMap root, HorizonModel horizon)
    {
        var map = file.Section(
            root, "filing", "late", "delay", "late_delay", "posted", "wrong_desk", "redeposits", "redeposit_after",
            "other_patient", "incomplete", "unpriced", "undescribed", "missing_items", "completes",
            "completes_after", "completes_in_part", "receive", "payment_run_every", "bank_delay", "post_delay",
            "providers", "sent_twice");
        var filing = new FilingModel(
            file.Chance(map, "late"), file.Days(map, "delay"), file.Days(map, "late_delay"), file.Chance(map, "posted"),
            file.Chance(map, "wrong_desk"), file.Chance(map, "redeposits"),
            file.Days(map, "redeposit_after"), file.Chance(map, "other_patient"), file.Chance(map, "incomplete"),
            file.Chance(map, "unpriced"), file.Chance(map, "undescribed"),
            file.Shares(map, "missing_items", (node, what) => (int)file.WholeOf(node, what, 1, 3)),
            file.Chance(map, "completes"), file.Days(map, "completes_after"), file.Chance(map, "completes_in_part"),
            file.Days(map, "receive"), file.Number(map, "payment_run_every", 1, 60),
            file.Days(map, "bank_delay"), file.Days(map, "post_delay"), file.Number(map, "providers", 1, 1_000_000),
            file.Chance(map, "sent_twice"));
        return horizon.Days / filing.PaymentRunEvery < Traffic.PaymentTraffic.RunsMax
            ? filing
            : throw file.Error(
                map["payment_run_every"],
                $"'payment_run_every' makes more than {Traffic.PaymentTraffic.RunsMax} payment runs");
    }

    /// <summary>When care is taken: the weight of each day is that of its month times that of its weekday.</summary>
    private static Table<int> Days(ScenarioFile file, YamlMap map, HorizonModel horizon)
    {
        var months = (horizon.Closes.Year - horizon.Opens.Year) * 12 + horizon.Closes.Month - horizon.Opens.Month + 1;
        var (byMonth, byWeekday) = (file.Weights(map, "months", months), file.Weights(map, "weekdays", 7));
        return new Table<int>([.. Enumerable.Range(0, horizon.Days).Select(day =>
        {
            var date = horizon.Opens.AddDays(day);
            return (day,
                byMonth[(date.Year - horizon.Opens.Year) * 12 + date.Month - horizon.Opens.Month]
                    * byWeekday[ScenarioReader.Weekday(date)]);
        })]);
    }

    private static ActAmounts[] Amounts(ScenarioFile file, YamlMap care)
    {
        var map = file.Section(care, "amounts", "source", "of");
        file.RequireSource(map);
        var amounts = new ActAmounts[SnakeCase<Act>.Values.Max(act => (int)act) + 1];
        foreach (var node in file.List(map, "of"))
        {
            var row = file.Map(
                node, "an amount", "act", "quantity", "dirhams", "reference", "generic", "generic_price");
            var act = file.Name<Act>(row, "act");
            if (amounts[(int)act] != default)
                throw file.Error(node, $"act '{row.Text("act")}' is there twice");
            var dirhams = file.Between(row["dirhams"], "'dirhams'", 1, 1_000_000);
            if (row.Find("generic") is not null != row.Find("generic_price") is not null)
                throw file.Error(node, "'generic' and 'generic_price' go together");
            amounts[(int)act] = new ActAmounts(
                file.Between(row["quantity"], "'quantity'", 1, 1000), new Between(dirhams.Min * 100, dirhams.Max * 100),
                row.Find("reference") is { } reference ? file.Between(reference, "'reference'", 0, 2000) : default,
                file.PerMille(row, "generic"),
                row.Find("generic_price") is { } generic ? file.Between(generic, "'generic_price'", 1, 1000) : default);
            var most = amounts[(int)act].Quantity.Max * (long)dirhams.Max * 100;
            if (most > uint.MaxValue / 2)
                throw file.Error(node, $"act '{row.Text("act")}' can cost more than a line can state");
        }

        return amounts;
    }

    private static (Table<Episode> Ordinary, Table<Episode> Chronic) Episodes(
        ScenarioFile file, YamlMap care, ActAmounts[] amounts)
    {
        var map = file.Section(care, "episodes", "source", "of");
        file.RequireSource(map);
        var (ordinary, chronic) = (new List<(Episode, long)>(), new List<(Episode, long)>());
        foreach (var node in file.List(map, "of"))
        {
            var row = file.Map(
                node, "an episode", "episode", "weight", "chronic", "third_party", "wrong_way", "way_changed", "public",
                "abroad", "approval", "units", "contracted", "emergency", "ophthalmologist", "justified", "lines");
            var approval = file.Truth(row, "approval");
            if (approval != row.Find("units") is not null)
                throw file.Error(node, "'approval' and 'units' go together");
            var episode = new Episode(
                row.Text("episode"), file.Truth(row, "third_party"), file.Truth(row, "wrong_way"),
                file.PerMille(row, "way_changed"), file.PerMille(row, "public"), file.Truth(row, "abroad"),
                approval, approval ? file.Between(row["units"], "'units'", 1, 1000) : new Between(1, 1),
                file.PerMille(row, "contracted"), file.PerMille(row, "emergency"),
                file.PerMille(row, "ophthalmologist"), file.PerMille(row, "justified"), Lines(file, row, amounts));
            ordinary.Add((episode, file.Whole(row, "weight", 0, 10_000)));
            chronic.Add((episode, file.Whole(row, "chronic", 0, 10_000)));
        }

        if (ordinary.Sum(entry => entry.Item2) == 0 || chronic.Sum(entry => entry.Item2) == 0)
            throw file.Error(map["of"], "the weights of 'episodes' are all 0");
        return (new Table<Episode>(ordinary), new Table<Episode>(chronic));
    }

    private static EpisodeLine[] Lines(ScenarioFile file, YamlMap row, ActAmounts[] amounts)
    {
        if (row["lines"] is not YamlMappingNode { Children.Count: > 0 and <= Traffic.CareFile.LinesMax - 1 } acts)
            throw file.Error(row["lines"], $"'lines' must be a mapping of 1 to {Traffic.CareFile.LinesMax - 1} acts");
        EpisodeLine[] lines = [.. acts.Children.Select(child => new EpisodeLine(
            file.NameOf<Act>(child.Key, "'lines'"),
            (int)file.WholeOf(child.Value, "'lines'", 1, 1000) * (Draws.Whole / 1000)))];
        foreach (var line in lines.Where(line => amounts[(int)line.Act] == default))
            throw file.Error(row["lines"], $"'amounts' says nothing of act '{SnakeCase<Act>.NameOf(line.Act)}'");
        return lines.Any(line => line.Chance == Draws.Whole) || lines.Length > 1
            ? lines
            : throw file.Error(row["lines"], "the only act of an episode must be certain");
    }

    private static ApprovalModel Approvals(ScenarioFile file, YamlMap care)
    {
        var map = file.Section(
            care, "approvals", "asked", "stale", "lead", "stale_lead", "decided", "answers", "late", "late_by",
            "corrected", "corrected_after", "replaced", "split", "units_over");
        return new ApprovalModel(
            file.Chance(map, "asked"), file.Chance(map, "stale"), file.Days(map, "lead"), file.Days(map, "stale_lead"),
            file.Days(map, "decided"),
            file.EnumShares<ApprovalAnswer>(map, "answers"), file.Chance(map, "late"), file.Days(map, "late_by"),
            file.Chance(map, "corrected"), file.Days(map, "corrected_after"),
            file.Chance(map, "replaced"), file.Chance(map, "split"), file.Chance(map, "units_over"));
    }

    private static ProsthesisModel Prostheses(ScenarioFile file, YamlMap care)
    {
        var map = file.Section(care, "prostheses", "elements", "teeth", "again", "again_after", "other_jaw", "earlier");
        return new ProsthesisModel(
            file.Shares(map, "elements", Count), file.Shares(map, "teeth", Count), file.Chance(map, "again"),
            file.Days(map, "again_after"), file.Chance(map, "other_jaw"), file.Chance(map, "earlier"));

        int Count(YamlNode node, string what) => (int)file.WholeOf(node, what, 1, Traffic.CareFile.JawTeeth);
    }
}
