using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;
using Amoe.Simulator.Traffic;

namespace Amoe.Simulator.Assertions;

/// <summary>
/// Counts what the traffic is made of, and how often each of the scenario's chances was taken, so that
/// <see cref="MarginalModel"/> can hold one against the other. One for each partition, added up at the end: no locks.
/// </summary>
internal sealed class Marginals(DateOnly opens, int days)
{
    /// <summary>A claim deposited so many days after the care, or more, is late.</summary>
    public const int LateAfterDays = 60;

    /// <summary>
    /// A fact known so many days after its effective date, or more, is late; institutions take up to that long as a
    /// rule.
    /// </summary>
    public const int LateFactAfterDays = 40;

    private readonly long[] _counts = new long[(int)Counted.Last];
    private readonly long[] _categories = new long[16];
    private readonly long[] _coverages = new long[8];
    private readonly long[] _ages = new long[MarginalNames.AgeBands.Count];
    private readonly long[] _acts = new long[64];
    private readonly int[] _byDay = new int[(int)CountedByDay.Last * days];

    public int Days => days;

    public long this[Counted what] => _counts[(int)what];

    /// <summary>How often on one day, counted from the opening.</summary>
    public int On(CountedByDay what, int day) => _byDay[(int)what * days + day];

    public long Of(Category category) => _categories[(int)category];

    public long Of(CoverageKind coverage) => _coverages[(int)coverage];

    public long OfAge(int band) => _ages[band];

    public long Of(Engine.Vocabulary.Act firstAct) => _acts[(int)firstAct];

    /// <summary>Counts a command when it is first sent.</summary>
    public void Sent(Step step, Command command)
    {
        if (SituationOf(step, command) is { } situation)
            Count(situation);
        if (step.Attempt != 0 || IsBeside(step.Kind))
            return;
        switch (command)
        {
            case Declare declare:
                Count(Counted.Declarations);
                _categories[(int)declare.Enrolment.Category]++;
                _coverages[(int)declare.Coverage]++;
                _ages[MarginalNames.BandOf(Entitlement.AgeOn(declare.Enrolment.BirthDate, opens))]++;
                if (declare.Coverage == CoverageKind.None)
                    Count(Counted.Applications);
                else
                    Count(CountedByDay.CoverageDeclared, declare.Known);
                break;
            case ResendRegistration:
                Count(Counted.Applications);
                break;
            case DepositClaim claim when Sheet.IsAgain(step.Number):
                Count(Counted.SentAgain);
                break;
            case DepositClaim claim:
                Deposited(claim, isOutside: step.Kind == StepKind.DepositOutside);
                break;
            case PayContribution:
                Count(CountedByDay.Paid, command.Known);
                break;
            case AppealClaim:
                Count(Counted.Appealed);
                break;
            case ReviewClaim review:
                Count(Counted.Reviews);
                if (review.Granted)
                    Count(Counted.ReviewsGranted);
                break;
            default:
                if (FactOf(command.Kind) is { } fact)
                    Learnt(fact, command);
                break;
        }
    }

    /// <summary>Something happened that gives a situation its chance.</summary>
    public void Chanced(CountedByDay what, DateOnly day) => Count(what, day);

    /// <summary>
    /// The days on which a student's care would be claimed are known from here on: a registration was carried over, or
    /// an application answered.
    /// </summary>
    public void CareOpened(CareWindow window, bool isChronic, DateOnly day) => Count(OfWindow(window, isChronic), day);

    /// <summary>A claim was adjudicated for the first time.</summary>
    public void Adjudicated(bool isPayable, DateOnly day) =>
        Count(isPayable ? CountedByDay.Payable : CountedByDay.NothingPayable, day);

    /// <summary>A payment was ordered that may come back.</summary>
    public void Ordered(bool byBank, DateOnly day) =>
        Count(byBank ? CountedByDay.Transfers : CountedByDay.PostalOrders, day);

    public void Accepted() => Count(Counted.Active);

    public void Add(Marginals other)
    {
        Sum(_counts, other._counts);
        Sum(_categories, other._categories);
        Sum(_coverages, other._coverages);
        Sum(_ages, other._ages);
        Sum(_acts, other._acts);
        for (var i = 0; i < _byDay.Length; i++)
            _byDay[i] += other._byDay[i];
    }

