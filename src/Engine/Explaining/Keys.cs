namespace Amoe.Engine.Explaining;

/// <summary>
/// The keys of messages that code uses by name; the others follow from members of enums, parameters and rules
/// (Explaining/Catalogues.targets). The build reads them here. A key that a catalogue lacks, or that has none of these
/// origins, is a build error.
/// </summary>
internal static class Keys
{
    /// <summary>Every rule of the scheme; each has its text under "rule.".</summary>
    public const string RuleIds =
        "P1 P2 P3 P4 P5 P6 P7 P8 E1 E2 E3 E4 D1 D2 D3 D4 D5 D6 D7 D8 D9 C1 C2 C3 C4 C5 S1 S2 S3 S4 S5 " +
        "K1 K2 K3 K4 K5 K6 K7 K8 B1 B2 B3 B4 B5 B6 B7 B8 B9 B10 B11 B12 T1 T2 T3 T4 T5 T6 T7 T8 X1 X2 X3 X4 X5 X6 X7 X8";

    public const string StudentAsKnown = "student.as_known";
    public const string StudentFacts = "student.facts";
    public const string StudentClaims = "student.claims";
    public const string ClaimSummary = "student.claim";
    public const string ClaimSummaryNotPriced = "student.claim_not_priced";
    public const string StudentBalance = "student.balance";
    public const string StudentOwes = "student.owes";
    public const string StudentIsDue = "student.is_due";
    public const string StudentIsDueOnceDecided = "student.is_due_once_decided";
    public const string StudentInTransit = "student.in_transit";
    public const string StudentOwesContribution = "student.owes_contribution";
    public const string StudentContributionOnItsWay = "student.contribution_on_its_way";
    public const string ClaimNumber = "student.claim_number";
    public const string StudentHeld = "student.held";

    public const string BalancePaid = "balance.paid";
    public const string BalanceSetOff = "balance.set_off";
    public const string BalanceRecovered = "balance.recovered";
    public const string BalanceInTransit = "balance.in_transit";
    public const string BalanceNotDueInTransit = "balance.not_due_in_transit";
    public const string BalanceDue = "balance.due";
    public const string BalanceHeld = "balance.held";
    public const string BalanceRefunded = "balance.refunded";
    public const string BalanceRefundDue = "balance.refund_due";
    public const string BalanceRefundHeld = "balance.refund_held";
    public const string BalanceOwedByStudent = "balance.owed_by_student";
    public const string BalanceOwedByProvider = "balance.owed_by_provider";
    public const string BalanceNothing = "balance.nothing";

    public const string EntitlementYes = "entitlement.yes";
    public const string EntitlementNo = "entitlement.no";
    public const string Entitled = "entitlement.entitled";
    public const string EntitledExempt = "entitlement.entitled_exempt";

    public const string AnswerHistory = "answer.history";
    public const string AnswerLearnt = "answer.learnt";
    public const string FactLearnt = "answer.fact_learnt";
    public const string LearntLate = "answer.learnt_late";

    public const string RightCovers = "right.covers";
    public const string RightGrace = "right.grace";
    public const string RightMissed = "right.missed";
    public const string RightCoversCut = "right.covers_cut";
    public const string RightGraceCut = "right.grace_cut";
    public const string RightMissedCut = "right.missed_cut";
    public const string RightTakenOver = "right.taken_over";
    public const string RightOpened = "right.opened";
    public const string RightFromYearStart = "right.from_year_start";
    public const string RightGraceClock = "right.grace_clock";
    public const string RightSuspended = "right.suspended";
    public const string RightResumed = "right.resumed";
    public const string RightLapsed = "right.lapsed";

    public const string SuspensionsRevised = "suspended.revised";
    public const string SuspensionOpen = "suspended.open";
    public const string SuspensionClosed = "suspended.closed";

    public const string Declared = "declaration.without_coverage";
    public const string DeclaredCovered = "declaration.with_coverage";
    public const string EnrolledFurther = "declaration.further_enrolment";

    public const string RegistrationCarriedOver = "registration.carried_over";
    public const string RegistrationResent = "registration.resent";

