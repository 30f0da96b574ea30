using Amoe.Engine.Vocabulary;
using Amoe.Simulator.Scenarios;

namespace Amoe.Simulator.Assertions;

/// <summary>
/// How many claims the students of each window bring, and what is in them. Given the answers that opened the windows,
/// students are independent, and so are the claims of one student once their number is drawn: mean and variance follow
/// exactly from the scenario's tables.
/// </summary>
/// <remarks>
/// A student draws a number K of claims, and each brings one with chance x. The claims of a student then have the mean
/// E[K] x and the variance E[K] x(1 − x) + Var[K] x². Of a feature that a claim has with chance y (of those brought: y
/// / x), D = brought with it − p × brought has for each claim the mean m = y − p x and the second moment s = y(1 − p)²
/// + (x − y)p², and for a student the variance E[K](s − m²) + Var[K] m².
/// </remarks>
internal sealed class CareChances
{
    private readonly Scenario _scenario;
    private readonly DepositChances[] _kinds;
    private readonly int[] _kindOf;
    private readonly double[] _careDays;
    private readonly List<Group> _groups = [];

    // The same for ordinary and for chronically ill students.
    private readonly Dictionary<(Window, int Known, double Outside), Deposits[]> _brought = [];

    /// <param name="counted">The windows the run opened.</param>
    public CareChances(Scenario scenario, Marginals counted)
    {
        _scenario = scenario;
        _careDays = new double[scenario.Horizon.Days];
        foreach (var (day, chance) in Chances.Of(scenario.Care.Days))
            _careDays[day] += chance;

        // When a claim is deposited depends on its episode only by whether approval is asked for, and how.
        var episodes = Episodes(isChronic: false)
            .Concat(Episodes(isChronic: true))
            .Select(entry => entry.Episode)
            .Distinct()
            .ToList();
        var kinds = episodes.Select(KindOf).Distinct().ToList();
        _kinds = [.. kinds.Select(kind => new DepositChances(scenario, kind))];
        _kindOf = [.. episodes.Select(episode => kinds.IndexOf(KindOf(episode)))];
        foreach (var isChronic in new[] { false, true })
            AddGroups(
                counted, isChronic,
                Episodes(isChronic)
                    .Select(entry => (entry.Episode, _kindOf[episodes.IndexOf(entry.Episode)], entry.Chance))
                    .ToList());
    }

    /// <summary>The number of claims.</summary>
    public Expected Claims()
    {
        var (mean, variance, most) = (0.0, 0.0, 1.0);
        foreach (var group in _groups)
        {
            var brought = group.Content.Sum(content => content.Brought);
            mean += group.Students * group.Number.Mean * brought;
            variance += group.Students * (group.Number.Mean * brought * (1 - brought)
                + group.Number.Variance * brought * brought);
            most = Math.Max(most, group.Number.Most);
        }

        return new Expected(mean, variance, most);
    }

    /// <summary>The share of claims that have a feature, times the claims that were brought.</summary>
    /// <param name="feature">The chance of a claim that is brought, with it, of one claim drawn.</param>
    /// <param name="claims">The claims brought.</param>
    private Expected Share(Func<Content, double> feature, long claims)
    {
        var (all, with) = (0.0, 0.0);
        foreach (var group in _groups)
        {
            all += group.Students * group.Number.Mean * group.Content.Sum(content => content.Brought);
            with += group.Students * group.Number.Mean * group.Content.Sum(feature);
        }

        if (all == 0)
            return default;
        var (share, variance, most) = (with / all, 0.0, 1.0);
        foreach (var group in _groups)
        {
            var (x, y) = (group.Content.Sum(content => content.Brought), group.Content.Sum(feature));
            var mean = y - share * x;
            var second = y * (1 - share) * (1 - share) + (x - y) * share * share;
            variance += group.Students * (group.Number.Mean * (second - mean * mean)
                + group.Number.Variance * mean * mean);
            most = Math.Max(most, group.Number.Most * Math.Abs(mean));
        }

        return new Expected(share * claims, variance, most);
    }

