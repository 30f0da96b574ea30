using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Benefits;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Explaining;

/// <summary>
/// How many units of a claim's lines its approvals cover (B10): what the claim has, given to the lines paid in full,
/// then to those paid in part.
/// </summary>
internal static class ApprovedUnits
{
    /// <param name="student">With what the claim has.</param>
    /// <returns>For each line its quantity where no approval limits it.</returns>
    public static int[] Of(Student student, Claim claim, LineOutcome[] outcomes, Rulebook rules)
    {
        var approvals = (student.Insurance?.Approvals ?? []).Where(approval => approval.Units > 0)
            .OrderBy(approval => approval.Holding!.Value.From)
            .ToArray();
        var left = Array.ConvertAll(approvals, approval => approval.TakenBy(claim.Number));
        var units = Array.ConvertAll(claim.Lines, line => (int)line.Quantity);
        var paid = Enumerable.Range(0, outcomes.Length)
            .Where(i =>
                !outcomes[i].IsRefused
                    && Adjudication.NeedsApproval(claim.Lines[i], claim.Way, claim.DepositedOn, rules))
            .OrderBy(i => outcomes[i].Reason == Reason.ApprovalCoversLess);
        foreach (var i in paid)
        {
            var line = claim.Lines[i];
            var covered = 0;
            for (var j = 0; j < approvals.Length; j++)
            {
                if (approvals[j].Act != line.Act
                    || !approvals[j].IsInForce(line.CareDate, IsEmergency(line, claim.Way)))
                    continue;
                var part = Math.Min(line.Quantity - covered, left[j]);
                left[j] -= part;
                covered += part;
            }

            if (covered > 0)
                units[i] = covered;
        }

        return units;
    }

    /// <summary>
    /// In an emergency of a third-party claim the care may come before the approval's first day (K2).
    /// </summary>
    private static bool IsEmergency(in ClaimLine line, ClaimWay way) =>
        way == ClaimWay.ThirdParty && line.Circumstances.HasFlag(Circumstances.Emergency);
}
