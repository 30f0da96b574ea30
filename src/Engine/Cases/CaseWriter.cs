using System.Globalization;
using System.Text;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Explaining;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Engine.Text;

namespace Amoe.Engine.Cases;

/// <summary>
/// Writes a student's history as a case: each command as a step, with the answer it had, and what is known at the end
/// as what is expected.
/// </summary>
/// <param name="reading">The student's records, at least one.</param>
/// <param name="source">Where they are from, for a comment.</param>
internal sealed class CaseWriter(StudentReading reading, string source)
{
    private readonly StringBuilder _text = new();
    private readonly CommandRestorer _restorer = new(reading.Entries);
    private readonly SortedDictionary<ulong, int> _claims = Numbered(
        reading.Entries.Where(entry => StudentReading.IsForClaim(entry.Header.Kind))
            .Select(entry => entry.Header.Id.Reference));

    private readonly SortedDictionary<ulong, int> _approvals = Numbered(
        reading.Entries
            .Where(entry => entry.Header.Kind is CommandKind.RequestApproval or CommandKind.DecideApproval)
            .Select(entry => entry.Header.Id.Reference));

    /// <summary>The text of a case file.</summary>
    /// <exception cref="CaseException">Something of it no case can say. The message is one line.</exception>
    public static string Write(StudentReading reading, string source)
    {
        var writer = new CaseWriter(reading, source);
        writer.RequireOneRulebook();
        writer.Head();
        writer.Given();
        writer.Expect();
        return writer._text.ToString();
    }

    /// <summary>In the order of the numbers, which decides some things: who of two claims keeps an approval.</summary>
    private static SortedDictionary<ulong, int> Numbered(IEnumerable<ulong> numbers) => new(
        numbers.Distinct().Order().Select((number, index) => (number, index + 1)).ToDictionary());

    private void RequireOneRulebook()
    {
        var first = reading.RulesAt(reading.Entries[0]);
        if (reading.Entries.FirstOrDefault(entry => !ReferenceEquals(reading.RulesAt(entry), first)) is { } other)
            throw new CaseException(
                $"{source}: another rulebook decides of student {reading.Student} from {Iso(other.Header.Known)} on, and a case has one");
    }

    private void Head()
    {
        Line($"# Student {reading.Student} of {source}, as known on {Iso(reading.KnownOn)}.");
        var name = ShippedRulebooks.NameOf(reading.RulesAt(reading.Entries[0]).Text);
        if (name != ShippedRulebooks.Amended)
            Line($"# Decided by another rulebook than the usual one: amoe rules test FILE --rules {name ?? source}");
        if (_claims.Count > 0)
            Line($"# Claims by their sheets: {Pairs(_claims)}.");
        if (_approvals.Count > 0)
            Line($"# Approvals by their requests: {Pairs(_approvals)}.");
        Line("cases:");
        Line($"  - case: student {reading.Student}");
        Line($"    rules: [{string.Join(", ", Rules())}]");
        if (HasProviderDebt())
            Line("    accounts: false # What the provider's account set off is among the steps.");
        ulong[] drawn = [.. reading.Claims.Where(IsDrawn).Select(claim => claim.Number)];
        if (drawn.Length > 0)
            Line($"    drawn: [{string.Join(", ", drawn.Select(claim => _claims[claim]))}]");
    }

    /// <summary>The rules that the explanations of the student and the claims cite.</summary>
    private IEnumerable<string> Rules()
    {
        var cited = reading.Claims.Select(claim => Explainer.Claim(reading, claim.Number))
            .Append(Explainer.Student(reading, reading.KnownOn))
            .SelectMany(explanation => explanation.All())
            .Select(explanation => explanation.Rule).ToHashSet();
        return SchemeRules.Ids.Where(cited.Contains).DefaultIfEmpty("D1");
    }

    /// <summary>
    /// True where a provider owed something back: what its account set off depends on the claims of other students too.
    /// </summary>
    private bool HasProviderDebt() => reading.Entries.SelectMany(entry => entry.Events).Any(e =>
        e is OverpaymentRaised { Payee: Payee.None } raised
            && reading.FindClaim(raised.Claim)?.Way == ClaimWay.ThirdParty);

    private bool IsDrawn(Claim claim) => ReviewSample.IsDrawn(
        reading.Student, claim.Number,
        reading.RulesAt(reading.Entries[0]).On(claim.DepositedOn).ReviewShareBasisPoints);

    private void Given()
    {
        var steps = new StepWriter(_claims, _approvals);
        Line("    given:");
        HistoryEntry[] entries = [.. reading.Entries.Where(entry => entry.Header.IsCommand)];
        Command?[] commands = Array.ConvertAll(entries, Restored);
        for (var i = 0; i < entries.Length;)
        {
            if (commands[i] is null)
            {
                Line($"      # {Iso(entries[i].Header.Known)}: {Named(entries[i])}; a journal does not keep what was refused.");
                i++;
                continue;
            }

            Command[] row = [.. commands[i..].TakeWhile(command => command is not null).OfType<Command>()];
            var shorthand = Shorthand.At(row) is { } found && IsWithoutRefusal(entries[i..(i + found.Count - 1)])
                ? found
                : (Shorthand?)null;
            var count = shorthand?.Count ?? 1;
            Line($"      - {steps.Write(row.AsSpan(0, count), shorthand?.What, Gives(entries[i + count - 1].Header))}");
            i += count;
        }

        Line($"      - {StepWriter.Day(reading.KnownOn)}");
    }

