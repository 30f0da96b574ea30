namespace Amoe.Engine.Domain.Claims;

/// <summary>An open claim. Changed by <see cref="ClaimEvolver"/> alone.</summary>
public sealed class Claim(ulong number)
{
    private const ClaimMarks Held = ClaimMarks.HeldAsDuplicate | ClaimMarks.HeldForReview;

    private DateOnly _receivedOn;
    private Payment _lastPayment;
    private ClaimRest? _rest;

    /// <summary>The sheet number.</summary>
    public ulong Number { get; } = number;

    public ClaimStatus Status { get; internal set; }

    public ClaimWay Way { get; internal set; }

    /// <summary>
    /// How a journal of the first version said that it would be paid: its orders of payment do not say it. None in
    /// later ones.
    /// </summary>
    internal PaymentMethod AnnouncedMethod { get; set; }

    public ClaimMarks Marks { get; internal set; }

    public FileItems Items { get; internal set; }

    public FileItems Missing
    {
        get => _rest?.Missing ?? default;
        internal set
        {
            if (value != Missing)
                Rest.Missing = value;
        }
    }

    /// <summary>The care provider; of a third-party claim the payee.</summary>
    public int Provider { get; internal set; }

    public DateOnly DepositedOn { get; internal set; }

    /// <summary>The day the fund received it; null before.</summary>
    public DateOnly? ReceivedOn
    {
        get => _receivedOn == default ? null : _receivedOn;
        internal set => _receivedOn = value ?? default;
    }

    /// <summary>Its payments, in the order of their orders (K8, X6).</summary>
    internal Payments Payments
    {
        get => new(_rest?.EarlierPayments, _lastPayment);
        set
        {
            _lastPayment = value.Last;
            if (value.Earlier != _rest?.EarlierPayments)
                Rest.EarlierPayments = value.Earlier;
        }
    }

    /// <summary>How it was last paid; none before the first order.</summary>
    public PaymentMethod Method => _lastPayment.Method;

    public ClaimLine[] Lines { get; internal set; } = [];

    /// <summary>What is decided on each line, as known now; empty before adjudication.</summary>
    public LineOutcome[] Outcomes { get; private set; } = [];

    /// <summary>Lines that were claimed before, a bit each (X1).</summary>
    public uint SameLines
    {
        get => _rest?.SameLines ?? 0;
        internal set
        {
            if (value != SameLines)
                Rest.SameLines = value;
        }
    }

    /// <summary>
    /// Lines that look like earlier ones but for the amount, while it is not decided that they are the same (X1).
    /// </summary>
    public uint SimilarLines
    {
        get => _rest?.SimilarLines ?? 0;
        internal set
        {
            if (value != SimilarLines)
                Rest.SimilarLines = value;
        }
    }

    /// <summary>
    /// Lines of a third-party claim of which the student bore his share, a bit each: he was not exempt by what was on
    /// record when they were first decided (B11).
    /// </summary>
    public uint SharedLines
    {
        get => _rest?.SharedLines ?? 0;
        internal set
        {
            if (value != SharedLines)
                Rest.SharedLines = value;
        }
    }

    /// <summary>The sum of the lines' amounts.</summary>
    public long PayableCentimes => LineOutcome.Sum(Outcomes);

    /// <summary>Of this, what the student of a third-party claim is repaid (B11).</summary>
    public long RefundCentimes => LineOutcome.SumOfRefunds(Outcomes);

    /// <summary>
    /// Confirmed payments and set-offs, less payments that came back and recoveries. Below zero when what was recovered
    /// came back too.
    /// </summary>
    public long SettledCentimes
    {
        get => _rest?.SettledCentimes ?? 0;
        internal set
        {
            if (value != SettledCentimes)
                Rest.SettledCentimes = value;
        }
    }

    /// <summary>Of this, what was settled with the student of a third-party claim.</summary>
    public long RefundSettledCentimes
    {
        get => _rest?.RefundSettledCentimes ?? 0;
        internal set
        {
            if (value != RefundSettledCentimes)
                Rest.RefundSettledCentimes = value;
        }
    }

