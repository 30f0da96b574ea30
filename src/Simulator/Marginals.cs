using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Benefits;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Text;
using Amoe.Simulator.Scenarios;
using Amoe.Simulator.Traffic;

namespace Amoe.Simulator;

/// <summary>What one run measured of what its scenario expects.</summary>
/// <param name="Unit">What the numbers count: <c>count</c>, or 100,000ths.</param>
internal sealed record MarginalCheck(string Of, string Unit, long Expected, long Measured, long Tolerance)
{
    public bool Within => Math.Abs(Measured - Expected) <= Tolerance;
}

/// <summary>
/// Counts what the traffic is made of, so that a scenario can say what it must be. One for each shard, added up at the end: no locks.
/// </summary>
internal sealed class Marginals(DateOnly opens)
{
    private const int LateAfterDays = 60;

    /// <summary>A fact known so many days after its effective date is late; institutions take up to that long as a rule.</summary>
    private const int LateFactAfterDays = 40;

    private const string Declarations = "declarations";
    private const string Applications = "applications";
    private const string Active = "active";
    private const string Claims = "claims";
    private const string ClaimsPerActive = "claims_per_active";
    private const string Incomplete = "claims/incomplete";
    private const string Late = "claims/late";
    private const string Outside = "claims/outside_entitlement";
    private const string ThirdParty = "claims/third_party";
    private const string Held = "claims/held";
    private const string Duplicates = "claims/sent_again";
    private const string Appealed = "claims/appealed";
    private const string Returned = "payments/returned";
    private const string LateFacts = "facts/late";
    private const string WrongFacts = "facts/taken_back";
    private const string ByCategory = "declarations/category/";
    private const string ByCoverage = "declarations/coverage/";
    private const string ByAge = "declarations/age/";
    private const string ByAct = "claims/first_act/";

    private static readonly string[] AgeBands = ["under_20", "20_to_24", "25_to_30", "over_30"];

    private readonly long[] _categories = new long[16];
    private readonly long[] _coverages = new long[8];
    private readonly long[] _ages = new long[AgeBands.Length];
    private readonly long[] _acts = new long[64];
    private long _declarations;
    private long _applications;
    private long _active;
    private long _claims;
    private long _incomplete;
    private long _late;
    private long _outside;
    private long _thirdParty;
    private long _held;
    private long _again;
    private long _appealed;
    private long _orders;
    private long _returned;
    private long _facts;
    private long _lateFacts;
    private long _takenBack;

    /// <summary>Declarations sent so far.</summary>
    public long Declared => _declarations;

    /// <summary>Claims brought to a desk so far.</summary>
    public long Deposited => _claims;

    /// <summary>What a scenario can expect. Claims are counted when first brought to a desk; the active are those accepted in the year.</summary>
    public static IReadOnlySet<string> Names { get; } = new HashSet<string>([
        Declarations, Applications, Active, Claims, ClaimsPerActive, Incomplete, Late, Outside, ThirdParty, Held, Duplicates, Appealed, Returned, LateFacts, WrongFacts,
        .. SnakeCase<Category>.Names.Select(name => ByCategory + name), .. SnakeCase<CoverageKind>.Names.Select(name => ByCoverage + name), ByCoverage + "none",
        .. AgeBands.Select(name => ByAge + name), .. SnakeCase<Act>.Names.Select(name => ByAct + name)], StringComparer.Ordinal);

    /// <summary>True for what grows with the scale; the others are shares.</summary>
    public static bool IsCount(string name) => name is Declarations or Applications or Active or Claims;

    /// <summary>Counts a command when it is first sent.</summary>
    public void Sent(Step step, Command command)
    {
        if (step.Kind == StepKind.TakeBack)
            _takenBack++;
        if (step.Attempt != 0)
            return;
        switch (command)
        {
            case Declare declare:
                _declarations++;
                _applications += declare.Coverage == CoverageKind.None ? 1 : 0;
                _categories[(int)declare.Enrolment.Category]++;
                _coverages[(int)declare.Coverage]++;
                _ages[Entitlement.AgeOn(declare.Enrolment.BirthDate, opens) switch { < 20 => 0, < 25 => 1, <= 30 => 2, _ => 3 }]++;
                break;
            case ResendRegistration:
                _applications++;
                break;
            case ReceiveContribution or ReportOtherCoverage or EndOtherCoverage or InterruptStudies or ChangeInterruptionReason or ResumeStudies or DecideExemption:
                _facts++;
                _lateFacts += command.Known.DayNumber - command.Effective.DayNumber > LateFactAfterDays ? 1 : 0;
                break;
            case DepositClaim when Sheet.IsAgain(step.Number):
                _again++;
                break;
            case AppealClaim:
                _appealed++;
                break;
            case DepositClaim claim:
                _claims++;
                _acts[(int)claim.Lines[0].Act]++;
                _incomplete += (RequiredItems.Of(claim.Lines, claim.Way) & ~claim.Items) == FileItems.None ? 0 : 1;
                _late += claim.Known.DayNumber - claim.Lines[0].CareDate.DayNumber > LateAfterDays ? 1 : 0;
                _outside += step.Kind == StepKind.DepositOutside ? 1 : 0;
                _thirdParty += claim.Way == ClaimWay.ThirdParty ? 1 : 0;
                break;
            default:
                break;
        }
    }

