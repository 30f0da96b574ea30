using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Rules;
using Amoe.Engine.Vocabulary;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Domain;

/// <summary>Commands out of bounds are refused before any decider; those just within them are decided.</summary>
public sealed class CommandBoundsTests
{
    private const string Today = "2023-11-20";

    private static readonly Dictionary<string, Command> NoSense = new()
    {
        ["a line of no act"] = Line(line => line with { Act = Act.None }),
        ["a line of an unknown act"] = Line(line => line with { Act = (Act)33 }),
        ["care in an unknown sector"] = Line(line => line with { Sector = (CareSector)3 }),
        ["unknown circumstances"] = Line(line => line with { Circumstances = (Circumstances)16 }),
        ["no session, box or cotation"] = Line(line => line with { Quantity = 0 }),
        ["more than any cotation"] = Line(line => line with { Quantity = CommandBounds.QuantityMax + 1 }),
        ["more money than any care"] = Line(line => line with { PaidCentimes = CommandBounds.LineCentimesMax + 1 }),
        ["more tariff than any care"] = Line(line =>
            line with { ReferenceCentimes = CommandBounds.LineCentimesMax + 1 }),
        ["an unknown way to be paid"] = Deposit() with { Way = (ClaimWay)2 },
        ["a provider below zero"] = Deposit() with { Provider = -1 },
        ["unknown papers"] = Deposit() with { Items = (FileItems)(1 << 27) },
        ["unknown papers, brought later"] = Completes(Today, 1, (FileItems)(1 << 27)),
        ["a student of no category"] = Declares(Today, Public() with { Category = Category.None }),
        ["a student of an unknown category"] = Declares(Today, Public() with { Category = (Category)11 }),
        ["a student of no course"] = Declares(Today, Public() with { Cycle = Cycle.None }),
        ["a student of an unknown course"] = Declares(Today, Public() with { Cycle = (Cycle)64 }),
        ["an institution below zero"] = Declares(Today, Public() with { Institution = -1 }),
        ["unknown coverage"] = Declares(Today, coverage: (CoverageKind)7),
        ["unknown coverage, found by ANAM"] = AnamFinds(Today, (CoverageKind)7),
        ["a report of no coverage"] = HasOtherCoverage(Today, Today, CoverageKind.None),
        ["a payment to an institution below zero"] = Pays(Today, institution: -1),
        ["a receipt of an institution below zero"] = ShowsReceipt(Today, -1),
        ["an interruption for an unknown reason"] = Interrupts(Today, (InterruptionReason)9),
        ["an unknown reason later"] = ChangesReason(Today, (InterruptionReason)9),
        ["an illness of no list"] = Exempts(Today, Today, illness: 0),
        ["approval of no act"] = AsksApproval(Today, 1, Act.None),
        ["approval of an unknown act"] = AsksApproval(Today, 1, (Act)33),
        ["approval of nothing"] = AsksApproval(Today, 1, units: 0),
        ["approval of less than nothing"] = AsksApproval(Today, 1, units: -1),
        ["less than nothing granted"] = ControlGrants(Today, 1, -1),
    };

    private static readonly Dictionary<string, Command> OutOfTime = new()
    {
        ["care before there were rules"] = Line(line => line with { CareDate = Day("2015-12-31") }),
        ["a receipt before there were rules"] = FundReceives("2015-12-31", Today),
        ["a payment for a year long gone"] = Pays(Today, year: 2020),
        ["a receipt for a year far off"] = FundReceives(Today, year: 2026),
        ["a correction of what was before anyone lived"] = TakesBack(CommandKind.EndOtherCoverage, "1899-12-31", Today),
        ["a day the year after next"] = Interrupts("2024-11-21", known: Today),
        ["a day no calendar has"] = Orders(Today, 1) with { Effective = DateOnly.MinValue },
        ["coverage from before anyone lived"] = HasOtherCoverage("1899-12-31", Today),
        ["a student born after he enrolled"] = Declares(Today, Public("2024-01-01")),
        ["a student of nine"] = Declares(Today, Public("2014-01-01")),
        ["a student of a hundred and one"] = Declares(Today, Public("1922-01-01")),
        ["a year long gone"] = Declares(Today, year: 2020),
        ["a year far off"] = Declares(Today, year: 2026),
        ["a year that is none, sent again"] = Resends(Today, int.MaxValue),
        ["a year that is none, carried over"] = CarriesOver(Today, "2022-10-01", int.MinValue),
        ["a right from before there were rules"] = CarriesOver(Today, "2015-10-01", 2016),
        ["an exemption that ends before it begins"] = Exempts(Today, "2023-11-19"),
        ["an exemption without end"] = Exempts(Today, "2101-01-01"),
    };

