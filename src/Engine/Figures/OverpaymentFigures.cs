namespace Amoe.Engine.Figures;

/// <summary>Overpayments and what became of them (S5, X7).</summary>
/// <param name="Raised">How often an amount proved not to be due.</param>
/// <param name="OverpaidCentimes">Paid and not due.</param>
/// <param name="SetOffCentimes">Of this, settled from payments of the student's other claims.</param>
/// <param name="RepaidCentimes">
/// Of this, returned to the fund: paid back, or kept back from what a provider was paid.
/// </param>
/// <param name="MadeGoodCentimes">Of this, due after all, or covered by a payment that came back.</param>
public readonly record struct OverpaymentFigures(
    long Raised, long OverpaidCentimes, long SetOffCentimes, long RepaidCentimes, long MadeGoodCentimes)
{
    /// <summary>Still to be recovered.</summary>
    public long OwedBackCentimes => OverpaidCentimes - SetOffCentimes - RepaidCentimes - MadeGoodCentimes;

    public static OverpaymentFigures operator +(in OverpaymentFigures left, in OverpaymentFigures right) => new(
        left.Raised + right.Raised, left.OverpaidCentimes + right.OverpaidCentimes,
        left.SetOffCentimes + right.SetOffCentimes,
        left.RepaidCentimes + right.RepaidCentimes, left.MadeGoodCentimes + right.MadeGoodCentimes);
}
