using System.Text;
using System.Text.Json;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests;
using Amoe.Engine.Tests.Journal;
using Amoe.Engine.Vocabulary;
using Amoe.Host.Api.Commands;

namespace Amoe.Host.Tests.Api;

/// <summary>A reply in JSON says what the engine answered, in the words of rule cases.</summary>
public sealed class ReplyJsonTests
{
    private static readonly StudentId _student = new(16);
    private static readonly DateOnly _day = new(2025, 9, 15);

    [Fact]
    public void A_command_that_was_done_is_named_with_its_reference() => AssertWritten(
        """{"command":"declare","student":16,"reference":1,"outcome":"done"}""",
        new Reply(new CommandId(CommandKind.Declare, 1), Outcome.Done));

    [Fact]
    public void A_refusal_has_its_reason_and_the_rule_that_it_rests_on() => AssertWritten(
        """{"command":"deposit_claim","student":16,"claim":28412,"attempt":2,"outcome":"refused","reason":"wrong_claim_desk","rule":"K6"}""",
        new Reply(new CommandId(CommandKind.DepositClaim, 28_412, 2), Outcome.Refused, Reason.WrongClaimDesk));

    [Fact]
    public void A_reason_of_order_has_no_rule() => AssertWritten(
        """{"command":"declare","student":16,"reference":1,"outcome":"refused","reason":"malformed"}""",
        new Reply(new CommandId(CommandKind.Declare, 1), Outcome.Refused, Reason.Malformed));

    [Fact]
    public void Claims_that_a_command_revised_are_named_with_what_they_ask_for() => AssertWritten(
        """{"command":"report_other_coverage","student":16,"reference":3,"outcome":"done","revises":[{"claim":2,"now":"overpaid","payee":"student"},{"claim":4,"now":"payable"}]}""",
        new Reply(
            new CommandId(CommandKind.ReportOtherCoverage, 3), Outcome.Done,
            Answer: new ClaimsRevised(
                [new RevisedClaim(2, Revision.Overpaid, Payee.Student), new RevisedClaim(4, Revision.Payable)])));

    [Fact]
    public void An_answer_on_entitlement_says_yes_with_the_certificate_s_last_day_or_no_with_the_reason()
    {
        var question = new CommandId(CommandKind.AskEntitlement, 0);
        AssertWritten(
            """{"command":"ask_entitlement","student":16,"outcome":"answered","entitled":true,"certificate_until":"2026-07-31"}""",
            new Reply(
                question, Outcome.Answered,
                Answer: new EntitlementAnswer(true, Reason.None, new DateOnly(2026, 7, 31))));
        AssertWritten(
            """{"command":"ask_entitlement","student":16,"outcome":"answered","entitled":false,"reason":"suspended_for_contribution","rule":"S1"}""",
            new Reply(
                question, Outcome.Answered,
                Answer: new EntitlementAnswer(false, Reason.SuspendedForContribution, null)));
    }

    [Fact]
    public void An_answer_on_a_claim_has_its_status_lines_amounts_and_payments()
    {
        var answer = new ClaimAnswer(
            ClaimStatus.Paid, FileItems.None,
            [
                new ClaimLine(Act.GeneralPractitioner, CareSector.Private, _day, 1, 10_000, 0),
                new ClaimLine(Act.Dialysis, CareSector.Public, _day, 2, 5_000, 6_000)
            ],
            [new LineOutcome(Reason.None, 6_400), new LineOutcome(Reason.ThirdPartyOnly, 0)], 6_400,
            PaymentMethod.BankTransfer)
        {
            SettledCentimes = 6_400,
            Payments = [new Payment(6_400, _day, PaymentMethod.BankTransfer, PaymentState.Confirmed)],
        };
        AssertWritten(
            """{"command":"ask_claim","student":16,"outcome":"answered","status":"paid","method":"bank_transfer","payable_centimes":6400,"share_centimes":8600,"paid_centimes":6400,"in_transit_centimes":0,"overpaid_centimes":0,"refund_centimes":0,"refund_paid_centimes":0,"refund_overpaid_centimes":0,"appeal_pending":false,"""
            + """ "lines":[{"act":"general_practitioner","sector":"private","care":"2025-09-15","quantity":1,"paid_centimes":10000,"amount_centimes":6400,"share_centimes":3600},"""
            + """{"act":"dialysis","sector":"public","care":"2025-09-15","quantity":2,"paid_centimes":5000,"reference_centimes":6000,"amount_centimes":0,"share_centimes":5000,"reason":"third_party_only","rule":"K2"}],"""
            + """ "payments":[{"payment":1,"amount_centimes":6400,"on":"2025-09-15","method":"bank_transfer","state":"confirmed"}]}""",
            new Reply(new CommandId(CommandKind.AskClaim, 0), Outcome.Answered, Answer: answer));
    }

