using Amoe.Engine.Domain.Benefits;
using Amoe.Engine.Rules;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Domain.Claims;

/// <summary>
/// Judgement of a claim's lines, and what may follow: questions that hold it (X1, X4), appeals (X5), and judgement
/// again under what is known now (S5).
/// </summary>
internal static class Judging
{
    /// <summary>Asks the student what the lines depend on; the answer judges them.</summary>
    /// <param name="cause">Why the claim is judged again; none when it is judged for the first time.</param>
    /// <param name="learnt">What was learnt late, where that is the cause.</param>
    public static void Ask(Claim claim, RevisionCause cause, LateTruth? learnt, Rulebook rules, Decision decision)
    {
        var questions = new CoverageQuestion[claim.Lines.Length];
        for (var i = 0; i < questions.Length; i++)
            questions[i] = QuestionOf(claim, i, cause, learnt, rules);
        decision.Send(new CheckCoverage(claim.Number, claim.Provider, claim.Lines, questions)
        {
            Cause = cause,
            Learnt = learnt,
            Former = claim.Outcomes,
            SameLines = claim.SameLines,
            SimilarLines = claim.SimilarLines,
        });
    }

    [Rule("K3", "B11", "B12")]
    public static void Adjudicate(Claim claim, CoverageAnswer answer, Rulebook rules, Decision decision)
    {
        // Asked twice, answered twice: only the first answer decides.
        if (claim.Status != ClaimStatus.Received)
            return;
        var (outcomes, shared) = (new LineOutcome[claim.Lines.Length], 0U);
        for (var i = 0; i < outcomes.Length; i++)
        {
            outcomes[i] = Adjudication.Price(claim.Lines[i], claim.Way, claim.DepositedOn, answer.Lines[i], rules);
            shared |= claim.Way == ClaimWay.ThirdParty && !answer.Lines[i].ExemptFromShare ? 1U << i : 0;
        }

        if ((answer.SameLines | answer.SimilarLines) != 0)
            decision.Emit(new DuplicatesFound(claim.Number, answer.SameLines, answer.SimilarLines));
        decision.Emit(new ClaimAdjudicated(claim.Number, outcomes, shared));
        Conclude(claim, new Standing(answer.Student, outcomes, claim.Marks, answer.SimilarLines), rules, decision);

        // The file may come after that of a later prosthesis.
        if (Array.Exists(claim.Lines, line => Repeats.IsProsthesis(line.Act)))
            TellLaterProstheses(claim, ~DuplicatesAmong(outcomes), areWithdrawn: false, decision);
    }

    private static uint DuplicatesAmong(LineOutcome[] outcomes)
    {
        var lines = 0u;
        for (var i = 0; i < outcomes.Length; i++)
            lines |= outcomes[i].Reason == Reason.DuplicateLine ? 1u << i : 0;
        return lines;
    }

    /// <summary>Has later prostheses of the student judged again (B6).</summary>
    /// <param name="lines">The lines of which the prostheses are reported, a bit each.</param>
    private static void TellLaterProstheses(Claim claim, uint lines, bool areWithdrawn, Decision decision)
    {
        var prostheses =
            claim.Lines.Where((line, i) => Repeats.IsProsthesis(line.Act) && (lines & 1u << i) != 0).ToArray();
        if (prostheses.Length > 0)
            decision.Send(new ProsthesesLearnt(claim.Number, prostheses, areWithdrawn));
    }

    /// <summary>
    /// Judges lines again: all of them, or those that something learnt late concerns. What a physician refused only an
    /// appeal judges again.
    /// </summary>
    [Rule("B11", "S5", "X5")]
    public static void JudgeAgain(Claim claim, CoverageAnswer answer, Rulebook rules, Decision decision)
    {
        var (question, cause) = (answer.Question, answer.Question.Cause);
        var outcomes = claim.Outcomes.ToArray();
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (question.Stays(i, answer.Lines[i].Reason))
                continue;
            var isShared = (claim.SharedLines & 1U << i) != 0;
            outcomes[i] = Adjudication.Price(
                claim.Lines[i], claim.Way, claim.DepositedOn, answer.Lines[i], rules, isShared);
        }

