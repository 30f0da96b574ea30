using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Explaining;
using Amoe.Engine.Rules;
using Amoe.Engine.Text;
using Amoe.Engine.Vocabulary;

namespace Amoe.Host.Api.Commands;

/// <summary>
/// Replies as JSON. Amounts are whole centimes, names are those of rule cases, and what has nothing to say is left out.
/// </summary>
internal static class ReplyJson
{
    private static readonly EnumTexts<CommandKind> _kinds = new();
    private static readonly EnumTexts<Outcome> _outcomes = new();
    private static readonly EnumTexts<Reason> _reasons = new();
    private static readonly EnumTexts<Revision> _revisions = new();
    private static readonly EnumTexts<Payee> _payees = new();
    private static readonly EnumTexts<ClaimStatus> _statuses = new();
    private static readonly EnumTexts<PaymentMethod> _methods = new();
    private static readonly EnumTexts<PaymentState> _states = new();
    private static readonly EnumTexts<ApplicationState> _applications = new();
    private static readonly EnumTexts<Category> _categories = new();
    private static readonly EnumTexts<CoverageKind> _coverages = new();
    private static readonly JsonEncodedText _certificateUntil = JsonEncodedText.Encode("certificate_until");
    private static readonly JsonEncodedText _due = JsonEncodedText.Encode("due");
    private static readonly JsonEncodedText _on = JsonEncodedText.Encode("on");
    private static readonly JsonEncodedText _unknown = JsonEncodedText.Encode("unknown");
    private static readonly NameSet _items = NameSet.OfFlags<FileItems>();

    /// <summary>
    /// Writes what a reply says into an object that the caller has begun: the command, its student and its reference or
    /// claim, the outcome, and the answer's own fields.
    /// </summary>
    /// <param name="rules">The rulebook that decides, for the values by which lines were refused.</param>
    public static void WriteFields(Utf8JsonWriter json, StudentId student, in Reply reply, Rulebook? rules = null)
    {
        var id = reply.Command;
        json.WriteString("command"u8, _kinds[id.Kind]);
        json.WriteNumber("student"u8, student.Value);

        // A question has no reference.
        if (id.Kind < CommandKind.AskEntitlement)
        {
            json.WriteNumber(id.Kind < CommandKind.DepositClaim ? "reference"u8 : "claim"u8, id.Reference);
            if (id.Attempt != 0)
                json.WriteNumber("attempt"u8, id.Attempt);
        }

        WriteOutcome(json, reply.Outcome);
        WriteReason(json, reply.Reason);
        switch (reply.Answer)
        {
            case ClaimsRevised revised:
                Write(json, revised);
                break;
            case EntitlementAnswer entitlement:
                WriteFields(json, entitlement);
                break;
            case ClaimAnswer claim:
                WriteFields(json, claim, rules);
                break;
            case StudentAnswer known:
                WriteFields(json, known);
                break;
            case null:
                break;
            default:
                throw new InvalidOperationException($"{reply.Answer.GetType().Name} has no fields in the API");
        }
    }

    /// <summary>Writes the outcome alone: that of a line that marks a day.</summary>
    public static void WriteOutcome(Utf8JsonWriter json, Outcome outcome) =>
        json.WriteString("outcome"u8, _outcomes[outcome]);

    private static void WriteReason(Utf8JsonWriter json, Reason reason)
    {
        if (reason == Reason.None)
            return;
        json.WriteString("reason"u8, _reasons[reason]);
        if (ReasonRules.RuleOf(reason) is { Length: > 0 } rule)
            json.WriteString("rule"u8, rule);
    }

