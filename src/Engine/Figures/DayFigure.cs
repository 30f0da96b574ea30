namespace Amoe.Engine.Figures;

/// <summary>A figure of <see cref="Totals"/> that is kept by day. docs/report.md defines the words.</summary>
public enum DayFigure
{
    Active,
    Suspended,

    // Backlogs: what waits at the close of the day.
    NotForwarded,
    AtOnousc,
    AtOfppt,
    AtAnamPortal,
    WithAnam,
    ApprovalsPending,
    ReviewsPending,
    DuplicatesPending,
    AppealsPending,
    ClaimsWithStudent,
    ClaimsNotReceived,

    // What happened on the day.
    Declarations,
    Applications,
    Accepted,
    FilesBrought,
    Claims,
    ClaimsDecided,
    ClaimedCentimes,
    PayableCentimes,

    /// <summary>Payments confirmed, those that came back included.</summary>
    PaymentsConfirmed,

    /// <summary>The days from deposit to payment, over payments confirmed.</summary>
    PaymentDays,

    /// <summary>As <see cref="Totals.SpentCentimes"/>.</summary>
    SpentCentimes,
    Last,
}
