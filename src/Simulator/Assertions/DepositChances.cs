using Amoe.Simulator.Scenarios;

namespace Amoe.Simulator.Assertions;

/// <summary>Whether and when a claim of one kind of episode is deposited, given the day of care and the day from which it can be. Days are counted from the opening.</summary>
internal sealed class DepositChances
{
    /// <summary>A file that needs approval is not filed before the approval can have been decided.</summary>
    private const int ApprovalDays = 10;

    /// <summary>Who learns late that care can be claimed files within a week: the delay's remainder says when.</summary>
    private const int FilingWeek = 7;

    private readonly HorizonModel _horizon;
    private readonly ApprovalModel _approvals;
    private readonly (bool Approval, int Emergency) _kind;
    private readonly DelayChances _delay;
    private readonly DelayChances _lead;
    private readonly DelayChances _staleLead;

    // By day of care and n: the sum over delays above n.
    private readonly (double All, double Late)[][] _above;

    public DepositChances(Scenario scenario, (bool Approval, int Emergency) kind)
    {
        (_horizon, _approvals, _kind) = (scenario.Horizon, scenario.Care.Approvals, kind);
        var filing = scenario.Filing;
        var delay = DelayChances.Either((double)filing.Late / Draws.Whole, DelayChances.Uniform(filing.LateDelay), DelayChances.Skewed(filing.Delay));
        _delay = kind.Approval ? delay.AtLeast(ApprovalDays) : delay;
        (_lead, _staleLead) = (DelayChances.Uniform(_approvals.Lead), DelayChances.Uniform(_approvals.StaleLead));
        _above = [.. Enumerable.Range(0, _horizon.Days).Select(Above)];
    }

    /// <summary>The chance that care within the right is claimed: always, but for what waits because there is no time left to ask for approval.</summary>
    public double Asked(int care, int known)
    {
        if (!_kind.Approval)
            return 1;

        // In an emergency approval is asked for the day after. Else before: a stale lead that begins too early gives way to the usual one, drawn by the same bits.
        var left = care - known;
        var usual = _lead.Of(days => days < left);
        var emergency = (double)_kind.Emergency / Draws.Whole;
        var stale = (double)_approvals.Stale / Draws.Whole;
        var inTime = (1 - stale) * usual + stale * Math.Max(usual, _staleLead.Of(days => days < left));
        var asks = (double)_approvals.Asked / Draws.Whole;
        return 1 - asks + asks * (emergency * (left >= 0 ? 1 : usual) + (1 - emergency) * inTime);
    }

    /// <summary>The chance that what is claimed is deposited within the horizon, and that it is so late.</summary>
    public (double All, double Late) Deposited(int care, int known)
    {
        var waits = Math.Max(0, known - care);
        var (all, late) = waits < _above[care].Length ? _above[care][waits] : (0, 0);
        Span<double> byRemainder = stackalloc double[FilingWeek];
        for (var delay = _delay.Min; delay <= Math.Min(waits, _delay.Max); delay++)
            byRemainder[delay % FilingWeek] += _delay[delay];
        for (var remainder = 0; remainder < FilingWeek; remainder++)
            Add(byRemainder[remainder], known + 1 + remainder, care, ref all, ref late);
        return (all, late);
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