    public const string ApplicationForwarded = "application.forwarded";
    public const string ApplicationSent = "application.sent";
    public const string ApplicationAccepted = "application.accepted";
    public const string ApplicationRefused = "application.refused";

    public const string CheckCycle = "check.cycle";
    public const string CheckCycleNot = "check.cycle_not";
    public const string CheckAge = "check.age";
    public const string CheckAgeOver = "check.age_over";
    public const string CheckAgeExempt = "check.age_exempt";
    public const string CheckNoCoverage = "check.no_coverage";
    public const string CheckCoverage = "check.coverage";

    public const string ContributionState = "contribution.state";
    public const string ContributionExempt = "contribution.exempt";
    public const string ContributionNotOwed = "contribution.not_owed";
    public const string ContributionOwed = "contribution.owed";
    public const string ContributionOwedOnTrack = "contribution.owed_on_track";
    public const string ContributionDue = "contribution.due";
    public const string ContributionPaid = "contribution.paid";
    public const string ContributionPaidSum = "contribution.paid_sum";
    public const string ContributionReceived = "contribution.received";
    public const string ContributionReceivedSum = "contribution.received_sum";
    public const string ContributionNotReceived = "contribution.not_received";
    public const string ContributionWaived = "contribution.waived";
    public const string ContributionReleased = "contribution.released";
    public const string ContributionHeld = "contribution.held";
    public const string ContributionHeldFor = "contribution.held_for";

    public const string CoverageByAnam = "fact.coverage_by_anam";
    public const string CoverageByStudent = "fact.coverage_by_student";
    public const string CoverageEnded = "fact.coverage_ended";
    public const string CoverageEndConfirmed = "fact.coverage_end_confirmed";
    public const string CoverageEndUnconfirmed = "fact.coverage_end_unconfirmed";
    public const string CoverageEndInferred = "fact.coverage_end_inferred";
    public const string InterruptionExcused = "fact.interruption_excused";
    public const string InterruptionUnexcused = "fact.interruption_unexcused";
    public const string InterruptionClock = "fact.interruption_clock";
    public const string InterruptionClockPaused = "fact.interruption_clock_paused";
    public const string ReasonChangedExcused = "fact.reason_changed_excused";
    public const string ReasonChangedUnexcused = "fact.reason_changed_unexcused";
    public const string NoReasonGiven = "fact.no_reason_given";
    public const string HolderNotSaid = "fact.holder_not_said";
    public const string StudiesResumed = "fact.studies_resumed";
    public const string ExemptionGranted = "fact.exemption_granted";
    public const string ExemptionRefused = "fact.exemption_refused";
    public const string CertificateIssued = "fact.certificate_issued";
    public const string FactCorrected = "fact.corrected";
    public const string CoverageCorrected = "fact.coverage_corrected";
    public const string ClockMissed = "fact.clock_missed";
    public const string HolidayLeftOut = "fact.holiday_left_out";
    public const string CommandRefused = "fact.command_refused";

    public const string ApprovalRequested = "approval.requested";
    public const string ApprovalGranted = "approval.granted";
    public const string ApprovalGrantedWithoutEnd = "approval.granted_without_end";
    public const string ApprovalRefused = "approval.refused";
    public const string ApprovalUsed = "approval.used";
    public const string ApprovalTakenBack = "approval.taken_back";
    public const string ApprovalUnitsRevised = "approval.units_revised";
    public const string ApprovalLapsed = "approval.lapsed";
    public const string ApprovalPending = "approval.pending";
    public const string ApprovalWasRefused = "approval.was_refused";
    public const string ApprovalInForce = "approval.in_force";
    public const string ApprovalInForceWithoutEnd = "approval.in_force_without_end";
    public const string ApprovalNeeded = "approval.needed";
    public const string ApprovalNone = "approval.none";