    public static CountedByDay OfWindow(CareWindow window, bool isChronic) =>
        (CountedByDay)((int)window * 2 + (isChronic ? 1 : 0));

    private void Deposited(DepositClaim claim, bool isOutside)
    {
        Count(Counted.Claims);
        _acts[(int)claim.Lines[0].Act]++;
        var required = RequiredItems.Of(claim.Lines, claim.Way) & FileItems.All;
        if (required != FileItems.None)
            Count(Counted.ClaimsThatNeedPapers);
        if ((required & ~claim.Items) != FileItems.None)
            Count(Counted.Incomplete);
        if (claim.Known.DayNumber - claim.Lines[0].CareDate.DayNumber > LateAfterDays)
            Count(Counted.Late);
        if (claim.Way == ClaimWay.ThirdParty)
            Count(Counted.ThirdParty);
        if (isOutside)
            Count(Counted.Outside);
        else
            Count(CountedByDay.Deposited, claim.Known);
        if (!isOutside && CareFile.IsProsthesis(claim.Lines[0].Act))
            Count(CountedByDay.Prostheses, claim.Known);
    }

    /// <summary>The situation that a step is counted as, besides other counts.</summary>
    private static Counted? SituationOf(Step step, Command command) => step.Kind switch
    {
        StepKind.TakeBack => Counted.TakenBack,
        StepKind.ReturnPayment => Counted.Returned,
        StepKind.ReturnFirstPayment => Counted.FirstReturned,
        StepKind.Declare when step.Attempt == RegistrationTraffic.Change => Counted.Changed,
        StepKind.Pay => (Money)step.Attempt switch
        {
            Money.Rest => Counted.MadeGood,
            Money.Twice => Counted.PaidTwice,
            Money.Early => Counted.PaidEarly,
            Money.NotOwed => Counted.PaidNotOwed,
            _ => null,
        },
        StepKind.ReportSecondCoverage when step.Attempt == 0 => Counted.SecondCoverages,
        StepKind.UndoExemption => Counted.ExemptionsUndone,
        StepKind.ExemptForBill => Counted.ExemptionsForBills,
        StepKind.DecideApproval when step.Attempt != 0 => Counted.ApprovalsCorrected,
        StepKind.DecideApproval when command.Effective < command.Known => Counted.ApprovalsLate,
        StepKind.PresentAgain => Counted.PresentedAgain,
        StepKind.DepositSecondProsthesis => Counted.SecondProstheses,
        _ => null,
    };

    /// <summary>
    /// Steps of rare situations: they are no facts, claims or payments of the figures that all share.
    /// </summary>
    private static bool IsBeside(StepKind kind) => kind
        is StepKind.ReportNextCoverage or StepKind.ReportEarlierCoverage or StepKind.EndEarlierCoverage
            or StepKind.ReportEnd or StepKind.UndoExemption
        or StepKind.ExemptForBill or StepKind.PresentAgain or StepKind.DepositSecondProsthesis;

    private void Learnt(CountedByDay fact, Command command)
    {
        Count(CountedByDay.FactKnown, command.Known);
        if (fact == CountedByDay.FactKnown)
            return;
        Count(fact, command.Effective < opens ? opens : command.Effective);
        Count(Counted.Facts);
        if (command.Known.DayNumber - command.Effective.DayNumber > LateFactAfterDays)
            Count(Counted.LateFacts);
    }

    /// <summary>
    /// What a fact is counted as by its effective day. The end of an interruption and a change of its reason are not:
    /// they are learnt after the interruption, however late that was, and so late without being late themselves.
    /// </summary>
    private static CountedByDay? FactOf(CommandKind kind) => kind switch
    {
        CommandKind.ReceiveContribution => CountedByDay.Receipt,
        CommandKind.ReportOtherCoverage => CountedByDay.CoverageReport,
        CommandKind.EndOtherCoverage => CountedByDay.CoverageEnd,
        CommandKind.InterruptStudies => CountedByDay.Interruption,
        CommandKind.DecideExemption => CountedByDay.Exemption,
        CommandKind.ChangeInterruptionReason or CommandKind.ResumeStudies => CountedByDay.FactKnown,
        _ => null,
    };

    private void Count(Counted what) => _counts[(int)what]++;

    private void Count(CountedByDay what, DateOnly day) => _byDay[(int)what * days + day.DayNumber - opens.DayNumber]++;

