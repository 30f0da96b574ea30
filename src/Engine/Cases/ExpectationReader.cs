using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Text;
using YamlDotNet.RepresentationModel;

namespace Amoe.Engine.Cases;

/// <summary>One kind of expectation: the key that names it, and what it may say beside.</summary>
internal sealed record ExpectationDefinition(
    string Key, string Text, string[] Keys, Func<CaseFields, Expectation> Read);

/// <summary>Reads what must be true of a case, each by the key it begins with.</summary>
internal static class ExpectationReader
{
    public static readonly string[] LineKeys = ["amount", "reason", "rule"];

    /// <summary>The keys of one of the lines; beside the claim's own keys 'share' is that of all lines.</summary>
    public static readonly string[] OneOfLinesKeys = [.. LineKeys, "share"];

    private static readonly string[] CommonKeys = ["student", "known", "explained"];

    private static readonly string[] WholeKeys = [
        "lines", "status", "method", "missing", "payable", "share", "paid", "overpaid", "refund", "refund_paid",
        "refund_overpaid"
    ];

    public static IReadOnlyList<ExpectationDefinition> All { get; } =
    [
        new(
            "entitled", "The days on which he is entitled", [.. CommonKeys],
            fields => Right(fields, "entitled", Reason.None)),
        new(
            "not_entitled", "The days on which he is not, and why", ["because", .. CommonKeys],
            fields => Right(fields, "not_entitled", fields.Reason("because", CaseReasons.OfEntitlement))),
        new("certificate", "The day for which a certificate is asked, and until when it runs; without 'until' there is none", [
            "until", .. CommonKeys
        ], fields =>
            new CertificateExpectation(
                fields.Line, fields.MaybeDay("known"), fields.Day("certificate"), fields.MaybeDate("until"))),
        new(
            "claim", "A claim's number: what was decided on one of its lines, or on all, and its status",
            ["line", .. LineKeys, .. WholeKeys, .. CommonKeys], fields => Claim(fields)),
        new(
            "recorded", "An event of the history by its name, with fields it has", [
                "with", "times", "student", "known"
            ],
            Recorded),
        OfAccount(
            "institution", "The number of an institution, and the contributions in its account", PartyId.Institution,
            AccountFigure.OfInstitutions),
        OfAccount(
            "provider", "The number of a provider, and its account: payments, and what it owes back", PartyId.Provider,
            AccountFigure.OfProviders),
    ];

    /// <param name="students">How many students the case has.</param>
    public static Expectation Read(YamlFile file, YamlNode node, int students)
    {
        if (node is not YamlMappingNode mapping)
            throw file.Error(node, "what is expected must be a mapping");
        var keys = mapping.Children.Keys.Select(key => file.Text(key, "a key")).ToList();
        var definitions = All.Where(one => keys.Contains(one.Key)).ToList();
        if (definitions.Count != 1)
            throw file.Error(
                node, $"what is expected has one of the keys {string.Join(", ", All.Select(one => one.Key))}");
        var fields = CaseFields.Of(file, node, $"'{definitions[0].Key}'", [definitions[0].Key, .. definitions[0].Keys]);
        var expected = definitions[0].Read(fields) with { Student = fields.Student(students) };
        return fields.Has("explained")
            ? expected with { Explained = fields.OneOrMore("explained", (from, text, what) => from.Text(text, what)) }
            : expected;
    }

    private static ExpectationDefinition OfAccount(
        string key, string text, Func<int, PartyId> party, IReadOnlyList<AccountFigure> figures) => new(
        key, text, [.. figures.Select(figure => figure.Key), "known"], fields =>
        {
            var named = figures.Where(figure => fields.Has(figure.Key)).ToList();
            return named.Count > 0
                ? new AccountExpectation(
                    fields.Line, fields.MaybeDay("known"), party((int)fields.Whole(key, 1, int.MaxValue)),
                    [.. named.Select(figure => (figure, fields.Centimes(figure.Key)))])
                : throw fields.Error($"says none of {string.Join(", ", figures.Select(figure => figure.Key))}");
        });

    private static RightExpectation Right(CaseFields fields, string key, Reason because) =>
        new(
            fields.Line, fields.MaybeDay("known"), fields.OneOrMore(key, CaseFields.DayOf), because);

    private static ClaimExpectation Claim(CaseFields fields)
    {
        var isOneLine = LineKeys.Append("line").Any(fields.Has);
        if (isOneLine && fields.Has("lines"))
            throw fields.Error("lines", "are all of them: the keys of one line do not stand beside");
        IReadOnlyList<LineExpectation> lines = fields.Has("lines")
            ? [.. fields.Maps("lines", "a line", OneOfLinesKeys)
                .Select((line, index) => Line(line, index + 1) with { ShareCentimes = line.MaybeCentimes("share") })]
            : isOneLine ? [Line(fields, (int)fields.Whole("line", 1, 1, DepositClaim.MaxLines))] : [];
        return new ClaimExpectation(
            fields.Line,
            fields.MaybeDay("known"),
            (ulong)fields.Whole("claim", 1, 1_000_000),
            fields.Has("status") ? fields.Name<ClaimStatus>("status") : null,
            fields.Has("method") ? fields.Name<PaymentMethod>("method") : null,
            fields.Has("missing") ? fields.Flags<FileItems>("missing") : null,
            fields.MaybeCentimes("payable"),
            fields.MaybeCentimes("share"),
            fields.MaybeCentimes("paid"),
            fields.MaybeCentimes("overpaid"),
            fields.MaybeCentimes("refund"),
            fields.MaybeCentimes("refund_paid"),
            fields.MaybeCentimes("refund_overpaid"),
            lines,
            fields.Has("lines"));
    }

    /// <summary>
    /// A line that says an amount and no reason is paid in full, one that says a reason and no amount is refused.
    /// </summary>
    private static LineExpectation Line(CaseFields fields, int number)
    {
        var reason = fields.Has("reason") ? fields.Reason("reason", CaseReasons.OfLines) : Reason.None;
        var amount = fields.MaybeCentimes("amount")
            ?? (reason == Reason.None ? throw fields.Error("has neither an 'amount' nor a 'reason'") : 0);
        return new LineExpectation(fields.Line, number, amount, reason, fields.MaybeRule("rule"));
    }

    private static RecordExpectation Recorded(CaseFields fields)
    {
        var name = fields.Name("recorded", EventShape.Names);
        var with = new Dictionary<string, string>(StringComparer.Ordinal);
        if (fields.Has("with"))
        {
            var known = EventShape.FieldNames(name).ToArray();
            var map = fields.Map("with", known);
            foreach (var field in known.Where(map.Has))
                with[field] = EventShape.Read(map, name, field);
        }

        return new RecordExpectation(
            fields.Line, fields.MaybeDay("known"), name, with,
            fields.Has("times") ? (int)fields.Whole("times", 0, 1_000) : null);
    }
}