    /// <summary>Its status as the totals have it.</summary>
    internal ClaimStatus CountedStatus { get; set; }

    /// <summary>Events it has had: its sequence number.</summary>
    internal ushort LastSequenceNr { get; set; }

    /// <summary>Where its records are in the log, as <see cref="RecordPlaces"/> packs them.</summary>
    internal byte[] Places { get; set; } = [];

    /// <summary>Ordered and not confirmed.</summary>
    public long InTransitCentimes => _lastPayment.State == PaymentState.InTransit ? _lastPayment.AmountCentimes : 0;

    /// <summary>What is to be paid to either payee beside what he was paid and is in transit.</summary>
    public long DueCentimes => AccountOf(Payee.None).DueCentimes + RefundAccount.DueCentimes;

    /// <summary>What either payee was paid and proved not to be due, less what was recovered (X7).</summary>
    public long OverpaidCentimes => AccountOf(Payee.None).OverpaidCentimes + RefundAccount.OverpaidCentimes;

    /// <summary>The payee by its way: the student (K1) or the provider (K2).</summary>
    public Payee OwnPayee => Way == ClaimWay.ThirdParty ? Payee.Provider : Payee.Student;

    /// <summary>What the student of a third-party claim is repaid (B11).</summary>
    private PayeeAccount RefundAccount =>
        new(RefundCentimes, RefundSettledCentimes, IsRefundInTransit ? InTransitCentimes : 0);

    private bool IsRefundInTransit => _lastPayment.Payee != Payee.None;

    /// <summary>The account of a payee; empty where the claim has no such payee.</summary>
    /// <param name="payee">None: its own payee.</param>
    public PayeeAccount AccountOf(Payee payee) => payee == Payee.None || payee == OwnPayee
        ? new PayeeAccount(
            PayableCentimes - RefundCentimes, SettledCentimes - RefundSettledCentimes,
            IsRefundInTransit ? 0 : InTransitCentimes)
        : payee == Payee.Student ? RefundAccount : default;

    /// <summary>As events and payments of this claim name a payee: none where it is its own.</summary>
    internal Payee Named(Payee payee) => payee == OwnPayee ? Payee.None : payee;

    /// <summary>A payment as an event orders it.</summary>
    internal Payment Ordered(long centimes, DateOnly on, PaymentMethod method, Payee payee) =>
        new(centimes, on, method != PaymentMethod.None ? method : AnnouncedMethod, PaymentState.InTransit, payee);

    /// <summary>Takes what is decided on the lines.</summary>
    internal void Judge(LineOutcome[] outcomes) => Outcomes = outcomes;

    /// <summary>True once its lines were decided.</summary>
    public bool IsJudged => Status >= ClaimStatus.Payable;

    /// <summary>True while a question has to be decided before anything is paid (X1, X4).</summary>
    public bool IsHeld => (Marks & Held) != 0;

    /// <summary>Paid or nothing payable, and nothing owed back.</summary>
    public bool IsClosed => Status is ClaimStatus.Paid or ClaimStatus.NothingPayable && OverpaidCentimes == 0;

    /// <summary>
    /// True when nothing is expected to happen to it any more: it leaves memory and a <see cref="PassivatedClaim"/>
    /// remains.
    /// </summary>
    public bool CanPassivate => IsClosed && !Marks.HasFlag(ClaimMarks.AppealPending);

    /// <summary>A copy that can be changed and leaves this one as it is.</summary>
    internal Claim Copy()
    {
        var copy = (Claim)MemberwiseClone();
        copy._rest = _rest?.Copy();
        return copy;
    }

    private ClaimRest Rest => _rest ??= new ClaimRest();

    // What most claims do not have before they are paid, and leave memory with: it is apart, and costs them eight
    // bytes.
    private sealed class ClaimRest
    {
        public Payment[]? EarlierPayments;
        public long SettledCentimes;
        public long RefundSettledCentimes;
        public FileItems Missing;
        public uint SameLines;
        public uint SimilarLines;
        public uint SharedLines;

        public ClaimRest Copy() => (ClaimRest)MemberwiseClone();
    }
}