    public const string ClaimAsKnown = "claim.as_known";
    public const string ClaimNotPriced = "claim.not_priced";
    public const string PaidAndOwedBack = "claim.paid_and_owed_back";
    public const string PaidAndOwedBackInPart = "claim.paid_and_owed_back_in_part";
    public const string ClaimPatientShare = "claim.patient_share";
    public const string WhyLine = "claim.why_line";
    public const string WhyLines = "claim.why_lines";
    public const string WhyPayable = "claim.why_payable";
    public const string WhyReturned = "claim.why_returned";
    public const string JudgedAgainUnchanged = "claim.judged_again_unchanged";
    public const string ClaimDeposited = "claim.deposited";
    public const string ClaimReturned = "claim.returned";
    public const string ClaimCompleted = "claim.completed";
    public const string ItemMissing = "claim.item_missing";
    public const string ItemBrought = "claim.item_brought";
    public const string LineBrought = "claim.line_brought";
    public const string Teeth = "claim.teeth";
    public const string ClaimReceived = "claim.received";
    public const string ClaimPayable = "claim.payable";
    public const string ClaimNothingPayable = "claim.nothing_payable";
    public const string ClaimSum = "claim.sum";
    public const string ClaimRevised = "claim.revised";
    public const string RevisionDue = "claim.revision_due";
    public const string ClaimRecalled = "claim.recalled";
    public const string ClaimCommandRefused = "claim.command_refused";
    public const string DuplicatesFound = "claim.duplicates_found";
    public const string SameLine = "claim.same_line";
    public const string SimilarLine = "claim.similar_line";
    public const string ReviewAbove = "claim.review_above";
    public const string ReviewDrawn = "claim.review_drawn";
    public const string HeldAsDuplicate = "claim.held_as_duplicate";
    public const string HeldForReview = "claim.held_for_review";
    public const string ReleasedGranted = "claim.released_granted";
    public const string ReleasedRefused = "claim.released_refused";
    public const string Appealed = "claim.appealed";
    public const string AppealGranted = "claim.appeal_granted";
    public const string AppealRefused = "claim.appeal_refused";
    public const string ClaimReopened = "claim.reopened";

    public const string LinePaid = "line.paid";
    public const string LinePaidInPart = "line.paid_in_part";
    public const string LineRefused = "line.refused";
    public const string LineFormer = "line.former";
    public const string LineFormerRefused = "line.former_refused";
    public const string LineAsItWas = "line.as_it_was";
    public const string LinePatientShare = "line.patient_share";
    public const string LineRefund = "line.refund";
    public const string RenewedTooSoon = "line.renewed_too_soon";
    public const string LineArithmetic = "line.arithmetic";
    public const string LineDiffers = "line.differs";
    public const string BaseTariff = "line.base_tariff";
    public const string BaseTariffTimes = "line.base_tariff_times";
    public const string BaseLetterTimes = "line.base_letter_times";
    public const string BaseFlat = "line.base_flat";
    public const string BaseAllExpenses = "line.base_all_expenses";
    public const string BaseStated = "line.base_stated";
    public const string Rate = "line.rate";
    public const string RateExempt = "line.rate_exempt";
    public const string UnitsApproved = "line.units_approved";
    public const string FiledLate = "line.filed_late";
    public const string TermsOfAct = "line.terms_of_act";
    public const string DuplicateOf = "line.duplicate_of";
    public const string SimilarTo = "line.similar_to";

    public const string TermsNotCovered = "terms.not_covered";
    public const string TermsStated = "terms.stated";
    public const string TermsTariff = "terms.tariff";
    public const string TermsLetterValue = "terms.letter_value";
    public const string TermsFlat = "terms.flat";
    public const string TermsAllExpenses = "terms.all_expenses";

    public const string PaymentOrdered = "payment.ordered";
    public const string PaymentMade = "payment.made";
    public const string PaymentReturned = "payment.returned";
    public const string PaymentReturnedInTransit = "payment.returned_in_transit";
    public const string PaymentSetOff = "payment.set_off";
    public const string PaymentReissued = "payment.reissued";
    public const string OwedByStudent = "payment.owed_by_student";
    public const string OwedByProvider = "payment.owed_by_provider";
    public const string PaymentToStudent = "payment.to_student";
    public const string OverpaidByStudent = "payment.of_student";
    public const string OverpaidSum = "payment.overpaid_sum";
    public const string OverpaymentCancelled = "payment.overpayment_cancelled";
    public const string OverpaymentSetOff = "payment.overpayment_set_off";
    public const string OverpaymentRecovered = "payment.overpayment_recovered";

