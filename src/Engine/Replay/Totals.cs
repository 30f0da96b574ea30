using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Benefits;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Replay;

/// <summary>
/// The domain's counts and sums, folded from events alone: a replay ends with the same. One per shard; the sum of the shards is the nation.
/// Amounts in centimes.
/// </summary>
public sealed class Totals
{
    private const int Reasons = 256;

    // All counters stand in one array, so that adding, saving and comparing need no list of them.
    private readonly long[] _counters = new long[(int)Counter.Last + 16 * 4 + Reasons * 4 + 64 * 2 + 16];
    private int _firstDay;
    private long[] _activeByDay = [];

    public long this[Counter counter] => _counters[(int)counter];

    /// <summary>Payments and set-offs, less what came back and what was recovered.</summary>
    public long SettledCentimes => this[Counter.PaidCentimes] + this[Counter.SetOffCentimes] - this[Counter.ReturnedCentimes] - this[Counter.RecoveredCentimes];

    /// <summary>Overpaid, and neither recovered nor made good yet.</summary>
    public long OwedBackCentimes => this[Counter.OverpaidCentimes] - this[Counter.RecoveredCentimes] - this[Counter.CancelledCentimes];

    public long DeclarationsOf(Category category) => _counters[DeclaredAt + (int)category];

    public long DeclarationsWith(CoverageKind coverage) => _counters[CoverageAt + (int)coverage];

    public long AcceptedOf(Category category) => _counters[AcceptedAt + (int)category];

    public long SuspensionsFor(SuspensionCause cause) => _counters[SuspendedAt + (int)cause];

    public long ClocksMissed(Clock clock) => _counters[ClockMissedAt + (int)clock];

    public long ApplicationsRefusedFor(Reason reason) => _counters[ApplicationRefusedAt + (int)reason];

    public long CommandsRefusedFor(Reason reason) => _counters[CommandRefusedAt + (int)reason];

    public long LinesRefusedFor(Reason reason) => _counters[LineRefusedAt + (int)reason];

    public long LinesOf(Act act) => _counters[LinesAt + (int)act];

    public long CentimesFor(Act act) => _counters[CentimesAt + (int)act];

    /// <summary>The most students who had a right at the close of one day.</summary>
    public long ActivePeak => _activeByDay.Length == 0 ? 0 : _activeByDay.Max();

    public void Add(Totals other)
    {
        for (var i = 0; i < _counters.Length; i++)
            _counters[i] += other._counters[i];

        // The days before the first of them: a shard that counts meanwhile writes them the other way round.
        var (active, first) = (other._activeByDay, other._firstDay);
        for (var i = 0; i < active.Length; i++)
            ActiveOn(first + i) += active[i];
    }

    internal void Count(in RecordHeader header)
    {
        if (!header.IsCommand)
            return;
        _counters[(int)Counter.Commands]++;
        if (header.Outcome == Outcome.Refused)
            _counters[CommandRefusedAt + (int)header.Reason]++;
    }

    internal void Count(Student student, Claim? claim, Event e)
    {
        _counters[(int)Counter.Events]++;
        switch (e)
        {
            case DeclarationRecorded d:
                _counters[(int)Counter.Declarations]++;
                _counters[DeclaredAt + (int)d.Enrolment.Category]++;
                _counters[CoverageAt + (int)d.Coverage]++;
                if (d.Coverage == CoverageKind.None)
                    _counters[(int)Counter.Applications]++;
                break;
            case RegistrationResent:
                _counters[(int)Counter.Applications]++;
                _counters[(int)Counter.Resent]++;
                break;
            case RegistrationCarriedOver:
                _counters[(int)Counter.CarriedOver]++;
                break;
            case ApplicationAccepted:
                _counters[(int)Counter.Accepted]++;
                _counters[AcceptedAt + (int)student.Enrolment.Category]++;
                break;
            case ApplicationRefused r:
                _counters[(int)Counter.Refused]++;
                _counters[ApplicationRefusedAt + (int)r.Reason]++;
                break;
            case ContributionPaid p:
                _counters[(int)Counter.ContributionPaidCentimes] += p.AmountCentimes;
                break;
            case ContributionReceived r:
                _counters[(int)Counter.ContributionReceivedCentimes] += r.AmountCentimes;
                break;
            case ContributionHeldWithoutRight h:
                _counters[(int)Counter.ContributionHeldCentimes] += h.AmountCentimes;
                break;
            case ContributionReleased r:
                _counters[(int)Counter.ContributionHeldCentimes] -= r.AmountCentimes;
                break;
            case FactCorrected f:
                _counters[(int)Counter.ContributionReceivedCentimes] -= f.AmountCentimes;
                break;
            case RightSuspended s:
                _counters[SuspendedAt + (int)s.Cause]++;
                break;
            case ClockMissed m:
                _counters[ClockMissedAt + (int)m.Clock]++;
                break;
            case RightLapsed:
                _counters[(int)Counter.Lapsed]++;
                break;
            case ClaimEvent c:
                Count(claim!, c);
                break;
        }
    }

