using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Scenarios.Lives;
using Amoe.Oracle.Defects;
using Amoe.Oracle.Harness;
using Amoe.Oracle.Lives;
using Amoe.Oracle.Model;
using Xunit.Abstractions;

namespace Amoe.Oracle;

/// <summary>
/// The model finds each of these mistakes, put into an engine that otherwise agrees with it, in the lives of a few
/// hundred students. The engine's code stays as it is: the mistake is in its rulebook, or in messages on their way from
/// and to its actors.
/// </summary>
public sealed class DefectTests(ITestOutputHelper output)
{
    private const int Students = 300;
    private const ulong Seed = 20;
    private static readonly DateOnly NewTariff = new(2026, 1, 1);

    /// <summary>The same for every test: commands do not change.</summary>
    private static readonly List<Command> Lives = new RichLives(new Dice(Seed)).Of(Students);

    private static readonly Dictionary<string, Defect> Defects = new()
    {
        ["a grace month too many"] = new(Rules: "D8.grace_months|value: 6|value: 7"),
        ["a contribution due a day late"] = new(Rules: "T3.contribution_due_days|value: 30|value: 31"),
        ["an age limit of a year more"] = new(Rules: "E2.age_max_years|value: 30|value: 31"),
        ["an unexcused reason treated as excused"] = new(
            Rules: "S3.excused_reasons|value: [illness,|value: [work, illness,"),
        ["an interruption that suspends a month late"] = new(Rules: "S3.interruption_months|value: 6|value: 7"),
        ["the letter B off by a centime"] = new(Rules: "B3.biology|base_centimes: 110|base_centimes: 111"),
        ["an approval that lapses though no limit is set"] = new(
            Rules: "B10.approval_validity_days|value: 0|value: 20"),
        ["a clock that an excused spell resets"] = new(Rules: "S4.excused_spell|value: pauses|value: resets"),
        ["a limit for late filing that is not set"] = new(Rules: "X2.late_filing_days|value: 0|value: 60"),
        ["a tariff that begins a month late"] = new(
            Text: WithTariffOf(NewTariff.AddMonths(1)), Scheme: SchemeWithTariff()),
        ["S1 that ends a day after the receipt"] = new(Logic: inner => new ReceiptCountsADayLate(inner)),
        ["a birthday off by one"] = new(Logic: inner => new BirthdayADayLate(inner)),
        ["coverage tested on the day of filing"] = new(Logic: inner => new CoverageOnTheDayOfFiling(inner)),
        ["rounding per claim instead of per line"] = new(Logic: inner => new RoundedOncePerClaim(inner)),
        ["a flat amount above what was spent"] = new(Logic: inner => new FlatAmountInFull(inner)),
        ["an approval's part paid in full"] = new(Logic: inner => new PartialApprovalInFull(inner)),
        ["an approval used twice"] = new(Logic: inner => new ApprovalNeverUsedUp(inner)),
        ["a duplicate paid"] = new(Logic: inner => new DuplicatesNotSeen(inner)),
        ["an exemption ignored"] = new(Logic: inner => new ExemptionIgnored(inner)),
        ["a missing item not named"] = new(Logic: inner => new MissingItemNotNamed(inner)),
        ["a late fact that readjudicates nothing"] = new(Logic: inner => new LateFactsReachNoClaim(inner)),
        ["a payment booked twice"] = new(Logic: inner => new PaidTwice(inner)),
        ["an overpayment set off twice"] = new(Logic: inner => new SetOffTwice(inner)),
        ["a held contribution that vanishes"] = new(Logic: inner => new HeldContributionVanishes(inner)),
        ["a receipt of the wrong year"] = new(Logic: inner => new ReceiptOfTheWrongYear(inner)),
        ["a surplus that is not held"] = new(Logic: inner => new SurplusNotHeld(inner)),
        ["the end of one coverage that ends all"] = new(Logic: inner => new CoveragesNotToldApart(inner)),
        ["an unconfirmed end that ends"] = new(Logic: inner => new UnconfirmedEndEnds(inner)),
        ["ANAM's later word not heard"] = new(Logic: inner => new WordOfAnamNotHeard(inner)),
        ["a correction that takes both facts"] = new(Logic: inner => new CorrectionTakesBothFacts(inner)),
        ["units of one approval only"] = new(Logic: inner => new UnitsOfOneApproval(inner)),
        ["a late approval that readjudicates nothing"] = new(Logic: inner => new LateApprovalsReachNoClaim(inner)),
        ["an older prosthesis filed later"] = new(Logic: inner => new OlderProsthesisNotHeard(inner)),
        ["a duplicate prosthesis that counts on"] = new(Logic: inner => new DuplicateProsthesisCounts(inner)),
        ["a prosthesis at any place"] = new(Logic: inner => new PlaceOfProsthesisIgnored(inner)),
        ["a prosthesis whatever its elements"] = new(Logic: inner => new ElementsIgnored(inner)),
        ["a refund to the provider"] = new(Logic: inner => new RefundToTheProvider(inner)),
        ["a refund that is not set off"] = new(Logic: inner => new RefundNotSetOff(inner)),
        ["two payees with one account"] = new(Logic: inner => new PayeesNetted(inner)),
        ["another payment that comes back"] = new(Logic: inner => new WrongPaymentComesBack(inner)),
        ["a payment to an account of before"] = new(Logic: inner => new AccountOfTheFirstDeclaration(inner)),
        ["a formal refusal that counts as duplicate"] = new(Logic: inner => new FormalRefusalIsADuplicate(inner)),
        ["a generic ignored"] = new(Logic: inner => new GenericIgnored(inner)),
        ["a missing price not seen"] = new(Logic: inner => new MissingPriceNotSeen(inner)),
        ["a lost event"] = new(Logic: inner => new EventLost(inner)),
        ["an answer of another reason"] = new(Tamper: (_, reply) =>
            reply.Reason == Reason.ClaimClosed ? reply with { Reason = Reason.PaymentNotOrdered } : reply),
        ["a repeated command answered anew"] = new(Tamper: (command, reply) =>
            command.Kind == CommandKind.OrderPayment && reply.Reason == Reason.PaymentAlreadyOrdered
                ? reply with { Outcome = Outcome.Done, Reason = Reason.None }
                : reply),
    };

