namespace Amoe.Engine.Domain.Enrolment;

/// <summary>The contribution of one academic year (C2-C5, T3), linked to that of an earlier year.</summary>
public sealed class Contribution
{
    // Amounts in four bytes: many students have one of these. What no contribution comes to is cut to what fits.
    private uint _paid;
    private uint _received;
    private DateOnly _due = NeverDue;

    // Of the payment until the receipt takes its place: then nobody asks for it any more.
    private DateOnly _on;
    private static readonly DateOnly NeverDue = DateOnly.MaxValue;

    /// <summary>The academic year it is for, by the year in which it starts.</summary>
    public short Year { get; internal init; }

    /// <summary>The contribution of the latest year before that has one.</summary>
    public Contribution? Before { get; internal set; }

    /// <summary>The last day on which it is in time; null while no right makes it due.</summary>
    public DateOnly? Due
    {
        get => _due == NeverDue ? null : _due;
        internal set => _due = value ?? NeverDue;
    }

    public long PaidCentimes
    {
        get => _paid;
        internal set => _paid = Fitting(value);
    }

    public long ReceivedCentimes
    {
        get => _received;
        internal set => _received = Fitting(value);
    }

    /// <summary>The day the fund received it, while <see cref="IsSettled"/>.</summary>
    public DateOnly ReceivedOn
    {
        get => _on;
        internal set => _on = value;
    }

    /// <summary>The day the student paid it, while the fund waits for it; null where that is not known.</summary>
    public DateOnly? PaidOn
    {
        get => !IsSettled && _paid > 0 && _on != default ? _on : null;
        internal set => _on = IsSettled ? _on : value ?? default;
    }

    /// <summary>The institution it was paid to; where nobody recorded that, the one that transferred it.</summary>
    public int PaidTo { get; internal set; }

    /// <summary>True when it opened no right (C5).</summary>
    public bool IsHeld { get; internal set; }

    /// <summary>True when its receipt was shown to a second institution, which takes nothing (C4). The fund still waits for the first one's transfer.</summary>
    public bool ReceiptShown { get; internal set; }

    public bool IsSettled => _received > 0;

    /// <summary>What was paid or received, the larger: the same money on its way.</summary>
    public long LargestCentimes => Math.Max(_paid, _received);

    /// <summary>A copy of this one and of all before it.</summary>
    internal Contribution Copy()
    {
        var copy = (Contribution)MemberwiseClone();
        copy.Before = Before?.Copy();
        return copy;
    }

    private static uint Fitting(long centimes) => (uint)Math.Clamp(centimes, 0, uint.MaxValue);
}
