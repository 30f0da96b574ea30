using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;

namespace Amoe.Simulator.Scenarios;

/// <summary>
/// A nation's year in numbers, read from YAML in which every number says where it comes from. Chances are in 100,000,
/// money in centimes.
/// </summary>
/// <param name="Name">The file's name without its ending.</param>
/// <param name="Text">
/// The full text, for the journal to remember; of a scenario that extends another, with what it extends.
/// </param>
internal sealed record Scenario(
    string Name, string Text, HorizonModel Horizon, PopulationModel Population, RegistrationModel Registration,
    ContributionModel Contribution,
    SituationModel Situations, LateFactModel LateFacts, CareModel Care, FilingModel Filing, DetourModel Detours,
    IReadOnlyList<Expectation> Expectations);

/// <summary>The days that are simulated (T8).</summary>
/// <param name="Opens">The first day of the academic year.</param>
/// <param name="LastGraceEnds">The last day of the grace of last year's registrants.</param>
/// <param name="Closes">The last day: the grace of this year has run out.</param>
internal sealed record HorizonModel(DateOnly Opens, DateOnly LastGraceEnds, DateOnly Closes)
{
    /// <summary>The academic year, by the year in which it starts.</summary>
    public int Year => Opens.Year;

    public int Days => Closes.DayNumber - Opens.DayNumber + 1;
}

/// <summary>The population, at scale 1.</summary>
/// <param name="Holders">Whose insurance a coverage is.</param>
/// <param name="OtherLastYear">
/// The chance that a student who declares again was in a private institution last year and is in a public one now, or
/// the reverse.
/// </param>
/// <param name="AccountGivenUp">
/// The chance that a student who declares again without a bank account had one last year.
/// </param>
internal sealed record PopulationModel(
    int Declarations, int Resent, int Leavers, Table<CategoryModel> Categories, CategoryModel ResentCategory,
    Table<int> Cities, IReadOnlyList<string> CityNames,
    Table<CoverageKind> CoverageKinds, Table<CoverageHolder> Holders, int Renewing, int OtherLastYear,
    int AccountGivenUp, int CoveredNow, int Female, int Chronic, int BankAccount)
{
    public int Students => Declarations + Resent + Leavers;
}

/// <summary>One category of D2.</summary>
/// <param name="Covered">The chance that a declaration says other coverage.</param>
/// <param name="Institutions">Institutions of the category in a city.</param>
internal sealed record CategoryModel(
    Category Category, int Covered, int PaidTrack, int Institutions, Table<int> Ages, Table<Cycle> Cycles);

/// <summary>From declaration to answer.</summary>
internal sealed record RegistrationModel(
    Table<int> DeclarationDays, int DeclaresAgain, Between DeclaresAgainAfter, int NeverForwarded, int ForwardedWrong,
    Between ListEvery, Between ResendDays,
    Between TransmitDelay, Between AnamDelay, int AnamFinds, ChangeModel Change)
{
    private const int Weekend = 2;

    /// <summary>
    /// The most days from the opening to ANAM's answer: the last declaration, sent to the wrong network first, and a
    /// weekend before each step.
    /// </summary>
    public int LatestAnswer =>
        Math.Max(DeclarationDays.Values.Max() + 2 * (ListEvery.Max + Weekend), ResendDays.Max + Weekend)
            + TransmitDelay.Max + Weekend + AnamDelay.Max + Weekend;
}

/// <summary>A second declaration within the year, at another institution (D7).</summary>
/// <param name="After">Days from the first declaration.</param>
/// <param name="OtherSide">
/// The chance that it goes from a public institution to a private one, or back; else it is one of the same category.
/// </param>
/// <param name="ClosesAccount">The chance that it states no bank account any more.</param>
internal sealed record ChangeModel(int Share, Between After, int OtherSide, int ClosesAccount);

internal sealed record ContributionModel(
    Table<WhenPaid> WhenPaid, Between EnrolmentDelay, Between LateDelay, int WrongSum, Between CorrectedAfter,
    Between TransferDelay,
    int TransferFails, int PaidThoughCovered, int SecondInstitution, int ReceiptWithoutPayment, Between ReceiptDelay,
    UnexpectedMoneyModel Unexpected);

