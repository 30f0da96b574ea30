using System.Globalization;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Text;

namespace Amoe.Engine.Cases;

/// <summary>Something that must be true of a case.</summary>
/// <param name="Line">Its line in the file.</param>
/// <param name="Known">The day on which it must be true, as known then; null: once all is known.</param>
internal abstract record Expectation(int Line, DateOnly? Known)
{
    /// <summary>Whose: the student's number in the case.</summary>
    public int Student { get; init; } = 1;

    /// <summary>Texts that the explanation of each of <see cref="Subjects"/> must contain, in any language.</summary>
    public IReadOnlyList<string> Explained { get; init; } = [];

    /// <summary>The day that must have come before it is checked, beside those of what happens.</summary>
    public virtual DateOnly Latest => Known ?? DateOnly.MinValue;

    /// <summary>What it is about, where there is an explanation of it.</summary>
    public virtual IEnumerable<Subject> Subjects => [];

    /// <summary>The differences between what is expected and what came, as known when it must be true.</summary>
    public IEnumerable<Difference> Check(ICaseView view) => [
        .. Compare(view).Select(one => Student == 1 ? one : one with { What = $"student {Student}, {one.What}" }),
        .. Explained.SelectMany(text => Subjects.Where(subject => !subject.Says(view.Reading, text)).Select(subject =>
            new Difference(
                Line, $"the explanation of {subject.Title}", $"a text with '{text}'", "no such text", subject))),
    ];

    protected abstract IEnumerable<Difference> Compare(ICaseView view);

