namespace Amoe.Engine.Domain.Enrolment;

/// <summary>
/// The contribution account of one academic year (C1-C5, T3): what is owed, what was paid to institutions, what the
/// fund received, what is held. Linked to the account of an earlier year.
/// </summary>
public sealed class Contribution
{
    // Amounts in four bytes: many students have one of these. What no contribution comes to is cut to what fits.
    private uint _owed;
    private uint _held;
    private DateOnly _due = NeverDue;

    // Usually there is one payment and one receipt, and no array.
    private ContributionPayment _payment;
    private ContributionReceipt _receipt;
    private FurtherMoney? _further;
    private static readonly DateOnly NeverDue = DateOnly.MaxValue;

    /// <summary>The academic year it is for, by the year in which it starts.</summary>
    public short Year { get; internal init; }

    /// <summary>The account of the latest year before that has one.</summary>
    public Contribution? Before { get; internal set; }

    /// <summary>The last day on which it is in time; null while nothing is owed.</summary>
    public DateOnly? Due => _due == NeverDue ? null : _due;

    /// <summary>
    /// What is owed since <see cref="Due"/> was set; 0 in journals that did not say it, where any receipt settled it.
    /// </summary>
    public long OwedCentimes => _owed;

    /// <summary>What of the money is held because it is not expected (C5).</summary>
    public long HeldCentimes => _held;

    /// <summary>
    /// True when a receipt was shown to a second institution, which takes nothing (C4). The fund still waits for the
    /// first one's transfer.
    /// </summary>
    public bool ReceiptShown { get; internal set; }

    /// <summary>What the student paid to institutions.</summary>
    public long PaidCentimes
    {
        get
        {
            long paid = _payment.Centimes;
            foreach (var payment in _further?.Payments ?? [])
                paid += payment.Centimes;
            return paid;
        }
    }

    /// <summary>What the fund received.</summary>
    public long ReceivedCentimes
    {
        get
        {
            long received = _receipt.Centimes;
            foreach (var receipt in _further?.Receipts ?? [])
                received += receipt.Centimes;
            return received;
        }
    }

    /// <summary>What was paid or received, the larger: the same money on its way.</summary>
    public long LargestCentimes => Math.Max(PaidCentimes, ReceivedCentimes);

    /// <summary>
    /// The day of the payment that the fund waits for; null where there is none, or its day is not known.
    /// </summary>
    public DateOnly? AwaitedSince => Awaited is { On: var on } && on != default ? on : null;

    /// <summary>
    /// True when the fund waited for a payment, of a day that is known, before the receipt learnt last: the time of its
    /// transfer was measured (X3).
    /// </summary>
    /// <param name="centimes">Of that receipt; one of nothing is not on record.</param>
    internal bool WasAwaitedBefore(long centimes)
    {
        if (centimes <= 0)
            return AwaitedSince is not null;
        var before = new Contribution();
        before.Become(Payments, AllReceipts[..^1]);
        return before.AwaitedSince is not null;
    }

    /// <summary>The receipts, in the order in which they were learnt.</summary>
    public IReadOnlyList<ContributionReceipt> Receipts => AllReceipts;

    /// <summary>The day on which the receipts, by their dates, reach what is owed (S1); null before that.</summary>
    public DateOnly? SettledOn
    {
        get
        {
            var owed = Math.Max(1u, _owed);
            if (_further is null)
                return _receipt.Centimes >= owed ? _receipt.On : null;
            var received = 0L;
            foreach (var receipt in AllReceipts.OrderBy(receipt => receipt.On))
            {
                received += receipt.Centimes;
                if (received >= owed)
                    return receipt.On;
            }

            return null;
        }
    }

    internal ContributionPayment[] Payments => _payment.Centimes == 0 ? [] : [_payment, .. _further?.Payments ?? []];

    internal ContributionReceipt[] AllReceipts => _receipt.Centimes == 0 ? [] : [_receipt, .. _further?.Receipts ?? []];

    /// <summary>True when a payment was made to an institution.</summary>
    public bool IsPaidTo(int institution) => Array.Exists(Payments, payment => payment.Institution == institution);