    /// <summary>Counts what became of a command, each time it is answered.</summary>
    public void Decided(CommandId id, Outcome outcome)
    {
        switch (outcome)
        {
            case Outcome.ApplicationAccepted:
                _active++;
                break;
            case Outcome.ClaimHeld when id.Kind == CommandKind.ReceiveClaim:
                _held++;
                break;
            case Outcome.Done when id.Kind is CommandKind.OrderPayment or CommandKind.ReissuePayment:
                _orders++;
                break;
            case Outcome.Done when id.Kind == CommandKind.ReportPaymentReturned:
                _returned++;
                break;
            default:
                break;
        }
    }

    public void Add(Marginals other)
    {
        Sum(_categories, other._categories);
        Sum(_coverages, other._coverages);
        Sum(_ages, other._ages);
        Sum(_acts, other._acts);
        _declarations += other._declarations;
        _applications += other._applications;
        _active += other._active;
        _claims += other._claims;
        _incomplete += other._incomplete;
        _late += other._late;
        _outside += other._outside;
        _thirdParty += other._thirdParty;
        _held += other._held;
        _again += other._again;
        _appealed += other._appealed;
        _orders += other._orders;
        _returned += other._returned;
        _facts += other._facts;
        _lateFacts += other._lateFacts;
        _takenBack += other._takenBack;
    }

    /// <summary>
    /// Each expectation beside what was measured. At scale 1 the tolerance is 1 % of the value, or the absolute one where that is larger;
    /// below, chance weighs more, as one over the root of the number of students.
    /// </summary>
    /// <param name="scale">In thousandths.</param>
    public IReadOnlyList<MarginalCheck> Check(Scenario scenario, int scale) => [.. scenario.Expectations.Select(expectation =>
    {
        var isCount = IsCount(expectation.Of);
        var (part, whole) = Measure(expectation.Of);
        var measured = isCount ? part : whole == 0 ? 0 : (part * Draws.Whole + whole / 2) / whole;
        var expected = isCount ? expectation.Value * scale / 1000 : expectation.Value;

        // In squares, because a root of a whole number would be rounded: tolerance² = base² × 1000 / scale, in the unit at this scale.
        var atOne = Math.Max(expectation.Value / 100, expectation.Within);
        var square = (Int128)atOne * atOne * 1000 / Math.Min(scale, 1000);
        var tolerance = Root(square);
        return new MarginalCheck(expectation.Of, isCount ? "count" : "per_100k", expected, measured, isCount ? tolerance * scale / 1000 : tolerance);
    })];

    private (long Part, long Whole) Measure(string name) => name switch
    {
        Declarations => (_declarations, 1),
        Applications => (_applications, 1),
        Active => (_active, 1),
        Claims => (_claims, 1),
        ClaimsPerActive => (_claims, _active),
        Incomplete => (_incomplete, _claims),
        Late => (_late, _claims),
        Outside => (_outside, _claims),
        ThirdParty => (_thirdParty, _claims),
        Held => (_held, _claims),
        Duplicates => (_again, _claims),
        Appealed => (_appealed, _claims),
        Returned => (_returned, _orders),
        LateFacts => (_lateFacts, _facts),
        WrongFacts => (_takenBack, _facts),
        _ when name.StartsWith(ByCategory, StringComparison.Ordinal) => (_categories[Number<Category>(name[ByCategory.Length..])], _declarations),
        _ when name.StartsWith(ByCoverage, StringComparison.Ordinal) => (_coverages[Number<CoverageKind>(name[ByCoverage.Length..])], _declarations),
        _ when name.StartsWith(ByAge, StringComparison.Ordinal) => (_ages[Array.IndexOf(AgeBands, name[ByAge.Length..])], _declarations),
        _ => (_acts[Number<Act>(name[ByAct.Length..])], _claims),
    };

    private static int Number<T>(string name)
        where T : struct, Enum => SnakeCase<T>.TryParse(name, out var value) ? Convert.ToInt32(value, null) : 0;

    private static void Sum(long[] into, long[] from)
    {
        for (var i = 0; i < into.Length; i++)
            into[i] += from[i];
    }

    private static long Root(Int128 square)
    {
        var (low, high) = (0L, 1L << 40);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if ((Int128)middle * middle <= square)
                low = middle;
            else
                high = middle - 1;
        }
        return low;
    }
}