        if ((answer.SameLines, answer.SimilarLines) != (claim.SameLines, claim.SimilarLines))
            decision.Emit(new DuplicatesFound(claim.Number, answer.SameLines, answer.SimilarLines));
        var isAnswer = cause != RevisionCause.LateFact
            || (question.Learnt is ProsthesesLearnt learnt && learnt.Of == claim.Number);
        Revise(
            claim, cause, new Standing(answer.Student, outcomes, claim.Marks, answer.SimilarLines), rules, decision,
            isAnswer);
    }

    /// <summary>The physician decides on a claim held for review.</summary>
    [Rule("X4")]
    public static void Review(Claim claim, ReviewClaim c, Rulebook rules, Decision decision)
    {
        if (claim.Status != ClaimStatus.HeldForReview)
        {
            decision.Refuse(Reason.ClaimNotHeld);
            return;
        }

        var outcomes = claim.Outcomes;
        if (!c.Granted)
            outcomes = Array.ConvertAll(
                outcomes,
                outcome => outcome.AmountCentimes > 0 ? new LineOutcome(Reason.MedicalControlRefused, 0) : outcome);
        Release(
            claim, RevisionCause.Review, c.Granted, new Standing(c.Student, outcomes, claim.Marks, claim.SimilarLines),
            rules, decision);
    }

    /// <summary>It is decided whether the lines that look like earlier ones are the same care.</summary>
    [Rule("X1", "B6")]
    public static void Resolve(Claim claim, ResolveDuplicate c, Rulebook rules, Decision decision)
    {
        if (claim.Status != ClaimStatus.HeldAsDuplicate)
        {
            decision.Refuse(Reason.ClaimNotHeld);
            return;
        }

        var outcomes = claim.Outcomes.ToArray();
        for (var i = 0; c.IsDuplicate && i < outcomes.Length; i++)
            outcomes[i] = (claim.SimilarLines & 1u << i) != 0 ? new LineOutcome(Reason.DuplicateLine, 0) : outcomes[i];
        Release(
            claim, RevisionCause.Duplicate, !c.IsDuplicate, new Standing(c.Student, outcomes, claim.Marks, 0), rules,
            decision);

        // A bridge that was claimed before is fitted once: those that it made too recent may not be.
        if (c.IsDuplicate)
            TellLaterProstheses(claim, claim.SimilarLines, areWithdrawn: true, decision);
    }

    [Rule("X5")]
    public static void Appeal(Claim claim, Decision decision)
    {
        if (!claim.IsJudged || claim.IsHeld)
            decision.Refuse(Reason.ClaimNotComplete);
        else if (claim.Marks.HasFlag(ClaimMarks.Appealed))
            decision.Refuse(Reason.AlreadyAppealed);
        else if (Array.TrueForAll(claim.Outcomes, outcome => outcome.Reason == Reason.None))
            decision.Refuse(Reason.NothingToAppeal);
        else
            decision.Emit(new ClaimAppealed(claim.Number));
    }

    /// <summary>
    /// An appeal that is granted judges every line again, those a physician refused too, and no review follows.
    /// </summary>
    [Rule("X5")]
    public static void DecideAppeal(Claim claim, DecideAppeal c, Rulebook rules, Decision decision)
    {
        if (!claim.Marks.HasFlag(ClaimMarks.AppealPending))
        {
            decision.Refuse(Reason.NotAppealed);
            return;
        }

        decision.Emit(new AppealDecided(claim.Number, c.Granted));
        if (c.Granted)
            Ask(claim, RevisionCause.Appeal, null, rules, decision);
        else
            Say(claim.Marks, claim.PayableCentimes, decision);
    }

    [Rule("S5")]
    public static void Reopen(Claim claim, Rulebook rules, Decision decision)
    {
        if (!claim.IsJudged || claim.IsHeld || claim.Marks.HasFlag(ClaimMarks.AppealPending))
        {
            decision.Refuse(Reason.NothingToReopen);
            return;
        }

        decision.Emit(new ClaimReopened(claim.Number));
        Ask(claim, RevisionCause.Reopened, null, rules, decision);
    }

    private static CoverageQuestion QuestionOf(
        Claim claim, int index, RevisionCause cause, LateTruth? learnt, Rulebook rules)
    {
        ref readonly var line = ref claim.Lines[index];
        var isFirst = cause == RevisionCause.None;
        var former = isFirst ? default : claim.Outcomes[index];
        var inForce = rules.On(line.CareDate);

        // Only a clinic that asks for cover may ask after the care (K2); the medical control's approval comes before it
        // (B10).
        var emergency = claim.Way == ClaimWay.ThirdParty && line.Circumstances.HasFlag(Circumstances.Emergency);
        var needsApproval = Adjudication.NeedsApproval(line, claim.Way, claim.DepositedOn, rules);

        // A line that a physician refused had its units before he did, and has them still: they are not another line's.
        var holdsUnits = needsApproval
            && !isFirst
            && (!former.IsRefused || former.Reason == Reason.MedicalControlRefused);

        // Of a line that is paid only that is looked at again which is known better.
        var isPaid = learnt is not null && !former.IsRefused;
        return new CoverageQuestion(line.CareDate, line.Act, line.Quantity, needsApproval, emergency)
        {
            Scope = isFirst ? QuestionScope.Line : ScopeOf(claim, index, cause, learnt),
            Refusal = Adjudication.Validate(line, claim.Way, claim.DepositedOn, rules),
            Compared = inForce.DuplicatesChecked && (isFirst || former.IsRefused),
            HoldsUnits = holdsUnits,
            TakesMore = holdsUnits && (learnt is null or ApprovalsChanged),
            RenewalYears = Repeats.IsProsthesis(line.Act) && (!isPaid || learnt is ProsthesesLearnt)
                ? inForce.ProsthesisRenewalYears
                : 0,
        };
    }

    /// <summary>
    /// What of a line is decided again. What a decision on duplicates refused stays refused; what a physician did, but
    /// for an appeal.
    /// </summary>
    [Rule("S5", "X1", "X5")]
    private static QuestionScope ScopeOf(Claim claim, int index, RevisionCause cause, LateTruth? learnt)
    {
        var former = claim.Outcomes[index];
        if (former.Reason == Reason.DuplicateLine
            || (former.Reason == Reason.MedicalControlRefused && cause != RevisionCause.Appeal))
            return QuestionScope.Nothing;
        if (learnt?.Concerns(claim, claim.Lines[index], former) == false)
            return QuestionScope.Nothing;
        return learnt is CoverageChanged && former.IsRefused ? QuestionScope.Entitlement : QuestionScope.Line;
    }

    /// <summary>A question that held the claim is answered.</summary>
    private static void Release(
        Claim claim, RevisionCause cause, bool granted, in Standing standing, Rulebook rules, Decision decision)
    {
        decision.Emit(new ClaimReleased(claim.Number, granted));
        Revise(
            claim, cause,
            standing with { Marks = claim.Marks & ~(ClaimMarks.HeldAsDuplicate | ClaimMarks.HeldForReview) }, rules,
            decision);
    }

    /// <summary>Emits what differs in the lines' outcomes, and concludes the claim's status.</summary>
    /// <param name="isAnswer">
    /// True when that is what the command is answered: false for a command that is another actor's.
    /// </param>
    private static void Revise(
        Claim claim, RevisionCause cause, in Standing standing, Rulebook rules, Decision decision, bool isAnswer = true)
    {
        var isRevised = !standing.Outcomes.AsSpan().SequenceEqual(claim.Outcomes);
        if (isRevised)
        {
            var due = standing.DueCentimes(claim);
            var waits = due == 0 || IsHeld(standing.Marks) || QuestionFor(claim, standing, rules) != ClaimMarks.None;
            decision.Emit(new ClaimRevised(claim.Number, cause, waits ? 0 : due, claim.Outcomes, standing.Outcomes));
        }

        // What a late fact leaves as it was is not even looked at.
        if (isRevised || cause != RevisionCause.LateFact)
            Conclude(claim, standing, rules, decision, isAnswer);
    }

    /// <summary>
    /// Concludes the status after any adjudication: overpaid or not, held by a question not put before, payable or not.
    /// </summary>
    /// <param name="isAnswer">
    /// True when that is what the command is answered: false for a command that is another actor's.
    /// </param>
    [Rule("X1", "X4", "X7")]
    private static void Conclude(
        Claim claim, in Standing standing, Rulebook rules, Decision decision, bool isAnswer = true)
    {
        Paying.Owe(claim, claim.OwnPayee, standing.AccountOf(claim, claim.OwnPayee), decision);
        if (claim.Way == ClaimWay.ThirdParty)
            Paying.Owe(claim, Payee.Student, standing.AccountOf(claim, Payee.Student), decision);
        var marks = standing.Marks;
        if (!IsHeld(marks) && QuestionFor(claim, standing, rules) is not ClaimMarks.None and var question)
        {
            decision.Emit(new ClaimHeld(claim.Number, AsDuplicate: question == ClaimMarks.HeldAsDuplicate));
            marks |= question;
        }

        if (isAnswer)
            Say(marks, standing.PayableCentimes, decision);
    }

    private static void Say(ClaimMarks marks, long payableCentimes, Decision decision)
    {
        if (marks.HasFlag(ClaimMarks.HeldAsDuplicate))
            decision.Conclude(Outcome.ClaimHeld, Reason.PossibleDuplicate);
        else if (marks.HasFlag(ClaimMarks.HeldForReview))
            decision.Conclude(Outcome.ClaimHeld, Reason.PhysicianReview);
        else
            decision.Conclude(payableCentimes > 0 ? Outcome.ClaimPayable : Outcome.ClaimNothingPayable);
    }

    /// <summary>
    /// The question to be put before anything more is paid, or none: each is put once in a claim's life.
    /// </summary>
    private static ClaimMarks QuestionFor(Claim claim, in Standing standing, Rulebook rules)
    {
        if (standing.DueCentimes(claim) == 0)
            return ClaimMarks.None;
        for (var i = 0; standing.SimilarLines != 0
            && !standing.Marks.HasFlag(ClaimMarks.DuplicateAsked)
            && i < standing.Outcomes.Length; i++)
        {
            if ((standing.SimilarLines & 1u << i) != 0 && standing.Outcomes[i].AmountCentimes > 0)
                return ClaimMarks.HeldAsDuplicate;
        }

        return !standing.Marks.HasFlag(ClaimMarks.ReviewAsked)
            && IsReviewed(claim, standing.Student, rules.On(claim.DepositedOn))
            ? ClaimMarks.HeldForReview
            : ClaimMarks.None;
    }

    private static bool IsReviewed(Claim claim, StudentId student, RulesInForce rules)
    {
        var claimed = 0L;
        foreach (ref readonly var line in claim.Lines.AsSpan())
            claimed += line.PaidCentimes;
        return claimed > rules.ReviewAboveCentimes
            || ReviewSample.IsDrawn(student, claim.Number, rules.ReviewShareBasisPoints);
    }

    private static bool IsHeld(ClaimMarks marks) =>
        (marks & (ClaimMarks.HeldAsDuplicate | ClaimMarks.HeldForReview)) != 0;

    /// <summary>What a claim comes to be by a judgement.</summary>
    private readonly record struct Standing(
        StudentId Student, LineOutcome[] Outcomes, ClaimMarks Marks, uint SimilarLines)
    {
        public long PayableCentimes { get; } = LineOutcome.Sum(Outcomes);

        private long RefundCentimes { get; } = LineOutcome.SumOfRefunds(Outcomes);

        /// <summary>A payee's account once the lines are decided so.</summary>
        public PayeeAccount AccountOf(Claim claim, Payee payee) =>
            claim.AccountOf(payee) with
            {
                PayableCentimes = payee == claim.OwnPayee ? PayableCentimes - RefundCentimes : RefundCentimes
            };

        /// <summary>What is to be paid then to either payee.</summary>
        public long DueCentimes(Claim claim) =>
            AccountOf(claim, claim.OwnPayee).DueCentimes
                + (claim.Way == ClaimWay.ThirdParty ? AccountOf(claim, Payee.Student).DueCentimes : 0);
    }
}