    public Expected Late(long claims) => Share(content => content.Late, claims);

    public Expected Outside(long claims) => Share(content => content.Outside, claims);

    public Expected ThirdParty(long claims) => Share(content => content.Brought * ThirdParty(content.Episode), claims);

    public Expected FirstAct(Act act, long claims) =>
        Share(content => content.Brought * FirstAct(content.Episode, act), claims);

    /// <summary>The way the episode is paid, unless it is changed.</summary>
    private static double ThirdParty(Episode episode) =>
        episode.ThirdParty ? 1 - Chances.Of(episode.WayChanged) : Chances.Of(episode.WayChanged);

    /// <summary>Lines are taken in their order, each with its own chance; the last is there when no other is.</summary>
    private static double FirstAct(Episode episode, Act act)
    {
        var (chance, noneBefore) = (0.0, 1.0);
        for (var i = 0; i < episode.Lines.Count; i++)
        {
            var taken = i == episode.Lines.Count - 1 ? 1 : Chances.Of(episode.Lines[i].Chance);
            if (episode.Lines[i].Act == act)
                chance += noneBefore * taken;
            noneBefore *= 1 - taken;
        }

        return chance;
    }

    private void AddGroups(Marginals counted, bool isChronic, List<(Episode Episode, int Kind, double Chance)> episodes)
    {
        var number = NumberOf.Table(
            Chances.Of(isChronic ? _scenario.Care.ClaimsChronic : _scenario.Care.ClaimsOrdinary));
        var (last, lastOfGrace) = (_scenario.Horizon.Days - 1,
            _scenario.Horizon.LastGraceEnds.DayNumber - _scenario.Horizon.Opens.DayNumber);
        var grace = Brought(new Window(0, lastOfGrace, 0, lastOfGrace), known: 0);
        var answeredAgain = 0L;
        for (var day = 0; day <= last; day++)
        {
            Add(CareWindow.Leaver, day, _ => Brought(new Window(0, last, 0, lastOfGrace), day));
            Add(CareWindow.AcceptedNew, day, _ => Brought(new Window(0, last, day, last), day));
            Add(CareWindow.RefusedNew, day, _ => Brought(new Window(0, last, last + 1, last), day));
            Add(
                CareWindow.AcceptedAgain, day,
                _ => Sum(grace, Brought(new Window(lastOfGrace + 1, last, day, last), day)));
            Add(
                CareWindow.RefusedAgain, day,
                _ => Sum(grace, Brought(new Window(lastOfGrace + 1, last, last + 1, last), day)));
            answeredAgain += On(CareWindow.AcceptedAgain, day) + On(CareWindow.RefusedAgain, day);
        }

        var carriedOver = Enumerable.Range(0, last + 1).Sum(day => (long)On(CareWindow.Grace, day));
        AddGroup(carriedOver - answeredAgain, number, grace);
        AddTries(counted, isChronic, episodes);

        int On(CareWindow window, int day) => counted.On(Marginals.OfWindow(window, isChronic), day);

        void Add(CareWindow window, int day, Func<CareWindow, Deposits[]> brought)
        {
            if (On(window, day) is > 0 and var students)
                AddGroup(students, number, brought(window));
        }

        void AddGroup(long students, NumberOf claims, Deposits[] brought) => _groups.Add(new Group(
            students, claims, [.. episodes.Select(entry => new Content(
                entry.Episode, entry.Chance * brought[entry.Kind].All, entry.Chance * brought[entry.Kind].Late,
                entry.Chance * brought[entry.Kind].Outside))]));
    }

