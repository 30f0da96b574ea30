namespace Amoe.Engine.Figures;

/// <summary>A band of days from the deposit of a claim to a payment of it that is confirmed.</summary>
public enum PaymentTime
{
    UpTo15Days,
    UpTo30Days,
    UpTo60Days,
    UpTo90Days,
    Longer,
}

internal static class PaymentTimes
{
    public static PaymentTime Of(int days) => days switch
    {
        <= 15 => PaymentTime.UpTo15Days,
        <= 30 => PaymentTime.UpTo30Days,
        <= 60 => PaymentTime.UpTo60Days,
        <= 90 => PaymentTime.UpTo90Days,
        _ => PaymentTime.Longer,
    };
}
