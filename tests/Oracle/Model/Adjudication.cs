using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Vocabulary;

namespace Amoe.Oracle.Model;

/// <summary>
/// Adjudicates and readjudicates the lines of a student's claims (K3, B1-B12, X1, X4, X5, S5).
/// </summary>
internal sealed class Adjudication(Scheme scheme, Sums sums, Person person)
{
    public OracleReply Receive(ClaimFile claim)
    {
        if (claim.Missing != FileItems.None)
            return OracleReply.Refused(Reason.ClaimNotComplete);
        if (claim.IsReceived)
            return OracleReply.Refused(Reason.ClaimAlreadyReceived);
        claim.IsReceived = true;
        var standing = new EntitledDays(person, scheme);
        foreach (var line in claim.Lines)
        {
            LookAtStanding(line, standing);
            line.BoreShare = claim.IsThirdParty && !line.IsExempt;
            Compare(
                claim, line, claim.Lines.TakeWhile(other => other != line),
                other => !IsFormal(other.Reason) && other.Reason != Reason.DuplicateLine);
            Judge(claim, line);
        }

        sums.Adjudicated(claim);
        var reply = Conclude(claim);
        JudgeProsthesesAgain(claim);
        return reply;
    }

    public OracleReply Resolve(ClaimFile claim, bool isDuplicate)
    {
        if (claim.Hold != Hold.PossibleDuplicate)
            return OracleReply.Refused(Reason.ClaimNotHeld);
        claim.Hold = Hold.None;
        var repeated = isDuplicate ? claim.Lines.Where(line => line.IsSimilar).ToList() : [];
        foreach (var line in repeated)
        {
            line.IsDuplicate = true;
            line.Decide(Reason.DuplicateLine);
        }

        // Whichever it is, it is known now.
        foreach (var line in claim.Lines)
            line.IsSimilar = false;

        Conclude(claim);
        Revise((other, line) =>
        {
            if (IsFreed(line, repeated))
                Free(other, line);
        });
        return AsItStands(claim);
    }

    public OracleReply Review(ClaimFile claim, bool isGranted)
    {
        if (claim.Hold != Hold.PhysicianReview)
            return OracleReply.Refused(Reason.ClaimNotHeld);
        claim.Hold = Hold.None;
        if (!isGranted)
        {
            foreach (var line in claim.Lines.Where(line => line.Amount > 0))
                line.Decide(Reason.MedicalControlRefused);
        }

        return Conclude(claim);
    }

    public static OracleReply Appeal(ClaimFile claim)
    {
        if (!claim.IsReceived || claim.IsHeld)
            return OracleReply.Refused(Reason.ClaimNotComplete);
        if (claim.WasAppealed)
            return OracleReply.Refused(Reason.AlreadyAppealed);
        if (claim.Lines.All(line => line.Reason == Reason.None))
            return OracleReply.Refused(Reason.NothingToAppeal);
        (claim.WasAppealed, claim.AppealIsOpen) = (true, true);
        return OracleReply.Done;
    }

    public OracleReply DecideAppeal(ClaimFile claim, bool isGranted)
    {
        if (!claim.AppealIsOpen)
            return OracleReply.Refused(Reason.NotAppealed);
        claim.AppealIsOpen = false;
        if (!isGranted)
            return AsItStands(claim);

        // No physician's review follows, not even one that a late fact had put meanwhile.
        claim.WasAskedOfPhysician = true;
        if (claim.Hold == Hold.PhysicianReview)
            claim.Hold = Hold.None;
        JudgeAgain(claim, claim.Lines);
        return Conclude(claim);
    }

    public OracleReply Reopen(ClaimFile claim)
    {
        if (!claim.IsReceived || claim.IsHeld || claim.AppealIsOpen)
            return OracleReply.Refused(Reason.NothingToReopen);
        JudgeAgain(claim, claim.Lines.Where(line => line.Reason != Reason.MedicalControlRefused));
        return Conclude(claim);
    }

