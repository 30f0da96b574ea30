using System.Runtime.InteropServices;

namespace Amoe.Engine.Domain.Claims;

/// <summary>A payment of a claim (K8, X6). Its number is its place among the claim's payments, from 1.</summary>
/// <param name="On">The day of the payment run it was ordered in: it is confirmed, and comes back, to this run.</param>
/// <param name="Method">How that run pays it, decided on that day.</param>
/// <param name="Payee">
/// The student of a third-party claim, repaid what he bore (B11); none: the claim's own payee.
/// </param>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct Payment(
    long AmountCentimes, DateOnly On, PaymentMethod Method, PaymentState State, Payee Payee = Payee.None)
{
    /// <summary>True while it can come back: in transit, or confirmed.</summary>
    public bool IsOut => State is PaymentState.InTransit or PaymentState.Confirmed;
}

/// <summary>The status of a payment. The numbers are in the journal.</summary>
public enum PaymentState : byte
{
    None = 0,

    /// <summary>Ordered and not confirmed.</summary>
    InTransit = 1,

    /// <summary>Confirmed by the bank or the post.</summary>
    Confirmed = 2,

    /// <summary>Came back, from transit or after it was confirmed.</summary>
    Returned = 3,
}

/// <summary>The payments of a claim in the order of their orders. Most claims have one, which needs no array.</summary>
internal readonly struct Payments
{
    private readonly Payment _last;
    private readonly Payment[]? _earlier;

    public Payments(Payment[]? earlier, Payment last) => (_earlier, _last) = (earlier, last);

    public int Count => _last.State == PaymentState.None ? 0 : (_earlier?.Length ?? 0) + 1;

    /// <summary>Those before the last; null where there are none.</summary>
    public Payment[]? Earlier => _earlier;

    /// <summary>The payment ordered last; nothing of it before the first.</summary>
    public Payment Last => _last;

    /// <summary>
    /// The number of the payment in transit: the last one, because no other is ordered meanwhile. 0 where there is
    /// none.
    /// </summary>
    public int InTransit => _last.State == PaymentState.InTransit ? Count : 0;

    /// <summary>The payment of a number; nothing of it where there is none.</summary>
    public Payment this[int number] =>
        number < 1 || number > Count ? default : number == Count ? _last : _earlier![number - 1];

    public static Payments Of(ReadOnlySpan<Payment> payments) =>
        payments.IsEmpty ? default : new Payments(payments.Length > 1 ? payments[..^1].ToArray() : null, payments[^1]);

    /// <summary>With one more, which has the next number.</summary>
    public Payments With(in Payment ordered) => new(Count == 0 ? null : [.. _earlier ?? [], _last], ordered);

    /// <summary>With another state of one of them; unchanged where no payment has this number.</summary>
    public Payments With(int number, PaymentState state)
    {
        if (number < 1 || number > Count)
            return this;
        if (number == Count)
            return new Payments(_earlier, _last with { State = state });
        var earlier = (Payment[])_earlier!.Clone();
        earlier[number - 1] = earlier[number - 1] with { State = state };
        return new Payments(earlier, _last);
    }

    /// <summary>How many can come back, and the number of the last of them.</summary>
    public (int Count, int Last) Out()
    {
        var (count, last) = (0, 0);
        for (var number = 1; number <= Count; number++)
            (count, last) = this[number].IsOut ? (count + 1, number) : (count, last);
        return (count, last);
    }

    /// <summary>The number of the last that is in a state; 0 where none is.</summary>
    public int LastIn(PaymentState state)
    {
        var number = Count;
        while (number > 0 && this[number].State != state)
            number--;
        return number;
    }

    public Payment[] ToArray() => Count == 0 ? [] : [.. _earlier ?? [], _last];
}