    /// <summary>
    /// The institution that transfers the next receipt: where the student paid first what the fund has not received;
    /// else the one given.
    /// </summary>
    internal int TransferredBy(int otherwise) =>
        Awaited?.Institution ?? (Payments is [.., var last] ? last.Institution : otherwise);

    /// <summary>The receipt of a date that was learnt last.</summary>
    internal ContributionReceipt? LastLearnt(DateOnly on)
    {
        ContributionReceipt? last = null;
        foreach (var receipt in AllReceipts)
        {
            if (receipt.On == on && (last is null || receipt.Number > last.Value.Number))
                last = receipt;
        }

        return last;
    }

    /// <summary>Makes an amount due. What is owed once stays.</summary>
    internal void Owe(long centimes, DateOnly due)
    {
        if (_due == NeverDue)
            (_owed, _due) = (Fitting(centimes), due);
    }

    /// <summary>Holds more, or less, of the money.</summary>
    internal void Hold(long centimes) => _held = Fitting(_held + centimes);

    internal void Pay(long centimes, int institution, DateOnly? on)
    {
        if (centimes > 0)
            Become([.. Payments, new ContributionPayment(Fitting(centimes), institution, on ?? default)], AllReceipts);
    }

    internal void Receive(long centimes, DateOnly on, int transferredBy, ushort number)
    {
        if (centimes > 0)
            Become(Payments, [.. AllReceipts, new ContributionReceipt(Fitting(centimes), on, transferredBy, number)]);
    }

    internal void TakeBack(Predicate<ContributionReceipt> isMeant) =>
        Become(Payments, Array.FindAll(AllReceipts, receipt => !isMeant(receipt)));

    internal void Become(ContributionPayment[] payments, ContributionReceipt[] receipts)
    {
        _payment = payments.Length > 0 ? payments[0] : default;
        _receipt = receipts.Length > 0 ? receipts[0] : default;
        _further = payments.Length > 1 || receipts.Length > 1
            ? new FurtherMoney([.. payments.Skip(1)], [.. receipts.Skip(1)])
            : null;
    }

    /// <summary>A copy of this one and of all before it.</summary>
    internal Contribution Copy()
    {
        var copy = (Contribution)MemberwiseClone();
        copy.Before = Before?.Copy();
        return copy;
    }

    /// <summary>
    /// The first payment to an institution that has not transferred all it was paid; null where every one has.
    /// </summary>
    private ContributionPayment? Awaited
    {
        get
        {
            if (_further is null)
                return _payment.Centimes > 0
                    && (_receipt.Centimes < _payment.Centimes || _receipt.Institution != _payment.Institution)
                        ? _payment
                        : null;
            var (payments, receipts) = (Payments, AllReceipts);
            for (var i = 0; i < payments.Length; i++)
            {
                var (institution, open) = (payments[i].Institution, 0L);
                for (var j = 0; j <= i; j++)
                    open += payments[j].Institution == institution ? payments[j].Centimes : 0;
                foreach (var receipt in receipts)
                    open -= receipt.Institution == institution ? receipt.Centimes : 0;
                if (open > 0)
                    return payments[i];
            }

            return null;
        }
    }

    private static uint Fitting(long centimes) => (uint)Math.Clamp(centimes, 0, uint.MaxValue);

    // Immutable, so that a copy of the account may share it.
    private sealed record FurtherMoney(ContributionPayment[] Payments, ContributionReceipt[] Receipts);
}

/// <summary>Money paid to an institution (C3).</summary>
/// <param name="On">The day; the first day of the calendar where it is not known.</param>
internal readonly record struct ContributionPayment(uint Centimes, int Institution, DateOnly On);

/// <summary>Money that the fund received (C3, S1).</summary>
/// <param name="Institution">The institution that transferred it.</param>
/// <param name="Number">Counts the receipts of a student in the order in which they were learnt.</param>
public readonly record struct ContributionReceipt(uint Centimes, DateOnly On, int Institution, ushort Number);