    /// <summary>An event of a ledger, whose sums are <see cref="PartyTotals"/>.</summary>
    internal void CountOfParty() => _counters[(int)Counter.Events]++;

    internal void Count(Standing from, Standing to)
    {
        Stand(from, -1);
        Stand(to, 1);
    }

    internal void CloseDay(DateOnly day) => ActiveOn(day.DayNumber) = _counters[(int)Counter.Active];

    internal void Write(ByteWriter w)
    {
        w.Varint((ulong)_counters.Length);
        foreach (var counter in _counters)
            w.Signed(counter);
        w.Varint((ulong)_firstDay);
        w.Varint((ulong)_activeByDay.Length);
        foreach (var active in _activeByDay)
            w.Signed(active);
    }

    internal static Totals Read(ref ByteReader r)
    {
        var totals = new Totals();
        if (r.Int() != totals._counters.Length)
            throw new InvalidDataException("totals of another version");
        for (var i = 0; i < totals._counters.Length; i++)
            totals._counters[i] = r.Signed();
        totals._firstDay = r.Int();
        totals._activeByDay = new long[r.Int()];
        for (var i = 0; i < totals._activeByDay.Length; i++)
            totals._activeByDay[i] = r.Signed();
        return totals;
    }

    // Days closed one after the other from a first one: an array, so that a display may read it while a shard counts.
    private ref long ActiveOn(int day)
    {
        if (_activeByDay.Length == 0)
            _firstDay = day;
        if (day < _firstDay)
        {
            _activeByDay = [.. new long[_firstDay - day], .. _activeByDay];
            _firstDay = day;
        }

        if (day - _firstDay >= _activeByDay.Length)
            Array.Resize(ref _activeByDay, Math.Max(day - _firstDay + 1, Math.Min(_activeByDay.Length * 2, _activeByDay.Length + 512)));
        return ref _activeByDay[day - _firstDay];
    }

    private void Stand(Standing standing, int step)
    {
        // A suspended student still has his right: he counts as active too, and as suspended beside it.
        if (standing is Standing.Active or Standing.Suspended)
            _counters[(int)Counter.Active] += step;
        if (standing == Standing.Suspended)
            _counters[(int)Counter.Suspended] += step;
    }

    private void Count(Claim claim, ClaimEvent e)
    {
        switch (e)
        {
            case ClaimDeposited d:
                _counters[(int)Counter.Claims]++;
                if (d.Way == ClaimWay.ThirdParty)
                    _counters[(int)Counter.ThirdPartyClaims]++;
                break;
            case ClaimReturned:
                _counters[(int)Counter.ClaimReturns]++;
                break;
            case ClaimAdjudicated a:
                _counters[(int)Counter.Lines] += a.Outcomes.Length;
                foreach (var line in claim.Lines)
                {
                    _counters[LinesAt + (int)line.Act]++;
                    _counters[(int)Counter.ClaimedCentimes] += line.PaidCentimes;
                }

                Count(claim, a.Outcomes, 1);
                break;
            case ClaimRevised r:
                _counters[(int)Counter.Revisions]++;
                Count(claim, r.Former, -1);
                Count(claim, r.Outcomes, 1);
                break;
            case ClaimHeld h:
                _counters[(int)(h.AsDuplicate ? Counter.HeldAsDuplicates : Counter.HeldForReview)]++;
                break;
            case ClaimReleased:
                _counters[(int)Counter.HoldsDecided]++;
                break;
            case ClaimAppealed:
                _counters[(int)Counter.Appeals]++;
                break;
            case PaymentOrdered p:
                _counters[(int)Counter.OrderedCentimes] += p.AmountCentimes;
                break;
            case PaymentReissued p:
                _counters[(int)Counter.OrderedCentimes] += p.AmountCentimes;
                break;
            case PaymentMade p:
                _counters[(int)Counter.PaidClaims]++;
                _counters[(int)Counter.PaidCentimes] += p.AmountCentimes;
                _counters[(int)(claim.Way == ClaimWay.ThirdParty ? Counter.PaidToProvidersCentimes : Counter.PaidToStudentsCentimes)] += p.AmountCentimes;
                if (claim.Method == PaymentMethod.PostalOrder)
                    _counters[(int)Counter.PostalOrderCentimes] += p.AmountCentimes;
                break;
            case PaymentReturned p:
                _counters[(int)Counter.PaymentReturns]++;
                if (p.WasConfirmed)
                    _counters[(int)Counter.ReturnedCentimes] += p.AmountCentimes;
                break;
            default:
                CountOverpayment(e);
                break;
        }
    }