    /// <summary>
    /// A student who declared other coverage has no entitlement period, and a few claim once all the same, unless they
    /// were registered last year.
    /// </summary>
    private void AddTries(Marginals counted, bool isChronic, List<(Episode Episode, int Kind, double Chance)> episodes)
    {
        var (population, last) = (_scenario.Population, _scenario.Horizon.Days - 1);
        var chronic = Chances.Of(population.Chronic);
        var tries = Chances.Of(_scenario.Care.NeverRegisteredTries)
            * (1 - Chances.Of(population.CoveredNow))
            * (isChronic ? chronic : 1 - chronic);
        for (var day = 0; day <= last; day++)
        {
            if (counted.On(CountedByDay.CoverageDeclared, day) is not (> 0 and var declared))
                continue;
            var brought = Brought(new Window(0, last, last + 1, last), day, outside: 1);
            _groups.Add(new Group(declared, NumberOf.OneWith(tries), [.. episodes.Select(entry => new Content(
                entry.Episode, entry.Chance * brought[entry.Kind].All, entry.Chance * brought[entry.Kind].Late,
                entry.Chance * brought[entry.Kind].Outside))]));
        }
    }

    private Deposits[] Brought(in Window window, int known) =>
        Brought(window, known, Chances.Of(_scenario.Care.Outside));

    /// <summary>The chances of one claim drawn, for each kind of episode.</summary>
    /// <param name="known">
    /// The day on which the window opened: nothing is asked for or deposited before the next.
    /// </param>
    /// <param name="outside">The chance that care outside the entitlement period is claimed.</param>
    private Deposits[] Brought(Window window, int known, double outside)
    {
        if (!_brought.TryGetValue((window, known, outside), out var brought))
            _brought.Add(
                (window, known, outside), brought = [.. _kinds.Select(kind => Brought(kind, window, known, outside))]);
        return brought;
    }

    private Deposits Brought(DepositChances kind, in Window window, int known, double outside)
    {
        var sum = default(Deposits);
        for (var care = window.First; care <= window.Last; care++)
        {
            var isOutside = care < window.RightFrom || care > window.RightUntil;
            var claimed = _careDays[care] * (isOutside ? outside : kind.Asked(care, known));
            var (all, late) = kind.Deposited(care, known);
            sum += new Deposits(claimed * all, claimed * late, isOutside ? claimed * all : 0);
        }

        return sum;
    }

    private IEnumerable<(Episode Episode, double Chance)> Episodes(bool isChronic) =>
        Chances.Of(isChronic ? _scenario.Care.Chronic : _scenario.Care.Ordinary);

    private static (bool Approval, int Emergency) KindOf(Episode episode) =>
        episode.NeedsApproval ? (true, episode.Emergency) : default;

    private static Deposits[] Sum(Deposits[] one, Deposits[] other) =>
        [.. one.Zip(other, (left, right) => left + right)];

    /// <summary>Days of care and of the entitlement period, counted from the opening, both ends included.</summary>
    private readonly record struct Window(int First, int Last, int RightFrom, int RightUntil);

    /// <summary>
    /// The chance that a claim drawn is deposited, and that it is so late, or for care outside the entitlement period.
    /// </summary>
    private readonly record struct Deposits(double All, double Late, double Outside)
    {
        public static Deposits operator +(in Deposits left, in Deposits right) =>
            new(left.All + right.All, left.Late + right.Late, left.Outside + right.Outside);
    }

    /// <summary>The same for one episode, times the chance that it is drawn.</summary>
    private readonly record struct Content(Episode Episode, double Brought, double Late, double Outside);

    /// <summary>The number of claims a student draws.</summary>
    private readonly record struct NumberOf(double Mean, double Variance, double Most)
    {
        public static NumberOf OneWith(double chance) => new(chance, chance * (1 - chance), 1);

        public static NumberOf Table(IEnumerable<(int Value, double Chance)> entries)
        {
            var (mean, square, most) = (0.0, 0.0, 0);
            foreach (var (value, chance) in entries)
                (mean, square, most) = (mean + chance * value, square + chance * value * value, Math.Max(most, value));
            return new NumberOf(mean, square - mean * mean, most);
        }
    }

    /// <summary>Students alike.</summary>
    private readonly record struct Group(long Students, NumberOf Number, Content[] Content);
}
