using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;

namespace Amoe.Engine.Explaining;

/// <summary>How many units of a claim's lines its approvals cover (B10): what the claim took, given to its lines in their order.</summary>
internal static class ApprovedUnits
{
    /// <param name="student">With what the claim took.</param>
    /// <returns>For each line its quantity where no approval limits it.</returns>
    public static int[] Of(Student student, Claim claim, LineOutcome[] outcomes)
    {
        var approvals = student.Insurance?.Approvals ?? [];
        var left = Array.ConvertAll(approvals, approval => approval.TakenBy(claim.Number));
        var units = Array.ConvertAll(claim.Lines, line => (int)line.Quantity);
        for (var i = 0; i < outcomes.Length; i++)
        {
            var line = claim.Lines[i];
            for (var j = 0; !outcomes[i].IsRefused && j < approvals.Length; j++)
            {
                if (approvals[j].Act != line.Act || left[j] == 0 || !Covers(approvals[j], line, claim.Way))
                    continue;

                // One approval for a line.
                units[i] = Math.Min(line.Quantity, left[j]);
                left[j] -= units[i];
                break;
            }
        }

        return units;
    }

    /// <summary>In an emergency of a third-party claim the care may come before the approval's first day (K2).</summary>
    private static bool Covers(in Approval approval, in ClaimLine line, ClaimWay way) =>
        line.CareDate <= approval.Until
        && (line.CareDate >= approval.From || (way == ClaimWay.ThirdParty && line.Circumstances.HasFlag(Circumstances.Emergency)));
}
