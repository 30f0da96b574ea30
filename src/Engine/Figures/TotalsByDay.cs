using Amoe.Engine.Bytes;

namespace Amoe.Engine.Figures;

// What is kept by day: copied from the counters when a day opens or closes, so that no event pays for it.
public sealed partial class Totals
{
    private const int DayFigures = (int)DayFigure.Last;

    /// <summary>The figures as the days have them.</summary>
    private readonly long[] _inDays = new long[DayFigures];
    private readonly DaySeries _days = new();

    // The number of the day that is open; 0 before the first.
    private int _day;

    /// <summary>The last day that was opened; none before the first.</summary>
    public DateOnly Day => DateOnly.FromDayNumber(_day);

    /// <summary>The changes of each day, those of the open day up to now.</summary>
    public DaySeries Days
    {
        get
        {
            var days = new DaySeries();
            days.Add(_days);
            AddOpenDay(days);
            return days;
        }
    }

    internal void OpenDay(DateOnly day)
    {
        EndDay();
        if (MonthPart.Of(day) != MonthPart.Of(Day))
            EndMonth();
        _day = day.DayNumber;
    }

    internal void CloseDay(DateOnly day)
    {
        _day = day.DayNumber;
        EndDay();
    }

    private void EndDay()
    {
        AddOpenDay(_days);
        for (var figure = 0; figure < DayFigures; figure++)
            _inDays[figure] = Now((DayFigure)figure);
    }

    private void AddOpenDay(DaySeries days)
    {
        for (var figure = 0; figure < DayFigures; figure++)
        {
            if (Now((DayFigure)figure) - _inDays[figure] is var change && change != 0)
                days.On(_day)[figure] += change;
        }
    }

    private void AddDays(Totals other)
    {
        _days.Add(other._days);
        other.AddOpenDay(_days);
        for (var figure = 0; figure < DayFigures; figure++)
            _inDays[figure] += other.Now((DayFigure)figure);
        _day = Math.Max(_day, other._day);
    }

    private void WriteDays(ByteWriter w)
    {
        w.Varint((ulong)_day);
        foreach (var figure in _inDays)
            w.Signed(figure);
        _days.Write(w);
    }

    private void ReadDays(ref ByteReader r)
    {
        _day = r.Int();
        foreach (ref var figure in _inDays.AsSpan())
            figure = r.Signed();
        _days.Read(ref r);
    }

    private long Now(DayFigure figure) => figure switch
    {
        DayFigure.Active => this[Counter.Active],
        DayFigure.Suspended => this[Counter.Suspended],
        DayFigure.NotForwarded => this[Counter.NotForwarded],
        DayFigure.AtOnousc => this[Counter.AtOnousc],
        DayFigure.AtOfppt => this[Counter.AtOfppt],
        DayFigure.AtAnamPortal => this[Counter.AtAnamPortal],
        DayFigure.WithAnam => this[Counter.WithAnam],
        DayFigure.ApprovalsPending => this[Counter.ApprovalsPending],
        DayFigure.ReviewsPending => this[Counter.ReviewsPending],
        DayFigure.DuplicatesPending => this[Counter.DuplicatesPending],
        DayFigure.AppealsPending =>
            this[Counter.Appeals] - this[Counter.AppealsGranted] - this[Counter.AppealsRefused],
        DayFigure.ClaimsWithStudent => this[Counter.ClaimReturns] - this[Counter.ClaimCompletions],
        DayFigure.ClaimsNotReceived => this[Counter.Claims] - this[Counter.ClaimsDecided]
            - this[Counter.ClaimReturns] + this[Counter.ClaimCompletions],
        DayFigure.Declarations => this[Counter.Declarations],
        DayFigure.Applications => this[Counter.Applications],
        DayFigure.Accepted => this[Counter.Accepted],
        DayFigure.FilesBrought => this[Counter.FilesBroughtFirst] + this[Counter.FilesBroughtAgain],
        DayFigure.Claims => this[Counter.Claims],
        DayFigure.ClaimsDecided => this[Counter.ClaimsDecided],
        DayFigure.ClaimedCentimes => this[Counter.ClaimedCentimes],
        DayFigure.PayableCentimes => this[Counter.PayableCentimes],
        DayFigure.PaymentsConfirmed => Payments.Confirmed,
        DayFigure.PaymentDays => this[Counter.PaymentDays],
        DayFigure.SpentCentimes => SpentCentimes,
        _ => throw new ArgumentOutOfRangeException(nameof(figure), figure, "no figure of a day"),
    };
}