    protected static string Iso(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "none";

    protected static string Mad(long centimes) => (centimes / 100m).ToString("0.00", CultureInfo.InvariantCulture);

    protected static string Named(Reason reason, string none) =>
        reason == Reason.None
            ? none
            : ReasonRules.RuleOf(reason) is { Length: > 0 } rule
            ? $"{SnakeCase<Reason>.NameOf(reason)} ({rule})"
            : SnakeCase<Reason>.NameOf(reason);

    protected IEnumerable<Difference> Compare<T>(string what, T? expected, T got, Func<T, string> show)
        where T : struct
    {
        if (expected is { } wanted && !EqualityComparer<T>.Default.Equals(wanted, got))
            yield return new Difference(Line, what, show(wanted), show(got));
    }
}

/// <summary>Whether the student is entitled on these days and, if not, for which reason.</summary>
/// <param name="Because">The reason; none: the student is entitled.</param>
internal sealed record RightExpectation(int Line, DateOnly? Known, IReadOnlyList<DateOnly> Days, Reason Because)
    : Expectation(Line, Known)
{
    public override DateOnly Latest => Known ?? Days.Max();

    public override IEnumerable<Subject> Subjects => Days.Select(OfDay);

    protected override IEnumerable<Difference> Compare(ICaseView view)
    {
        foreach (var day in Days)
        {
            var got = view.EntitlementOn(day).Reason;
            if (got != Because)
                yield return new Difference(
                    Line, $"the right on {Iso(day)}", Named(Because, "entitled"), Named(got, "entitled"), OfDay(day));
        }
    }

    private Subject OfDay(DateOnly day) => Subject.Right(Student, day, Known);
}

/// <summary>Until when a certificate of a day runs, if there is a right to one (D5).</summary>
internal sealed record CertificateExpectation(int Line, DateOnly? Known, DateOnly On, DateOnly? Until)
    : Expectation(Line, Known)
{
    public override DateOnly Latest => Known ?? On;

    public override IEnumerable<Subject> Subjects => [Subject.Right(Student, On, Known)];

    protected override IEnumerable<Difference> Compare(ICaseView view)
    {
        if (view.EntitlementOn(On).CertificateUntil is var got && got != Until)
            yield return new Difference(
                Line, $"the certificate on {Iso(On)}", Iso(Until), Iso(got), Subject.Right(Student, On, Known));
    }
}

/// <summary>The decision that a line must have.</summary>
internal sealed record LineExpectation(int Line, int Number, long? AmountCentimes, Reason? Reason, string? Rule)
{
    /// <summary>What the patient bears of it (B11).</summary>
    public long? ShareCentimes { get; init; }
}

/// <summary>A claim's status, and its lines.</summary>
internal sealed record ClaimExpectation(
    int Line,
    DateOnly? Known,
    ulong Claim,
    ClaimStatus? Status,
    PaymentMethod? Method,
    FileItems? Missing,
    long? PayableCentimes,
    long? ShareCentimes,
    long? PaidCentimes,
    long? OverpaidCentimes,
    long? RefundCentimes,
    long? RefundPaidCentimes,
    long? RefundOverpaidCentimes,
    IReadOnlyList<LineExpectation> Lines,
    bool AreAllLines) : Expectation(Line, Known)
{
    public override IEnumerable<Subject> Subjects => [Subject.Claim(Student, Claim, Known)];

    protected override IEnumerable<Difference> Compare(ICaseView view)
    {
        if (view.Claim(Claim) is not { } claim)
            return [new Difference(Line, Title, "a claim", "no such claim")];
        Difference[] differences =
        [
            .. Compare($"{Title}, status", Status, claim.Status, SnakeCase<ClaimStatus>.NameOf),
            .. Compare($"{Title}, method", Method, claim.Method, SnakeCase<PaymentMethod>.NameOf),
            .. Compare($"{Title}, missing", Missing, claim.Missing, ItemNames),
            .. Lines.SelectMany(line => Compare(line, claim)),
            .. AreAllLines ? Compare($"{Title}, number of lines", Lines.Count, claim.Outcomes.Length, Number) : [],
            .. Compare($"{Title}, payable", PayableCentimes, claim.PayableCentimes, Mad),
            .. Compare($"{Title}, share", ShareCentimes, LineOutcome.ShareOf(claim.Lines, claim.Outcomes), Mad),
            .. Compare($"{Title}, paid", PaidCentimes, claim.SettledCentimes, Mad),
            .. Compare($"{Title}, overpaid", OverpaidCentimes, claim.OverpaidCentimes, Mad),
            .. Compare($"{Title}, refund", RefundCentimes, claim.RefundCentimes, Mad),
            .. Compare($"{Title}, refund paid", RefundPaidCentimes, claim.RefundSettledCentimes, Mad),
            .. Compare($"{Title}, refund overpaid", RefundOverpaidCentimes, claim.RefundOverpaidCentimes, Mad),
        ];
        return Array.ConvertAll(
            differences, difference => difference with { About = Subject.Claim(Student, Claim, Known) });
    }

    private string Title => $"claim {Claim}";

    private IEnumerable<Difference> Compare(LineExpectation line, ClaimAnswer claim)
    {
        var (what, outcomes) = ($"{Title}, line {line.Number}", claim.Outcomes);
        if (line.Number > outcomes.Length)
            return [new Difference(
                line.Line, what, "a decision", outcomes.Length == 0 ? "none yet" : $"{outcomes.Length} lines")];
        var got = outcomes[line.Number - 1];
        var (rule, gotRule) = (line.Rule, ReasonRules.RuleOf(got.Reason));
        return
        [
            .. Compare($"{what}, amount", line.AmountCentimes, got.AmountCentimes, Mad),
            .. Compare($"{what}, share", line.ShareCentimes, got.ShareOf(claim.Lines[line.Number - 1]), Mad),
            .. Compare($"{what}, reason", line.Reason, got.Reason, reason => Named(reason, "none")),
            .. rule is null || rule == gotRule
                ? Array.Empty<Difference>()
                : [new Difference(line.Line, $"{what}, rule", rule, gotRule)],
        ];
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string ItemNames(FileItems items) => items == FileItems.None
        ? "nothing"
        : string.Join(
            ", ",
            SnakeCase<FileItems>.Values.Where(item => item != FileItems.All && items.HasFlag(item))
                .Select(SnakeCase<FileItems>.NameOf));
}

/// <summary>
/// An event that the student's history must have: its name, and some of its fields.
/// </summary>
/// <param name="Times">How often; null: at least once.</param>
internal sealed record RecordExpectation(
    int Line, DateOnly? Known, string Event, IReadOnlyDictionary<string, string> With,
    int? Times) : Expectation(Line, Known)
{
    protected override IEnumerable<Difference> Compare(ICaseView view)
    {
        var same = view.Events().Select(EventShape.Of).Where(one => one.Name == Event).ToList();
        var found = same.Count(one =>
            With.All(field => one.Fields.TryGetValue(field.Key, out var value) && value == field.Value));
        if (Times is { } times ? found == times : found > 0)
            return [];
        var wanted = $"{(Times is { } n ? $"{n} × " : "")}{Event}{Shown(With)}";
        var got = same.Count == 0
            ? "nothing of the kind"
            : string.Join("; ", same.Select(one => one.Name + Shown(one.Fields)));
        return [new Difference(Line, "the history", wanted, got)];
    }

    private static string Shown(IReadOnlyDictionary<string, string> fields) =>
        fields.Count == 0 ? "" : $" {{ {string.Join(", ", fields.Select(field => $"{field.Key}: {field.Value}"))} }}";
}