    public const string HindsightSame = "hindsight.same";
    public const string HindsightDiffers = "hindsight.differs";
    public const string HindsightDay = "hindsight.day";
    public const string CorrectWhenPaid = "hindsight.correct_when_paid";
    public const string CorrectWhenDecided = "hindsight.correct_when_decided";

    public const string RefusalNothingOnRecord = "refusal.nothing_on_record";
    public const string RefusalApplication = "refusal.application";
    public const string RefusalNoApplication = "refusal.no_application";
    public const string RefusalApplicationDesk = "refusal.application_desk";
    public const string RefusalNoRight = "refusal.no_right";
    public const string RefusalYearOnRecord = "refusal.year_on_record";
    public const string RefusalNothingPaid = "refusal.nothing_paid";
    public const string RefusalCorrectable = "refusal.correctable";
    public const string RefusalFactDay = "refusal.fact_day";
    public const string RefusalFacts = "refusal.facts";
    public const string RefusalNoFact = "refusal.no_fact";
    public const string RefusalInGrace = "refusal.in_grace";
    public const string RefusalNoApproval = "refusal.no_approval";
    public const string RefusalNoSuchApproval = "refusal.no_such_approval";
    public const string RefusalActsOnApproval = "refusal.acts_on_approval";
    public const string RefusalEffective = "refusal.effective";
    public const string RefusalAhead = "refusal.ahead";
    public const string RefusalCareBefore = "refusal.care_before";
    public const string RefusalExemptionEnd = "refusal.exemption_end";
    public const string RefusalBirthOrYear = "refusal.birth_or_year";
    public const string RefusalCarriedOver = "refusal.carried_over";
    public const string RefusalYear = "refusal.year";
    public const string RefusalLineBounds = "refusal.line_bounds";
    public const string RefusalUnitBounds = "refusal.unit_bounds";
    public const string RefusalIllnessBounds = "refusal.illness_bounds";
    public const string RefusalAmountBounds = "refusal.amount_bounds";
    public const string RefusalSaid = "refusal.said";
    public const string RefusalNotKept = "refusal.not_kept";
    public const string RefusalLines = "refusal.lines";
    public const string RefusalClaimDesk = "refusal.claim_desk";
    public const string RefusalCareAfter = "refusal.care_after";
    public const string RefusalPatient = "refusal.patient";
    public const string RefusalNoClaim = "refusal.no_claim";
    public const string RefusalOwedBack = "refusal.owed_back";
    public const string RefusalPaidInFull = "refusal.paid_in_full";
    public const string RefusalNoPayment = "refusal.no_payment";
    public const string RefusalNoAppeal = "refusal.no_appeal";
    public const string RefusalNeverHeld = "refusal.never_held";
    public const string RefusalNothingOwed = "refusal.nothing_owed";

    public const string Parameter = "text.parameter";
    public const string ParameterOpen = "text.parameter_open";
    public const string Leaflet000 = "leaflet.000";
    public const string Leaflet001 = "leaflet.001";
    public const string Leaflet002 = "leaflet.002";
    public const string Leaflet003 = "leaflet.003";
    public const string Leaflet004 = "leaflet.004";
    public const string SourceQuestion = "source.question";
    public const string SourceQuestions = "source.questions";
    public const string SourceLaw = "source.law";
    public const string SourceAssumed = "source.assumed";
    public const string SourceHypothetical = "source.hypothetical";
    public const string NoLongerUsed = "text.no_longer_used";
    public const string NotSaid = "text.not_said";
    public const string NoLimit = "text.no_limit";
    public const string Yes = "text.yes";
    public const string No = "text.no";
    public const string RulesCited = "text.rules_cited";

    public const string MoneyForm = "form.money";
    public const string PercentForm = "form.percent";
    public const string DateForm = "form.date";
    public const string DayOfYearForm = "form.day_of_year";
    public const string FirstOfMonth = "form.first_of_month";
    public const string ListForm = "form.list";
}