    public static TheoryData<string> NoSenses { get; } = [.. NoSense.Keys];

    public static TheoryData<string> OutOfTimes { get; } = [.. OutOfTime.Keys];

    [Theory]
    [MemberData(nameof(NoSenses))]
    public void What_makes_no_sense_is_refused(string what) =>
        new Story().When(NoSense[what]).ThenRefused(Reason.Malformed);

    [Theory]
    [MemberData(nameof(OutOfTimes))]
    public void A_date_that_cannot_be_is_refused(string what) =>
        new Story().When(OutOfTime[what]).ThenRefused(Reason.DateOutOfBounds);

    [Fact]
    public void What_only_just_makes_sense_is_decided() => Assert.All(
        [
            Line(line =>
                line with
                {
                    Quantity = CommandBounds.QuantityMax,
                    PaidCentimes = CommandBounds.LineCentimesMax,
                    ReferenceCentimes = CommandBounds.LineCentimesMax
                }),
            Line(line =>
                line with
                {
                    CareDate = Rulebook.Embedded.FirstDay,
                    Circumstances = (Circumstances)15,
                    Sector = CareSector.Abroad,
                    Act = Act.CareAbroad
                }),
            Deposits(Today, 1),
            Interrupts("2024-11-20", InterruptionReason.None, known: Today),
            HasOtherCoverage("1985-01-01", Today),
            TakesBack(CommandKind.ReportOtherCoverage, "1985-01-01", Today),
            Pays(Today, year: 2021),
            FundReceives(Today, year: 2025),
            Declares(Today, Public("2013-12-31"), year: 2025),
            Declares(Today, Public("1923-01-01"), year: 2021),
            Exempts(Today, "2100-12-31", illness: CommandBounds.IllnessMax),
            ControlGrants(Today, 1, 0),
        ],
        (Command command) => Assert.Equal(Reason.None, CommandBounds.Validate(command, Rulebook.Embedded)));

    [Fact]
    public void The_dearest_sheet_there_can_be_is_paid_to_the_centime()
    {
        var dearest = Care(
            Today, Act.HospitalStay, CommandBounds.LineCentimesMax, CommandBounds.LineCentimesMax,
            CommandBounds.QuantityMax, CareSector.Public);
        var story = new Story().Given(IsAccepted("2023-09-10"))
            .Given(
                ProviderDeposits(
                    Today, 1,
                    [.. Enumerable.Range(0, DepositClaim.MaxLines).Select(days =>
                        dearest with { CareDate = dearest.CareDate.AddDays(-days) })]), Receives(Today, 1));
        Assert.Equal((long)CommandBounds.LineCentimesMax * DepositClaim.MaxLines, story.Claims[1].PayableCentimes);
        Assert.InRange(story.Claims[1].PayableCentimes, 1, uint.MaxValue);
    }

    [Fact]
    public void What_could_not_even_be_refused_cannot_be_made()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Orders(Today, CommandId.ReferenceLimit));
        Assert.Throws<ArgumentOutOfRangeException>(() => Pays(Today) with { Reference = ulong.MaxValue });
        Assert.Throws<ArgumentNullException>(() => Deposit() with { Lines = null! });
    }

    private static DepositClaim Deposit() => Deposits(Today, 1, Care(Today));

    private static DepositClaim Line(Func<ClaimLine, ClaimLine> change) =>
        Deposits(Today, 1, Care(Today), change(Care(Today)));
}