/// <summary>Money that is not as expected (C5).</summary>
/// <param name="MadeGood">The chance that a wrong amount is made good.</param>
/// <param name="ByWhole">The chance that this is by the whole contribution again, instead of what is missing.</param>
/// <param name="Early">The chance of a payment for the next year, of those who paid for this one.</param>
/// <param name="NotOwed">The chance of a payment by a student who owes nothing.</param>
/// <param name="LastYearReceived">The chance that what a student owed last year arrives only now.</param>
/// <param name="LastYearNotOwed">The chance of a payment for last year by a student who owed nothing then.</param>
/// <param name="PaysAgainElsewhere">
/// The chance that a student who changes between two institutions that ask for it pays at the second too.
/// </param>
internal sealed record UnexpectedMoneyModel(
    int MadeGood, int ByWhole, int Twice, Between TwiceAfter, int Early, Between EarlyAfter, int NotOwed,
    Between NotOwedAfter,
    int LastYearReceived, int LastYearNotOwed, Between LastYearAfter, int PaysAgainElsewhere);

/// <summary>When a student who owes the contribution pays it.</summary>
internal enum WhenPaid : byte
{
    None = 0,
    AtEnrolment = 1,
    Late = 2,
    Never = 3,
}

/// <summary>The events of a student's year, and the student's requests.</summary>
internal sealed record SituationModel(
    int ReportsCoverage, Between ReportAfter, int ReportLate, Between ReportLag, int ByAnam, int CoverageEnds,
    Between CoverageLasts, CoveragesModel Coverages,
    int Interrupts, Between InterruptAfter, Between InterruptLag, Table<InterruptionReason> Reasons, int InterruptLong,
    Between ShortInterruption, Between LongInterruption,
    int ChangesReason, int WantsCertificate, Between CertificateAfter, int AsksExemption, Between ExemptionAfter,
    int ExemptionGranted, int ExemptionUndone, Between UndoneAfter,
    int ExemptedForBill, Between ForBillAfter, Between Illnesses);

/// <summary>What happens with several coverages of one student, and with statements about one (S2, S4).</summary>
/// <param name="Second">The chance that a student reported covered is insured through another parent too.</param>
/// <param name="StudentSaysEnd">The chance that the student reports an end before ANAM confirms it.</param>
/// <param name="Follows">The chance that another coverage begins on the day after one ended.</param>
/// <param name="Before">The chance that a student who declares none again was reported covered before.</param>
/// <param name="BeforeAfter">Days from the opening to that coverage's first day.</param>
/// <param name="Outlasts">
/// The chance that ANAM states its end, after the acceptance has inferred an earlier one.
/// </param>
internal sealed record CoveragesModel(
    int Second, Between SecondAfter, int StudentSaysEnd, Between ConfirmedAfter, int Follows, int Before,
    Between BeforeAfter, int Outlasts);

/// <summary>Facts that become known late, or wrong (S5).</summary>
/// <param name="Share">The chance that a fact is late, of those whose delay is not a matter of its kind.</param>
/// <param name="By">How many days after its effective date a late fact is known.</param>
/// <param name="Wrong">The chance that a fact is recorded with a wrong date first.</param>
/// <param name="WrongBy">How many days too early.</param>
/// <param name="TakenBackAfter">How many days later a wrong fact is taken back.</param>
internal sealed record LateFactModel(int Share, Between By, int Wrong, Between WrongBy, Between TakenBackAfter);

/// <summary>The care students take, and what of it they claim.</summary>
/// <param name="Elsewhere">The chance of care in another city than that of the student's institution.</param>
internal sealed record CareModel(
    Table<int> ClaimsOrdinary, Table<int> ClaimsChronic, Table<int> Days, int Outside, int NeverRegisteredTries,
    int Elsewhere,
    Table<Episode> Ordinary, Table<Episode> Chronic, ActAmounts[] Amounts, ApprovalModel Approvals,
    ProsthesisModel Prostheses);

/// <summary>
/// One kind of occasion on which a claim arises: its acts, each with its chance, and its circumstances.
/// </summary>
/// <param name="WrongWay">True where the way is one that the act is never paid by.</param>
/// <param name="Units">Units approval is asked for; none asked where <paramref name="NeedsApproval"/> is false.</param>
internal sealed record Episode(
    string Name, bool ThirdParty, bool WrongWay, int WayChanged, int Public, bool Abroad, bool NeedsApproval,
    Between Units,
    int Contracted, int Emergency, int Ophthalmologist, int Justified, IReadOnlyList<EpisodeLine> Lines);

internal readonly record struct EpisodeLine(Act Act, int Chance);