    [Fact]
    public void A_line_that_a_value_of_the_rulebook_refuses_names_it_as_of_its_day_of_care()
    {
        var rules = Rulebook.Load(
            """
            amends: amoe
            parameters:
              - id: X2.late_filing_days
                values:
                  - from: 2025-01-01
                    value: 60
                    source: "a test"
                  - from: 2025-09-16
                    value: 30
                    source: "a test"
            """,
            "a test");
        (Act Act, DateOnly Care, Reason Reason)[] decided =
        [
            (Act.GeneralPractitioner, _day, Reason.LateFiling), (
                Act.GeneralPractitioner, _day.AddDays(1), Reason.LateFiling), (
                Act.PartialDenture, _day, Reason.ProsthesisTooRecent),
            (Act.Dialysis, _day, Reason.ThirdPartyOnly), (Act.GeneralPractitioner, _day, Reason.DuplicateLine),
        ];
        ClaimLine[] lines = [
            .. decided.Select(line => new ClaimLine(line.Act, CareSector.Private, line.Care, 1, 10_000, 0))];
        LineOutcome[] outcomes = [.. decided.Select(line => new LineOutcome(line.Reason, 0))];
        using var json = JsonDocument.Parse(ApiMaker.Written(writer =>
        {
            writer.WriteStartObject();
            ReplyJson.WriteFields(
                writer, new ClaimAnswer(ClaimStatus.Paid, FileItems.None, lines, outcomes, 0, PaymentMethod.None),
                rules);
            writer.WriteEndObject();
        }));
        string[] parameters = [
            .. json.RootElement.GetProperty("lines").EnumerateArray().Select(
            line => line.TryGetProperty("parameters", out var named) ? named.ToString() : "")];
        Assert.Equal("""{"X2.late_filing_days":{"value":60,"unit":"days"}}""", parameters[0]);
        Assert.Equal("""{"X2.late_filing_days":{"value":30,"unit":"days"}}""", parameters[1]);
        Assert.Equal("""{"B6.prosthesis_renewal_years":{"value":5,"unit":"years"}}""", parameters[2]);
        Assert.StartsWith("""{"B8.dialysis":{"value":""", parameters[3], StringComparison.Ordinal);
        Assert.Equal("", parameters[4]);
    }

    [Fact]
    public void A_returned_file_names_every_missing_item_also_what_only_lines_can_say()
    {
        var answer = new ClaimAnswer(
            ClaimStatus.Returned, FileItems.StudentCin | FileItems.LinePrice, [], [], 0, PaymentMethod.None);
        using var json = JsonDocument.Parse(
            Text(new Reply(new CommandId(CommandKind.AskClaim, 0), Outcome.Answered, Answer: answer)));
        Assert.Equal(
            ["student_cin", "line_price"],
            json.RootElement.GetProperty("missing").EnumerateArray().Select(item => item.GetString()));
    }

    [Fact]
    public void A_claim_that_is_not_known_has_that_status_and_nothing_else() => AssertWritten(
        """{"command":"ask_claim","student":16,"outcome":"answered","status":"unknown"}""",
        new Reply(
            new CommandId(CommandKind.AskClaim, 0), Outcome.Answered,
            Answer: new ClaimAnswer(ClaimStatus.None, FileItems.None, [], [], 0, PaymentMethod.None)));

    [Fact]
    public void Every_outcome_and_reason_is_written_by_the_engine_s_name() => Properties.Check(
        Properties.FromSeeds(random => new Reply(
            new CommandId(CommandKind.Declare, 5), (Outcome)new Maker(random, 1).Value(typeof(Outcome), "")!,
            (Reason)new Maker(random, 1).Value(typeof(Reason), "")!)),
        one =>
        {
            using var json = JsonDocument.Parse(Text(one.Made));
            var reason = json.RootElement.TryGetProperty("reason", out var said) ? said.GetString() : "none";
            return (json.RootElement.GetProperty("outcome").GetString(), reason)
                == (Engine.Text.SnakeCase<Outcome>.NameOf(one.Made.Outcome),
                    Engine.Text.SnakeCase<Reason>.NameOf(one.Made.Reason));
        });

    private static void AssertWritten(string json, in Reply reply) =>
        Assert.Equal(json.Replace(", \"", ",\"", StringComparison.Ordinal), Text(reply));

    private static string Text(Reply reply) => Encoding.UTF8.GetString(ApiMaker.Written(json =>
    {
        json.WriteStartObject();
        ReplyJson.WriteFields(json, _student, reply);
        json.WriteEndObject();
    }));
}