    /// <summary>The command of a record; null where it was refused and its content is not in the journal.</summary>
    /// <exception cref="CaseException">It was not refused.</exception>
    private Command? Restored(HistoryEntry entry) =>
        _restorer.Restore(entry) ?? (entry.Events is [CommandRefused]
            ? null
            : throw new CaseException(
                $"{source}: the record {entry.Offset} of student {reading.Student}, {Named(entry)}, does not give its command back"));

    /// <summary>All but the last command of a shorthand must not be refused.</summary>
    private static bool IsWithoutRefusal(HistoryEntry[] entries) =>
        Array.TrueForAll(entries, entry => CaseRunner.IsNoRefusal(entry.Header.Outcome));

    private static string Named(HistoryEntry entry) =>
        $"{SnakeCase<CommandKind>.NameOf(entry.Header.Kind)} of {Iso(entry.Header.Effective)} gave {string.Join(", ", Names(entry.Header))}";

    private static string[] Gives(RecordHeader header) =>
        header is { Outcome: Outcome.Done, Reason: Reason.None } ? [] : Names(header);

    private static string[] Names(RecordHeader header) => header.Reason == Reason.None
        ? [SnakeCase<Outcome>.NameOf(header.Outcome)]
        : [SnakeCase<Outcome>.NameOf(header.Outcome), SnakeCase<Reason>.NameOf(header.Reason)];

    private void Expect()
    {
        Line("    expect:");
        foreach (var days in Turns().GroupBy(day => Entitlement.On(reading.Now, day)))
            Line($"      - {Right(days.Key, [.. days.Select(Iso)])}");
        foreach (var claim in reading.Claims)
            Line($"      - {Of(claim)}");

        // A refusal is its step's, or was left out with it.
        foreach (var events in reading.Entries.SelectMany(entry => entry.Events)
            .Where(e => e is not CommandRefused)
            .GroupBy(EventShape.NameOf))
            Line($"      - {new FlowMap().Add("recorded", events.Key).Add("times", events.Count())}");
    }

    /// <summary>The days on which entitlement begins or ends, and those before: between them it is the same.</summary>
    private IEnumerable<DateOnly> Turns()
    {
        var insurance = reading.Now.Insurance;
        return (insurance?.Rights ?? []).SelectMany(right => new[] { right.From, Days.After(right.GraceUntil) })
            .Concat((insurance?.Suspensions ?? []).SelectMany(one => new[] { one.From, Days.After(one.Until) }))
            .SelectMany(day => new[] { Days.Before(day), day })
            .Where(CommandBounds.IsDay)
            .DefaultIfEmpty(reading.KnownOn)
            .Distinct().Order();
    }

    /// <summary>As known at the end: when a later day comes, something may fall due.</summary>
    private FlowMap Right(Reason because, IReadOnlyList<string> days) =>
        (because == Reason.None
            ? new FlowMap().AddNames("entitled", days)
            : new FlowMap().AddNames("not_entitled", days).AddName("because", because))
        .Add("known", reading.KnownOn);

    private FlowMap Of(Claim claim)
    {
        var answer = ClaimAnswer.Of(claim);
        var map = new FlowMap().Add("claim", _claims[claim.Number]).AddName("status", answer.Status);
        map.AddName("method", answer.Method).AddNames("missing", StepWriter.NamesOf(answer.Missing));
        if (answer.Outcomes.Length > 0)
            map.AddAll("lines", answer.Outcomes.Select(Of));
        map.AddAmount("payable", answer.PayableCentimes).AddAmount("share", answer.ShareCentimes);
        map.AddAmount("paid", answer.SettledCentimes).AddAmount("overpaid", answer.OverpaidCentimes);
        if (claim.Way == ClaimWay.ThirdParty)
            map.AddAmount("refund", answer.RefundCentimes).AddAmount("refund_paid", answer.RefundSettledCentimes)
                .AddAmount("refund_overpaid", answer.RefundOverpaidCentimes);
        return map;
    }

    private static string Of(LineOutcome line)
    {
        var map = new FlowMap();
        if (line.AmountCentimes > 0 || line.Reason == Reason.None)
            map.AddAmount("amount", line.AmountCentimes);
        return map.AddName("reason", line.Reason).ToString();
    }

    private static string Pairs(SortedDictionary<ulong, int> numbers) =>
        string.Join(", ", numbers.Select(pair => $"{pair.Value} is {pair.Key}"));

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private void Line(string line) => _text.Append(line).Append('\n');
}