    private static void Write(Utf8JsonWriter json, ClaimsRevised revised)
    {
        json.WriteStartArray("revises"u8);
        foreach (var claim in revised.Claims)
        {
            json.WriteStartObject();
            json.WriteNumber("claim"u8, claim.Claim);
            json.WriteString("now"u8, _revisions[claim.Now]);
            if (claim.Payee != Payee.None)
                json.WriteString("payee"u8, _payees[claim.Payee]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>
    /// Writes whether the student is entitled, and why not, into an object that the caller has begun.
    /// </summary>
    public static void WriteFields(Utf8JsonWriter json, EntitlementAnswer answer)
    {
        json.WriteBoolean("entitled"u8, answer.Entitled);
        WriteReason(json, answer.Reason);
        if (answer.CertificateUntil is { } until)
            JsonDate.Write(json, _certificateUntil, until);
    }

    /// <summary>
    /// The application and the contribution, and whether the student is entitled on the day of the question.
    /// </summary>
    public static void WriteFields(Utf8JsonWriter json, StudentAnswer student)
    {
        json.WriteBoolean("known"u8, student.IsKnown);
        if (!student.IsKnown)
            return;
        if (student.Application != ApplicationState.None)
            json.WriteString("application"u8, _applications[student.Application]);
        json.WriteNumber("year"u8, student.Year);
        json.WriteString("category"u8, _categories[student.Enrolment.Category]);
        json.WriteNumber("institution"u8, student.Enrolment.Institution);
        if (student.Coverage != CoverageKind.None)
            json.WriteString("coverage"u8, _coverages[student.Coverage]);
        json.WriteNumber("owed_centimes"u8, student.OwedCentimes);
        json.WriteNumber("received_centimes"u8, student.ReceivedCentimes);
        if (student.Due is { } due)
            JsonDate.Write(json, _due, due);
        json.WriteBoolean("entitled"u8, student.Reason == Reason.None);
        WriteReason(json, student.Reason);
        if (student.CertificateUntil is { } until)
            JsonDate.Write(json, _certificateUntil, until);
        if (student.Provider != 0)
            json.WriteNumber("provider"u8, student.Provider);
    }

    /// <summary>Writes how a claim is into an object that the caller has begun.</summary>
    /// <param name="rules">The rulebook that decides; null leaves the values of its parameters out.</param>
    public static void WriteFields(Utf8JsonWriter json, ClaimAnswer claim, Rulebook? rules)
    {
        json.WriteString("status"u8, claim.Status == ClaimStatus.None ? _unknown : _statuses[claim.Status]);
        if (claim.Status == ClaimStatus.None)
            return;
        if (claim.Missing != FileItems.None)
            WriteMissing(json, claim.Missing);
        if (claim.Method != PaymentMethod.None)
            json.WriteString("method"u8, _methods[claim.Method]);
        json.WriteNumber("payable_centimes"u8, claim.PayableCentimes);
        json.WriteNumber("share_centimes"u8, claim.ShareCentimes);
        json.WriteNumber("paid_centimes"u8, claim.SettledCentimes);
        json.WriteNumber("in_transit_centimes"u8, claim.InTransitCentimes);
        json.WriteNumber("overpaid_centimes"u8, claim.OverpaidCentimes);
        json.WriteNumber("refund_centimes"u8, claim.RefundCentimes);
        json.WriteNumber("refund_paid_centimes"u8, claim.RefundSettledCentimes);
        json.WriteNumber("refund_overpaid_centimes"u8, claim.RefundOverpaidCentimes);
        json.WriteBoolean("appeal_pending"u8, claim.AppealPending);
        WriteLines(json, claim, rules);
        WritePayments(json, claim.Payments);
    }

    private static void WriteMissing(Utf8JsonWriter json, FileItems missing)
    {
        json.WriteStartArray("missing"u8);
        for (var flags = (uint)missing; flags != 0; flags &= flags - 1)
            json.WriteStringValue(
                _items.NameOf(flags & ~(flags - 1))
                    ?? throw new InvalidOperationException($"{missing} has an item without a name"));
        json.WriteEndArray();
    }

    /// <summary>Each line as it was deposited and, once it was adjudicated, what was decided on it.</summary>
    private static void WriteLines(Utf8JsonWriter json, ClaimAnswer claim, Rulebook? rules)
    {
        var values = new FieldValues(stackalloc long[FieldValues.Count]);
        json.WriteStartArray("lines"u8);
        for (var i = 0; i < claim.Lines.Length; i++)
        {
            json.WriteStartObject();
            CommandValues.Take(claim.Lines[i], values);
            new CommandWriter(json, values, null).WriteFields(ApiCommands.Line);
            if (i < claim.Outcomes.Length)
            {
                var outcome = claim.Outcomes[i];
                json.WriteNumber("amount_centimes"u8, outcome.AmountCentimes);
                json.WriteNumber("share_centimes"u8, outcome.ShareOf(claim.Lines[i]));
                if (outcome.RefundCentimes != 0)
                    json.WriteNumber("refund_centimes"u8, outcome.RefundCentimes);
                WriteReason(json, outcome.Reason);
                if (rules is not null)
                    WriteParameters(json, LineParameters.Of(rules, claim.Lines[i], outcome.Reason));
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>The values of the rulebook that a decision rests on, by their ids.</summary>
    private static void WriteParameters(Utf8JsonWriter json, IReadOnlyList<ParameterUse> parameters)
    {
        if (parameters.Count == 0)
            return;
        json.WriteStartObject("parameters"u8);
        foreach (var (id, _, _, unit, _, _, value, _) in parameters.Select(use => use.Period))
        {
            json.WriteStartObject(id);
            if (long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
                json.WriteNumber("value"u8, number);
            else
                json.WriteString("value"u8, value);
            json.WriteString("unit"u8, unit);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WritePayments(Utf8JsonWriter json, Payment[] payments)
    {
        json.WriteStartArray("payments"u8);
        foreach (var (index, payment) in payments.Index())
        {
            json.WriteStartObject();
            json.WriteNumber("payment"u8, index + 1);
            json.WriteNumber("amount_centimes"u8, payment.AmountCentimes);
            JsonDate.Write(json, _on, payment.On);
            if (payment.Method != PaymentMethod.None)
                json.WriteString("method"u8, _methods[payment.Method]);
            json.WriteString("state"u8, _states[payment.State]);
            if (payment.Payee != Payee.None)
                json.WriteString("payee"u8, _payees[payment.Payee]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>The names of an enum of a byte, as they are written.</summary>
    private sealed class EnumTexts<T>
        where T : struct, Enum
    {
        private readonly JsonEncodedText[] _texts = [.. Enumerable.Range(0, byte.MaxValue + 1)
            .Select(value => JsonEncodedText.Encode(SnakeCase<T>.NameOf((T)Enum.ToObject(typeof(T), value))))];

        public JsonEncodedText this[T value] => _texts[Unsafe.BitCast<T, byte>(value)];
    }
}