    /// <summary>
    /// After a fact: the entitlement and the exemption of every adjudicated line, as known now (S5).
    /// </summary>
    public void JudgeStandingsAgain()
    {
        if (person.Claims.Count == 0)
            return;
        var standing = new EntitledDays(person, scheme);
        sums.RevisedByFacts += Revise((claim, line) =>
        {
            var former = line.Standing;
            if (!LookAtStanding(line, standing))
                return;
            if (line.IsRefused && line.Standing != former)
                JudgeRefusedAgain(claim, line);
            else
                Judge(claim, line);
        });
    }

    /// <summary>
    /// After a decision on approval: lines that have units of the act, or lack them, under the approvals as known now
    /// (B10).
    /// </summary>
    public void JudgeApprovalsAgain(Approval decided)
    {
        var concerned = person.Claims.Values.SelectMany(claim => claim.Lines)
            .Where(line =>
                line.Act.Act == decided.Act
                    && (Approvals.IsReason(line.Reason) || line.Reason == Reason.None && line.UnitsTaken > 0))
                        .ToHashSet();
        Approvals.GiveBack(person, decided);
        sums.RevisedByApprovals += Revise((claim, line) =>
        {
            if (!concerned.Contains(line))
                return;
            if (line.IsRefused)
            {
                JudgeRefusedAgain(claim, line);
                return;
            }

            line.Merits = Approvals.Take(person, claim, line);
            Judge(claim, line);
        });
    }

    /// <summary>
    /// After a claim with a prosthesis: whether later ones at the same place are too recent now (B6).
    /// </summary>
    private void JudgeProsthesesAgain(ClaimFile received) => sums.RevisedByProstheses += Revise((claim, line) =>
    {
        if (claim == received
            || !received.Lines.Any(earlier =>
                earlier.Reason != Reason.DuplicateLine && Prostheses.IsLaterAtThePlace(line, earlier)))
            return;

        // What is refused for a reason that comes first stays refused for it.
        if (line.Reason == Reason.ProsthesisTooRecent || line.IsRefused && Approvals.IsReason(line.Reason))
        {
            JudgeRefusedAgain(claim, line);
        }
        else if (!line.IsRefused && new Prostheses(scheme, person).IsTooRecent(line))
        {
            line.Merits = Reason.ProsthesisTooRecent;
            Judge(claim, line);
        }
    });

    /// <summary>
    /// An older prosthesis that made it too recent proved to be one that had been claimed before: it counts no longer
    /// (B6, X1).
    /// </summary>
    private static bool IsFreed(Line line, List<Line> repeated) =>
        line.Reason == Reason.ProsthesisTooRecent
            && repeated.Exists(earlier => Prostheses.IsLaterAtThePlace(line, earlier));

    private void Free(ClaimFile claim, Line line)
    {
        JudgeRefusedAgain(claim, line);
        sums.ProsthesesFreed += line.Reason == Reason.ProsthesisTooRecent ? 0 : 1;
    }

    /// <summary>
    /// Readjudicates lines of received claims, in the order of their numbers, and counts the claims that it revises. A
    /// line that a physician or a decision on duplicates refused stays refused.
    /// </summary>
    private int Revise(Action<ClaimFile, Line> judge)
    {
        var revised = 0;
        foreach (var claim in person.Claims.Values.Where(claim => claim.IsReceived))
        {
            var isRevised = false;
            foreach (var line in claim.Lines.Where(line =>
                line.Reason is not (Reason.MedicalControlRefused or Reason.DuplicateLine)))
            {
                var former = (line.Reason, line.Amount, line.Refund);
                judge(claim, line);
                isRevised |= former != (line.Reason, line.Amount, line.Refund);
            }

            revised += isRevised ? 1 : 0;
            if (isRevised && !claim.IsHeld)
                Conclude(claim);
            if (isRevised && claim.IsThirdParty)
                sums.Note(claim.AccountOf(PaidTo.Provider)!, claim.AccountOf(PaidTo.Student)!);
        }

        return revised;
    }

    /// <summary>Every line again. What is a duplicate stays one.</summary>
    private void JudgeAgain(ClaimFile claim, IEnumerable<Line> lines)
    {
        var standing = new EntitledDays(person, scheme);
        foreach (var line in lines.Where(line => line.Reason != Reason.DuplicateLine))
        {
            LookAtStanding(line, standing);
            if (line.IsRefused)
            {
                JudgeRefusedAgain(claim, line);
                continue;
            }

            line.Merits = null;
            Judge(claim, line);
        }
    }

