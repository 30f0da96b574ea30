using Amoe.Engine.Text;

namespace Amoe.Simulator.Scenarios;

/// <summary>
/// Reads the parts of a scenario that are about what does not go the straight way: late and wrong facts, held claims,
/// appeals, payments that come back.
/// </summary>
internal static class DetourReader
{
    public static LateFactModel LateFacts(ScenarioFile file, YamlMap root)
    {
        var map = file.Section(root, "late_facts", "share", "by", "wrong", "wrong_by", "taken_back_after");
        return new LateFactModel(
            file.Chance(map, "share"), file.Days(map, "by"), file.Chance(map, "wrong"), file.Days(map, "wrong_by"),
            file.Days(map, "taken_back_after"));
    }

    public static DetourModel Detours(ScenarioFile file, YamlMap root)
    {
        var map = file.Section(
            root, "detours", "review_after", "review_granted", "duplicates", "duplicate_after", "other_amount",
            "resolve_after", "is_duplicate", "looks_duplicate",
            "presented_again", "presented_after", "appeals", "appeals_in_part", "appeal_after", "appeal_decided",
            "appeal_granted", "reopens", "reopen_after",
            "account_closed", "closed_after", "order_unclaimed", "unclaimed_after", "first_returned", "account_lost",
            "reissued", "reissue_after", "pays_back", "pays_back_after", "instalment_dirhams", "instalment_every");
        return new DetourModel(
            file.Days(map, "review_after"), file.Chance(map, "review_granted"),
            file.Chance(map, "duplicates"), file.Days(map, "duplicate_after"), file.Chance(map, "other_amount"),
            file.Days(map, "resolve_after"), file.Chance(map, "is_duplicate"),
            file.Chance(map, "looks_duplicate"),
            file.Chance(map, "presented_again"), file.Days(map, "presented_after"),
            file.Chance(map, "appeals"), file.Chance(map, "appeals_in_part"), file.Days(map, "appeal_after"),
            file.Days(map, "appeal_decided"), file.Chance(map, "appeal_granted"),
            file.Chance(map, "reopens"), file.Days(map, "reopen_after"),
            file.Chance(map, "account_closed"), file.Days(map, "closed_after"), file.Chance(map, "order_unclaimed"),
            file.Days(map, "unclaimed_after"),
            file.Chance(map, "first_returned"), file.Chance(map, "account_lost"), file.Chance(map, "reissued"),
            file.Days(map, "reissue_after"),
            file.Chance(map, "pays_back"), file.Days(map, "pays_back_after"),
            file.Number(map, "instalment_dirhams", 1, 10_000) * 100, file.Number(map, "instalment_every", 1, 366));
    }
}