/// <summary>
/// The cost of an act: for each unit, the reference or public price as a share of what was paid, and a generic's price
/// as a share of that.
/// </summary>
/// <param name="Generic">The chance that there is a generic.</param>
internal readonly record struct ActAmounts(
    Between Quantity, Between UnitCentimes, Between ReferencePerMille, int Generic, Between GenericPerMille);

/// <summary>Prior approvals, and a private clinic's requests for cover.</summary>
/// <param name="Late">
/// The chance that a decision becomes known only <paramref name="LateBy"/> days after the day from which it holds.
/// </param>
/// <param name="Corrected">The chance that a decision was wrong.</param>
/// <param name="Replaced">
/// The chance that a wrong one is decided again for the same day without being taken back first.
/// </param>
internal sealed record ApprovalModel(
    int Asked, int Stale, Between Lead, Between StaleLead, Between Delay, Table<ApprovalAnswer> Answers, int Late,
    Between LateBy, int Corrected, Between CorrectedAfter, int Replaced,
    int SplitLine, int UnitsOver);

/// <summary>Bridges and dentures (B6).</summary>
/// <param name="Elements">Of a bridge.</param>
/// <param name="Teeth">Of a denture.</param>
/// <param name="Again">The chance of a second prosthesis of the kind.</param>
/// <param name="AgainAfter">Days between the two days of care, and between the two deposits.</param>
/// <param name="OtherJaw">The chance that the second is in the other jaw; else it is at the same place.</param>
/// <param name="Earlier">The chance that the care filed second came first.</param>
internal sealed record ProsthesisModel(
    Table<int> Elements, Table<int> Teeth, int Again, Between AgainAfter, int OtherJaw, int Earlier);

internal enum ApprovalAnswer : byte
{
    None = 0,
    Granted = 1,
    InPart = 2,
    Refused = 3,
}

/// <summary>How files travel and are paid.</summary>
internal sealed record FilingModel(
    int Late, Between Delay, Between LateDelay, int Posted, int WrongDesk, int Redeposits, Between RedepositAfter,
    int OtherPatient, int Incomplete, int Unpriced, int Undescribed, Table<int> MissingItems,
    int Completes, Between CompletesAfter, int CompletesInPart, Between ReceiveDelay, int PaymentRunEvery,
    Between BankDelay, Between PostDelay, int Providers, int SentTwice);

/// <summary>
/// Detours between file and payment: held claims, sheets sent again, appeals, payments that come back or are paid back
/// (X1, X4-X7).
/// </summary>
/// <param name="Duplicates">The chance that a claim's care is claimed once more under another sheet number.</param>
/// <param name="OtherAmount">Of these, those that state another amount.</param>
/// <param name="IsDuplicate">
/// The chance that what looks like an earlier line is one, where the sheet was sent again.
/// </param>
/// <param name="LooksDuplicate">The same chance for every other sheet: most only look so.</param>
/// <param name="PresentedAgain">
/// The chance that a claim of which nothing was payable because it was sent the wrong way is sent the right way.
/// </param>
/// <param name="Appeals">The chance of an appeal where nothing was payable.</param>
/// <param name="AppealsInPart">The same where something was.</param>
/// <param name="Reopens">The chance that an operator has a claim of which nothing was payable readjudicated.</param>
/// <param name="AccountClosed">The chance that a transfer comes back.</param>
/// <param name="OrderUnclaimed">The chance that a postal order is not fetched.</param>
/// <param name="FirstReturned">
/// The chance that a claim's first payment comes back while a later one is under way.
/// </param>
/// <param name="AccountLost">
/// The chance that a student whose transfer came back declares another institution and no account before it is paid
/// again.
/// </param>
/// <param name="PaysBack">The chance that an overpayment is paid back by instalments, and not only set off.</param>
/// <param name="InstalmentEvery">Days between two instalments.</param>
internal sealed record DetourModel(
    Between ReviewAfter, int ReviewGranted,
    int Duplicates, Between DuplicateAfter, int OtherAmount, Between ResolveAfter, int IsDuplicate, int LooksDuplicate,
    int PresentedAgain, Between PresentedAfter, int Appeals, int AppealsInPart, Between AppealAfter,
    Between AppealDecided, int AppealGranted, int Reopens, Between ReopenAfter,
    int AccountClosed, Between ClosedAfter, int OrderUnclaimed, Between UnclaimedAfter, int FirstReturned,
    int AccountLost, int Reissued, Between ReissueAfter,
    int PaysBack, Between PaysBackAfter, int InstalmentCentimes, int InstalmentEvery);