    /// <summary>
    /// Readjudicates a refused line: the same care may have been presented meanwhile, and be paid, or refused by a
    /// physician.
    /// </summary>
    private void JudgeRefusedAgain(ClaimFile claim, Line line)
    {
        line.Merits = null;
        Compare(
            claim, line, claim.Lines.Where(other => other != line),
            other => !other.IsRefused || other.Reason == Reason.MedicalControlRefused);
        Judge(claim, line);
    }

    /// <summary>
    /// True when it has changed. An entitlement period of other days changes nothing of a day without one.
    /// </summary>
    private bool LookAtStanding(Line line, EntitledDays standing)
    {
        var (reason, isExempt) = (line.Standing, line.IsExempt);
        line.Standing = standing.Validate(line.Act.CareDate);
        line.IsExempt = Facts.IsExempt(person, line.Act.CareDate);

        // Of a line without entitlement nothing else was decided: once it is entitled, all the rest is.
        if (line.Standing != Reason.None)
            line.Merits = null;
        return isExempt != line.IsExempt
            || reason != line.Standing && !(IsWithoutRight(reason) && IsWithoutRight(line.Standing));
    }

    private static bool IsWithoutRight(Reason reason) =>
        reason is Reason.NeverEntitled or Reason.CareBeforeRight or Reason.CareAfterRight;

    private void Judge(ClaimFile claim, Line line)
    {
        if (line.Standing != Reason.None)
        {
            line.Decide(line.Standing);
            return;
        }

        var reason = line.Merits ??= MeritsOf(claim, line);
        var amount = AmountOf(line, line.IsExempt);

        // Exempt since: the provider is due what it was, and the student, who bore the rest, is repaid that (B11).
        line.Decide(reason, amount, line.BoreShare ? amount - AmountOf(line, isExempt: false) : 0);
    }

    /// <summary>The reason against a line, or against a part of it, apart from the student's coverage.</summary>
    private Reason MeritsOf(ClaimFile claim, Line line)
    {
        var act = line.Act;
        if (new Files(scheme, sums).IsTooLate(claim, act))
            return Reason.LateFiling;
        if (scheme.TermsOf(act.Act, act.Sector, act.CareDate) is not { } terms)
            return NotCovered(act);
        if (claim.IsThirdParty && !Scheme.MayBeThirdParty(act.Act))
            return Reason.ThirdPartyNotAllowed;
        if (!claim.IsThirdParty && Scheme.IsThirdPartyOnly(act.Act))
            return Reason.ThirdPartyOnly;
        if (ConditionFailed(act) is var condition and not Reason.None)
            return condition;
        if (terms.Base == Base.Stated && line.Stated == 0)
            return Reason.ReferenceMissing;
        if (line.IsDuplicate)
            return Reason.DuplicateLine;
        return new Prostheses(scheme, person).IsTooRecent(line) ? Reason.ProsthesisTooRecent : OfApproval(claim, line);
    }

    private Reason OfApproval(ClaimFile claim, Line line) =>
        Approvals.IsNeeded(scheme, claim, line.Act) ? Approvals.Take(person, claim, line) : Reason.None;

    private Reason NotCovered(in ClaimLine act)
    {
        if (act.Act == Act.NonReimbursableMedicine)
            return IsCoveredAnywhere(act) ? Reason.SectorNotCovered : Reason.MedicineNotReimbursable;
        return IsCoveredAnywhere(act) ? Reason.SectorNotCovered : Reason.ActNotCovered;
    }

    private bool IsCoveredAnywhere(ClaimLine act) =>
        Enum.GetValues<CareSector>().Any(sector => scheme.TermsOf(act.Act, sector, act.CareDate) is not null);

