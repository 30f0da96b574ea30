using Amoe.Simulator.Scenarios;

namespace Amoe.Simulator.Assertions;

/// <summary>
/// Whether and when a claim of one kind of episode is deposited, given the day of care and the day from which it can
/// be. Days are counted from the opening.
/// </summary>
internal sealed class DepositChances
{
    /// <summary>A file that needs approval is not filed before the approval can have been decided.</summary>
    private const int ApprovalDays = 10;

    /// <summary>
    /// A student who learns after the care that it can be claimed files within a week; the remainder of the delay says
    /// on which day.
    /// </summary>
    private const int FilingWeek = 7;

    private readonly HorizonModel _horizon;
    private readonly ApprovalModel _approvals;
    private readonly (bool Approval, int Emergency) _kind;
    private readonly DelayChances _delay;
    private readonly DelayChances _lead;
    private readonly DelayChances _staleLead;

    // By days from what is known to the care.
    private readonly double[] _asked;

    // By day of care and n: the sum over delays above n.
    private readonly (double All, double Late)[][] _above;

    // By n and remainder: the sum over delays up to n.
    private readonly double[][] _upTo;

    public DepositChances(Scenario scenario, (bool Approval, int Emergency) kind)
    {
        (_horizon, _approvals, _kind) = (scenario.Horizon, scenario.Care.Approvals, kind);
        var filing = scenario.Filing;
        var delay = DelayChances.Either(
            Chances.Of(filing.Late), DelayChances.Uniform(filing.LateDelay), DelayChances.Skewed(filing.Delay));
        _delay = kind.Approval ? delay.AtLeast(ApprovalDays) : delay;
        (_lead, _staleLead) = (DelayChances.Uniform(_approvals.Lead), DelayChances.Uniform(_approvals.StaleLead));
        _asked = [.. Enumerable.Range(0, _horizon.Days).Select(AskedInTime)];
        _above = [.. Enumerable.Range(0, _horizon.Days).Select(Above)];
        _upTo = [.. Enumerable.Range(0, _delay.Max + 1).Select(UpTo)];
    }

    /// <summary>
    /// The chance that care within the entitlement period is claimed: 1, unless no time is left to ask for approval;
    /// then the care waits.
    /// </summary>
    /// <param name="care">The day of care, not before what is known.</param>
    public double Asked(int care, int known) => _asked[care - known];

    /// <summary>The chance that what is claimed is deposited within the horizon, and that it is so late.</summary>
    public (double All, double Late) Deposited(int care, int known)
    {
        var waits = Math.Max(0, known - care);
        var (all, late) = waits < _above[care].Length ? _above[care][waits] : (0, 0);
        var upTo = _upTo[Math.Min(waits, _delay.Max)];
        for (var remainder = 0; remainder < FilingWeek; remainder++)
            Add(upTo[remainder], known + 1 + remainder, care, ref all, ref late);
        return (all, late);
    }

    /// <param name="left">Days until the care.</param>
    private double AskedInTime(int left)
    {
        if (!_kind.Approval)
            return 1;

        // In an emergency approval is asked for the day after. Else before: a stale lead that begins too early gives
        // way to the usual one, drawn by the same bits.
        var usual = _lead.Of(days => days < left);
        var emergency = Chances.Of(_kind.Emergency);
        var stale = Chances.Of(_approvals.Stale);
        var inTime = (1 - stale) * usual + stale * Math.Max(usual, _staleLead.Of(days => days < left));
        var asks = Chances.Of(_approvals.Asked);
        return 1 - asks + asks * (emergency + (1 - emergency) * inTime);
    }

    private double[] UpTo(int most)
    {
        var byRemainder = new double[FilingWeek];
        for (var delay = _delay.Min; delay <= most; delay++)
            byRemainder[delay % FilingWeek] += _delay[delay];
        return byRemainder;
    }

    private (double All, double Late)[] Above(int care)
    {
        var above = new (double All, double Late)[_delay.Max + 1];
        var (all, late) = (0.0, 0.0);
        for (var n = _delay.Max - 1; n >= 0; n--)
        {
            Add(_delay[n + 1], care + n + 1, care, ref all, ref late);
            above[n] = (all, late);
        }

        return above;
    }

    private void Add(double chance, int day, int care, ref double all, ref double late)
    {
        // Desks are closed on Sundays.
        var deposited = _horizon.Opens.AddDays(day).DayOfWeek == DayOfWeek.Sunday ? day + 1 : day;
        if (deposited >= _horizon.Days)
            return;
        all += chance;
        late += deposited - care > Marginals.LateAfterDays ? chance : 0;
    }
}