    private void CountOverpayment(ClaimEvent e)
    {
        switch (e)
        {
            case PaymentSetOff s:
                _counters[(int)Counter.SetOffCentimes] += s.AmountCentimes;
                break;
            case OverpaymentRaised o:
                _counters[(int)Counter.Overpayments]++;
                _counters[(int)Counter.OverpaidCentimes] += o.AmountCentimes;
                break;
            case OverpaymentRecovered o:
                _counters[(int)Counter.RecoveredCentimes] += o.AmountCentimes;
                break;
            case OverpaymentCancelled o:
                _counters[(int)Counter.CancelledCentimes] += o.AmountCentimes;
                break;
        }
    }

    /// <summary>Adds what was decided on a claim's lines, or takes it away where it is decided differently.</summary>
    private void Count(Claim claim, LineOutcome[] outcomes, int step)
    {
        var (payable, reasons) = (0L, 0);
        for (var i = 0; i < outcomes.Length; i++)
        {
            var outcome = outcomes[i];
            payable += outcome.AmountCentimes;
            if (i < claim.Lines.Length)
                _counters[CentimesAt + (int)claim.Lines[i].Act] += step * (long)outcome.AmountCentimes;
            if (outcome.Reason == Reason.None)
                continue;
            reasons++;
            _counters[LineRefusedAt + (int)outcome.Reason] += step;
        }

        _counters[(int)Counter.PayableCentimes] += step * payable;
        _counters[(int)(payable == 0 ? Counter.ClaimsRefused : reasons == 0 ? Counter.ClaimsAccepted : Counter.ClaimsPartlyAccepted)] += step;
    }

    private const int DeclaredAt = (int)Counter.Last;
    private const int CoverageAt = DeclaredAt + 16;
    private const int AcceptedAt = CoverageAt + 16;
    private const int SuspendedAt = AcceptedAt + 16;
    private const int ApplicationRefusedAt = SuspendedAt + 16;
    private const int CommandRefusedAt = ApplicationRefusedAt + Reasons;
    private const int LineRefusedAt = CommandRefusedAt + Reasons;
    private const int LinesAt = LineRefusedAt + Reasons;
    private const int CentimesAt = LinesAt + 64;
    private const int ClockMissedAt = CentimesAt + 64;
}

/// <summary>A count or a sum of <see cref="Totals"/>.</summary>
public enum Counter
{
    Commands,
    Events,
    Declarations,
    Applications,
    Resent,
    CarriedOver,
    Accepted,
    Refused,

    /// <summary>Students with a right now, suspended ones included.</summary>
    Active,

    /// <summary>Of these, those suspended now.</summary>
    Suspended,
    Lapsed,
    ContributionPaidCentimes,
    ContributionReceivedCentimes,
    ContributionHeldCentimes,

    /// <summary>Claims deposited, returned ones included.</summary>
    Claims,
    ThirdPartyClaims,

    /// <summary>How often a file was sent back.</summary>
    ClaimReturns,
    ClaimsAccepted,
    ClaimsPartlyAccepted,
    ClaimsRefused,
    Lines,

    /// <summary>What students and providers asked for, of lines adjudicated.</summary>
    ClaimedCentimes,

    /// <summary>What all claims come to, as known now.</summary>
    PayableCentimes,

    /// <summary>Payments ordered, those ordered again included.</summary>
    OrderedCentimes,
    PaidClaims,
    PaidCentimes,
    PaidToStudentsCentimes,
    PaidToProvidersCentimes,
    PostalOrderCentimes,

    /// <summary>How often a claim was held as a possible duplicate (X1).</summary>
    HeldAsDuplicates,

    /// <summary>How often a claim was held for a physician (X4).</summary>
    HeldForReview,

    /// <summary>How often what held a claim was decided.</summary>
    HoldsDecided,
    Appeals,

    /// <summary>How often what was decided on a claim was decided differently.</summary>
    Revisions,

    /// <summary>Payments that came back, in transit or confirmed.</summary>
    PaymentReturns,

    /// <summary>Of these, what had been confirmed.</summary>
    ReturnedCentimes,

    /// <summary>Kept back from payments for what was owed back on other claims (X7); part of <see cref="RecoveredCentimes"/> too.</summary>
    SetOffCentimes,
    Overpayments,

    /// <summary>What was paid and proved not to be due.</summary>
    OverpaidCentimes,

    /// <summary>Of this, what was paid back or set off.</summary>
    RecoveredCentimes,

    /// <summary>Of this, what a later fact or a returned payment made good.</summary>
    CancelledCentimes,
    Last,
}