    public static TheoryData<string> Names { get; } = [.. Defects.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_seeded_defect_is_caught(string name)
    {
        var defect = Defects[name];
        var rulebook = defect.RulebookText is { } text ? Rulebook.Load(text, name) : Rulebook.Embedded;
        var logic = new AmoeLogic(rulebook);
        var comparison = await LivesRun.PlayUntilDisagreement(
            Lives, rulebook, defect.Scheme ?? new Scheme(), defect.Logic?.Invoke(logic) ?? logic, defect.Tamper);
        output.WriteLine(comparison.Report());
        Assert.False(comparison.Agrees, $"{name}: the comparison did not find it");
    }

    [Fact]
    public async Task Without_a_defect_the_same_lives_agree()
    {
        var comparison = await LivesRun.Play(Lives, Rulebook.Embedded, new Scheme());
        Assert.True(comparison.Agrees, comparison.Report());
    }

    [Fact]
    public async Task A_tariff_that_changes_within_the_year_is_the_one_of_the_day_of_care()
    {
        var rulebook = Rulebook.Load(WithTariffOf(NewTariff), "with another tariff");
        var comparison = await LivesRun.Play(Lives, rulebook, SchemeWithTariff());
        Assert.True(comparison.Agrees, comparison.Report());
    }

    private static string WithTariffOf(DateOnly from)
    {
        // The last period of the act is the tariff of March 2019: the new one goes below it.
        const string LastSource =
            "source: \"001, 004 Q30, tariff of March 2019 for the private sector; assumed in the public one\"\n";
        var text = Rulebook.EmbeddedText;
        var at = text.IndexOf(
            LastSource, text.IndexOf("B1.general_practitioner", StringComparison.Ordinal), StringComparison.Ordinal)
                + LastSource.Length;
        return text.Insert(at, $"""
                  - from: {from:yyyy-MM-dd}
                    morocco: {"{"} base: tariff, base_centimes: 10000, rate_basis_points: 8000 {"}"}
                    abroad: not_covered
                    source: "a test"

            """);
    }

    private static Scheme SchemeWithTariff() =>
        new() { GeneralPractitioner = new Scheme().GeneralPractitioner.Then(NewTariff, 100m) };

    /// <summary>The mistake, in one of four places.</summary>
    /// <param name="Rules">An id of the rulebook, what is replaced after it, and by what.</param>
    /// <param name="Text">Or a whole rulebook, of which the model knows another.</param>
    /// <param name="Logic">Or the actors.</param>
    /// <param name="Tamper">Or an answer on its way out.</param>
    private sealed record Defect(
        string? Rules = null, string? Text = null, Scheme? Scheme = null, Func<IActorLogic, IActorLogic>? Logic = null,
        Func<Command, Reply, Reply>? Tamper = null)
    {
        /// <summary>Null where it is the embedded one.</summary>
        public string? RulebookText => Text ?? (Rules is null ? null : EditedRulebook.Text(Rules));
    }
}