    private static Reason ConditionFailed(in ClaimLine act)
    {
        var circumstances = act.Circumstances;
        return act.Act switch
        {
            Act.Glasses when !circumstances.HasFlag(Circumstances.Ophthalmologist) =>
                Reason.NoOphthalmologistConsultation,
            Act.LaserOrRetinalAngiography when !circumstances.HasFlag(Circumstances.Ophthalmologist) =>
                Reason.NotByOphthalmologist,
            Act.HospitalStay when act.Sector == CareSector.Private
                && !circumstances.HasFlag(Circumstances.ContractedClinic) => Reason.ClinicNotContracted,
            Act.CareAbroad when !circumstances.HasFlag(Circumstances.AbroadJustified) => Reason.AbroadNotJustified,
            _ => Reason.None,
        };
    }

    /// <summary>
    /// B11: min(paid, base) x rate, half up once for the line; of an approval's part, the units' share of it.
    /// </summary>
    private decimal AmountOf(Line line, bool isExempt)
    {
        if (line.Merits is not (Reason.None or Reason.ApprovalCoversLess))
            return 0;
        var terms = scheme.TermsOf(line.Act.Act, line.Act.Sector, line.Act.CareDate)!;
        var most = terms.Base switch
        {
            Base.PerUnit => terms.Dirhams * line.Act.Quantity,
            Base.Flat => terms.Dirhams,
            Base.Stated => line.Stated,
            _ => line.Spent,
        };
        var amount = Math.Min(line.Spent, most) * (isExempt ? 1.00m : terms.Rate);
        if (line.Merits == Reason.ApprovalCoversLess)
            amount = amount * line.UnitsTaken / line.Act.Quantity;
        return Math.Round(amount, 2, MidpointRounding.AwayFromZero);
    }

    /// <summary>X1: whether a line is the same as another, or but for the amount.</summary>
    private void Compare(ClaimFile claim, Line line, IEnumerable<Line> ofThisClaim, Func<Line, bool> counts)
    {
        var like = person.Claims.Values.Where(other =>
            other != claim && other.IsReceived && other.Provider == claim.Provider)
            .SelectMany(other => other.Lines).Concat(ofThisClaim)
            .Where(other =>
                (other.Act.CareDate, other.Act.Act) == (line.Act.CareDate, line.Act.Act) && claim.Provider != 0)
                    .ToList();
        if (like.Exists(other => IsFormal(other.Reason)))
            sums.PresentedAgain++;
        like.RemoveAll(other => !counts(other));
        line.IsDuplicate = like.Exists(other => other.Spent == line.Spent);
        line.IsSimilar = !line.IsDuplicate && like.Count > 0;
    }

    private static bool IsFormal(Reason reason) =>
        reason is Reason.ThirdPartyNotAllowed or Reason.ThirdPartyOnly or Reason.ReferenceMissing
            or Reason.ApprovalMissing or Reason.ApprovalLapsed or Reason.ApprovalExhausted;

    /// <summary>Where something is due: questions that were never put are put first, each once (X1, X4).</summary>
    private OracleReply Conclude(ClaimFile claim)
    {
        if (claim.IsDue)
        {
            if (!claim.WasAskedOfDuplicates && claim.Lines.Any(line => line.IsSimilar && line.Amount > 0))
                (claim.Hold, claim.WasAskedOfDuplicates) = (Hold.PossibleDuplicate, true);
            else if (!claim.WasAskedOfPhysician && IsForPhysician(claim))
                PutToPhysician(claim);
        }

        return AsItStands(claim);
    }

    private void PutToPhysician(ClaimFile claim)
    {
        (claim.Hold, claim.WasAskedOfPhysician) = (Hold.PhysicianReview, true);
        sums.Reviews++;
    }

    private bool IsForPhysician(ClaimFile claim) => claim.Billed > scheme.ReviewAbove.On(claim.DepositedOn)
        || ReviewSample.IsDrawn(person.Id, claim.Number, scheme.ReviewBasisPoints.On(claim.DepositedOn));

    private static OracleReply AsItStands(ClaimFile claim) => claim switch
    {
        { Hold: Hold.PossibleDuplicate } => new OracleReply(Outcome.ClaimHeld, Reason.PossibleDuplicate),
        { Hold: Hold.PhysicianReview } => new OracleReply(Outcome.ClaimHeld, Reason.PhysicianReview),
        { Payable: > 0 } => new OracleReply(Outcome.ClaimPayable),
        _ => new OracleReply(Outcome.ClaimNothingPayable),
    };
}