    private static void Sum(long[] into, long[] from)
    {
        for (var i = 0; i < into.Length; i++)
            into[i] += from[i];
    }
}

/// <summary>
/// The counts of <see cref="Marginals"/> over the whole horizon. Claims are counted when first brought to a desk.
/// </summary>
internal enum Counted
{
    Declarations,
    Applications,

    /// <summary>Applications accepted.</summary>
    Active,
    Claims,

    /// <summary>Claims whose file can lack something.</summary>
    ClaimsThatNeedPapers,
    Incomplete,
    Late,

    /// <summary>Claims for care outside the student's entitlement period, as the student could have known.</summary>
    Outside,
    ThirdParty,

    /// <summary>Sheets that claim care a second time.</summary>
    SentAgain,
    Appealed,
    Reviews,
    ReviewsGranted,

    /// <summary>Payments reported as returned.</summary>
    Returned,

    /// <summary>Facts that can be late.</summary>
    Facts,
    LateFacts,
    TakenBack,

    // Rare situations.

    /// <summary>Declarations of another institution within the year.</summary>
    Changed,

    /// <summary>Payments that make a wrong sum good.</summary>
    MadeGood,
    PaidTwice,
    PaidEarly,
    PaidNotOwed,

    /// <summary>Reports of the other parent's coverage.</summary>
    SecondCoverages,
    ExemptionsUndone,
    ExemptionsForBills,
    ApprovalsLate,
    ApprovalsCorrected,

    /// <summary>Claims that come the right way after they came the wrong way.</summary>
    PresentedAgain,
    SecondProstheses,

    /// <summary>First payments that come back while a later one is under way.</summary>
    FirstReturned,
    Last,
}

/// <summary>
/// The counts of <see cref="Marginals"/> on each day. The first are the care windows, each for ordinary and for
/// chronically ill students.
/// </summary>
internal enum CountedByDay
{
    /// <summary>Other coverage was declared.</summary>
    CoverageDeclared = 2 * CareWindow.Last,

    /// <summary>Claims for care within the entitlement period.</summary>
    Deposited,

    /// <summary>First adjudications with something to pay.</summary>
    Payable,
    NothingPayable,

    /// <summary>Payments ordered by bank transfer.</summary>
    Transfers,

    /// <summary>Payments to students ordered by postal order.</summary>
    PostalOrders,

    /// <summary>Facts reported for the first time, by the day they became known.</summary>
    FactKnown,

    // The occasions of rare situations.

    /// <summary>Students who declare none, by the day of the declaration.</summary>
    DeclaresNone,

    /// <summary>Of these, those who owe no contribution.</summary>
    OwesNothing,

    /// <summary>First payments of contributions.</summary>
    Paid,

    /// <summary>First reports of other coverage.</summary>
    Covered,

    /// <summary>Exemptions granted.</summary>
    Exempted,

    /// <summary>First adjudications of bills to the fund, of which something was payable.</summary>
    Billed,
    ApprovalAsked,
    ApprovalDecided,

    /// <summary>Claims of which nothing was payable because they were sent the wrong way.</summary>
    SentWrongWay,

    /// <summary>Claims for a bridge or denture, within the entitlement period.</summary>
    Prostheses,

    /// <summary>Orders of claims that were paid before, whose first payment may come back.</summary>
    LaterOrders,

    // Facts by kind and effective day; those before the horizon on its first day.
    Receipt,
    CoverageReport,
    CoverageEnd,
    Interruption,
    Exemption,
    Last,
}

/// <summary>Which days of care a student may claim, and which of them lie within the entitlement period.</summary>
internal enum CareWindow
{
    /// <summary>Carried over and leaving: any day; the entitlement period ends with last year's grace.</summary>
    Leaver = 0,

    /// <summary>
    /// Carried over and applying again: the days of last year's grace, all within the entitlement period.
    /// </summary>
    Grace,

    /// <summary>Accepted: any day, within the entitlement period from the answer on.</summary>
    AcceptedNew,

    /// <summary>
    /// Accepted, and carried over: any day after last year's grace, within the entitlement period from the answer on.
    /// </summary>
    AcceptedAgain,

    /// <summary>Refused: any day, none within the entitlement period.</summary>
    RefusedNew,

    /// <summary>
    /// Refused, and carried over: any day after last year's grace, none within the entitlement period.
    /// </summary>
    RefusedAgain,
    Last,
}
