using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amoe.Engine.Cases;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Reference;
using Amoe.Engine.Text;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Tests.Cases;

/// <summary>
/// The schema an editor checks case files by, made from what the reader reads: a key that is read and not described
/// here fails the test, and the other way round.
/// </summary>
internal sealed class CaseSchema
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    private readonly HashSet<string> _used = new(StepReader.RevisedKeys, StringComparer.Ordinal);
    private readonly SortedDictionary<string, Type> _types = new(StringComparer.Ordinal);

    private readonly Dictionary<string, (string Text, Func<JsonObject> Shape)> _keys = new(StringComparer.Ordinal)
    {
        // A case.
        ["case"] = ("What the case shows, in words that no other case of the file has", Text),
        ["rules"] = ("The rules of the scheme it is a case of", () => OneOrMore(() => Names(SchemeRules.Ids))),
        ["note"] = ("How the expected values were found", Text),
        ["student"] = ("The student's number, where the case has several; 1 if not said", Whole),
        ["accounts"] =
            ("False where no account sets anything off by itself, as in the history of one student of a journal", Truth),
        [
            "parameters"] =
                ("Parameters or acts of the rulebook by id, with another value for this case: { X2.late_filing_days: 60 }, or from a day on: { id: { from: 2023-10-01, value: 60 } }, or a list of such changes",
                    () => OrRow(new JsonObject { ["type"] = "object" })),
        ["drawn"] = ("The claims that the lot picks for a physician's review; it picks no other",
            () => new JsonObject()),
        ["given"] = ("What happens, in the order in which it becomes known", () => new JsonObject()),
        ["expect"] = ("What must be true of it", () => new JsonObject()),
        [
            "rows"] =
                ("A table: the case is played for each row, and $name is replaced by the value of that name in the row",
                    () => new JsonObject()),

        // A step.
        ["on"] = ("The day on which it takes effect", Date),
        ["what"] = ("What happens", () => Names([.. StepCatalog.All.Select(one => one.What)])),
        ["known"] = ("The day on which it becomes known, 'on' if not said; of what is expected: as known on that day",
            Date),
        ["gives"] = ("What must come of it: an outcome, a reason, or both; if not said, anything but a refusal",
            () => OneOrMore(() => Names(StepReader.CanGive))),
        ["rule"] = ("The rule the reason must rest on", () => Names(SchemeRules.Ids)),
        ["revises"] = ("The other claims that it revises, and what each asks for now; an empty list for none", Revises),
        ["now"] = ("What the revised claim asks for", Names<Revision>),
        ["again"] = ("True: the same command as before, sent again", Truth),
        ["category"] = ("The category of the institution (D2)", Names<Category>),
        ["cycle"] = ("The course (E1)", Names<Cycle>),
        ["born"] = ("The date of birth", Date),
        ["paid_track"] = ("True for a paid track of a public institution", Truth),
        ["institution"] = ("The institution's number", Whole),
        ["bank_account"] = ("Whether a bank account is on record", Truth),
        ["year"] = ("The academic year, by the year in which it starts; that of the day if not said", Whole),
        ["right_from"] = ("The first day of the right", Date),
        ["enrolled"] = ("The day of enrolment, if it is another", Date),
        ["coverage"] = ("The other coverage; none if not said", Names<CoverageKind>),
        ["desk"] = ("Where it is handed in; at the right one if not said",
            () => Names([.. SnakeCase<DeskNetwork>.Names.Union(SnakeCase<ApplicationDesk>.Names)])),
        ["amount"] = ("In dirhams, with two decimals at most", Amount),
        ["holder"] = ("Whose insurance the coverage is; not said if not said", Names<CoverageHolder>),
        ["by_anam"] = ("False where the student reports it himself", Truth),
        ["reason"] = ("Why studies are interrupted; of a line, why it is refused or paid in part",
            () => Names([.. SnakeCase<InterruptionReason>.Names, .. CaseReasons.OfLines])),
        ["granted"] = ("False where it is refused", Truth),
        ["illness"] = ("The illness's number in the Minister's list", Whole),
        ["until"] = ("The last day", Date),
        ["approval"] = ("The approval's number; 1 if not said", Whole),
        ["act"] = ("The kind of care, named as in the rulebook", Names<Act>),
        ["units"] = ("Sessions, elements or stays", Whole),
        ["fact"] = ("What kind of fact is taken back", Names<CommandKind>),
        ["claim"] = ("The claim's number; of what happens, 1 if not said", Whole),
        ["way"] = ("Who is paid: the student, if not said, or the provider", Names<ClaimWay>),
        ["provider"] = ("The provider's number", Whole),
        ["patient_is_student"] = ("False where the patient is somebody else", Truth),
        ["without"] = ("What the file lacks; nothing if not said", () => OneOrMore(Names<FileItems>)),
        ["has"] = ("What the file has, and nothing else", () => OneOrMore(Names<FileItems>)),
        ["brings"] = ("What is brought now", () => OneOrMore(Names<FileItems>)),
        ["is_duplicate"] = ("False where it is none", Truth),
        ["lines"] = ("The lines of a claim; a claim of one line may say its keys itself", () => new JsonObject()),
        ["sector"] = ("Where the care was given; private if not said", Names<CareSector>),
        ["care"] = ("The day of care; the day of deposit if not said", Date),
        ["quantity"] = ("Sessions, boxes or cotation; 1 if not said", Whole),
        [
            "paid"] =
                ("What was paid, or billed, for the whole line, in dirhams; of what is expected: paid and set off, less what came back and was recovered",
                    Amount),
        ["reference"] = ("The reference tariff or public price for the whole line, in dirhams", Amount),
        ["generic"] = ("The public price of the generic for the whole line, in dirhams", Amount),
        ["elements"] = ("Elements of a bridge, teeth of a denture", Whole),
        ["teeth"] = ("Where a prosthesis is: upper, lower, or the numbers of teeth",
            () => OneOrMore(() => new JsonObject { ["type"] = new JsonArray("string", "integer") })),
        ["payment"] = ("The payment's number within the claim, from 1; the only one that can be meant if not said",
            Whole),
        [
            "payee"] =
                ("Who pays back; if not said, the provider of a third-party claim while it owes something, else the student",
                    Names<Payee>),
        ["circumstances"] = ("What the conditions of some acts depend on", () => OneOrMore(Names<Circumstances>)),

        // What is expected.
        ["entitled"] = ("The days on which he is entitled", () => OneOrMore(Date)),
        ["not_entitled"] = ("The days on which he is not", () => OneOrMore(Date)),
        ["because"] = ("Why he is not", () => Names(CaseReasons.OfEntitlement)),
        ["explained"] = ("A text, or several, that a line of the explanation contains, in any language", () => OneOrMore(Text)),
        ["certificate"] = ("The day for which a certificate is asked", Date),
        ["line"] = ("Which line of the claim; the first if not said", Whole),
        ["status"] = ("The status of the claim", Names<ClaimStatus>),
        ["method"] = ("How it is paid", Names<PaymentMethod>),
        ["missing"] = ("What the file still lacks", () => OneOrMore(Names<FileItems>)),
        ["payable"] = ("The sum of the lines, in dirhams", Amount),
        ["share"] = ("What the patient bears of the line, or of all lines, in dirhams", Amount),
        ["overpaid"] = ("What is owed back, in dirhams", Amount),
        ["refund"] = ("Of the sum of the lines, what the student of a third-party claim is repaid, in dirhams", Amount),
        ["refund_paid"] = ("Of what was paid, what the student of a third-party claim was", Amount),
        ["refund_overpaid"] = ("Of what is owed back, what the student of a third-party claim owes", Amount),
        ["collected"] = ("Contributions that students paid to the institution, in dirhams", Amount),
        ["transferred"] = ("Contributions that the fund received from the institution, in dirhams", Amount),
        ["in_transit"] =
            ("Collected and not yet transferred by an institution; ordered and not yet confirmed for a provider", Amount),
        ["ordered"] = ("Payments ordered for the provider, in dirhams", Amount),
        ["owes"] = ("What the provider owes back, in dirhams", Amount),
        ["kept_back"] = ("Of what it owes, what is set off and not yet booked by the claims, in dirhams", Amount),
        ["set_off"] = ("What was set off against payments and booked by the claims, in dirhams", Amount),
        ["recorded"] = ("An event of the student's history", () => Names(EventShape.Names)),
        ["with"] = ("Fields the event has", () => OrRow(new JsonObject { ["type"] = "object" })),
        ["times"] = ("How often it is there; at least once if not said", Whole),
    };

    /// <summary>The schema's text.</summary>
    public static string Make(out IReadOnlyCollection<string> idle)
    {
        var schema = new CaseSchema();
        var text = schema.Root().ToJsonString(Indented) + "\n";
        idle = [.. schema._keys.Keys.Except(schema._used)];
        return text;
    }

    private JsonObject Root()
    {
        var one = Mapping(CaseReader.CaseKeys, "case", "rules");
        Replace(one, "student", OrRow(new JsonObject
        {
            ["anyOf"] = new JsonArray(
                Mapping(StepCatalog.EnrolmentKeys), List(OrRow(Mapping(StepCatalog.EnrolmentKeys))))
        }), "The student as the case begins, or a list of several; what is not said is usual");
        Replace(one, "drawn", OneOrMore(() => new JsonObject
        {
            ["anyOf"] = new JsonArray(Whole(), Mapping(CaseReader.DrawnKeys, "claim"))
        }));
        Replace(one, "given", ListOf([.. StepCatalog.All.Select(Step), AnyStep()]));
        Replace(one, "expect", ListOf([.. ExpectationReader.All.SelectMany(Expectations)]));
        Replace(
            one, "rows",
            List(
                new JsonObject
                {
                    ["type"] = "object",
                    ["required"] = new JsonArray(CaseReader.RowName),
                    ["properties"] = new JsonObject { [CaseReader.RowName] = Text() }
                }));
        return new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "Rule cases of the student health insurance",
            [
                "description"] =
                    "The format is described in rule-cases.md. This file is made by a test (CaseFormatTests).",
            ["type"] = "object",
            ["required"] = new JsonArray("cases"),
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject { ["cases"] = List(one) },
            ["definitions"] = new JsonObject(
                _keys.Where(key => _used.Contains(key.Key))
                    .Select(key => KeyValuePair.Create(key.Key, Definition(key.Value.Text, key.Value.Shape())))
                    .Concat(_types.Select(type => KeyValuePair.Create(type.Key, NamesOf(type.Value))))
                    .Select(one => KeyValuePair.Create(one.Key, (JsonNode?)one.Value))),
        };
    }

    private static JsonObject Definition(string text, JsonObject shape)
    {
        shape["description"] = text;
        return shape;
    }

    private JsonObject Step(StepDefinition step)
    {
        var schema = Mapping([.. StepReader.CommonKeys, .. step.Keys], "on", "what");
        schema["description"] = step.Text;
        Replace(schema, "what", new JsonObject { ["const"] = step.What, ["description"] = step.Text });
        if (step.Keys.Contains("lines"))
            Replace(schema, "lines", ListOf([Priced(Mapping(ClaimFileReader.LineKeys))]));
        return step.Keys.Contains("paid") ? Priced(schema) : schema;
    }

    /// <summary>The kind of a step may differ from row to row.</summary>
    private JsonObject AnyStep()
    {
        var schema = Mapping(
            [.. StepReader.CommonKeys, .. StepCatalog.All.SelectMany(step => step.Keys).Distinct()], "on", "what");
        Replace(schema, "what", Row());
        return schema;
    }

    private static JsonObject Revises() => OrRow(new JsonObject
    {
        ["type"] = "array",
        ["items"] = new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject(
                StepReader.RevisedKeys.Select(key => KeyValuePair.Create(key, (JsonNode?)Reference(key)))),
            ["required"] = new JsonArray([.. StepReader.RevisedKeys.Select(key => JsonValue.Create(key))]),
        },
    });

    /// <summary>The alternatives of an expectation: of an event, one for each of them with its own fields.</summary>
    private IEnumerable<JsonObject> Expectations(ExpectationDefinition expectation)
    {
        yield return Expectation(expectation);
        if (!expectation.Keys.Contains("with"))
            yield break;
        foreach (var name in EventShape.Names)
        {
            var schema = Expectation(expectation);
            schema["description"] = $"{expectation.Text}: {name}";
            Replace(schema, "recorded", new JsonObject { ["const"] = name });
            Replace(schema, "with", OrRow(new JsonObject
            {
                ["type"] = "object",
                ["additionalProperties"] = false,
                ["properties"] = new JsonObject(EventShape.FieldNames(name)
                    .Select(field => KeyValuePair.Create(field, (JsonNode?)Field(name, field)))),
            }));
            yield return schema;
        }
    }

    /// <summary>The names of an enum are there once, whichever events have a field of it.</summary>
    private JsonObject Field(string name, string field)
    {
        var type = EventShape.TypeOf(name, field);
        if (!type.IsEnum)
            return new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") };
        var key = $"field_{SnakeCase.Of(type.Name)}";
        _types[key] = type;
        return Reference(key);
    }

    private static JsonObject NamesOf(Type type) => OneOrMore(() => Names(Enum.GetNames(type).Select(SnakeCase.Of)));

    private static JsonObject Reference(string definition) => new() { ["$ref"] = $"#/definitions/{definition}" };

    private JsonObject Expectation(ExpectationDefinition expectation)
    {
        var schema = Mapping([expectation.Key, .. expectation.Keys], [expectation.Key, .. RequiredOf(expectation)]);
        schema["description"] = expectation.Text;
        if (expectation.Keys.Contains("lines"))
            Replace(schema, "lines", ListOf([Mapping(ExpectationReader.OneOfLinesKeys)]));
        if (FiguresOf(expectation.Key) is { Count: > 0 } figures)
            schema["anyOf"] = new JsonArray(
                [.. figures.Select(figure => new JsonObject { ["required"] = new JsonArray(figure.Key) })]);

        // Which event it is decides which fields there are: the general form is for a name that a row gives.
        if (expectation.Keys.Contains("with"))
            Replace(schema, expectation.Key, Row());
        return schema;
    }

    private static IReadOnlyList<AccountFigure> FiguresOf(string key) => key switch
    {
        "institution" => AccountFigure.OfInstitutions,
        "provider" => AccountFigure.OfProviders,
        _ => [],
    };

    private static string[] RequiredOf(ExpectationDefinition expectation) =>
        expectation.Keys.Contains("because") ? ["because"] : [];

    private JsonObject Mapping(IEnumerable<string> keys, params string[] required)
    {
        var properties = new JsonObject();
        foreach (var key in keys)
        {
            Assert.True(
                _keys.TryGetValue(key, out var known), $"the reader knows '{key}' and the schema does not describe it");
            _used.Add(key);
            properties[key] = Reference(key);
        }

        var schema = new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = properties
        };
        if (required.Length > 0)
            schema["required"] = new JsonArray([.. required.Select(key => JsonValue.Create(key))]);
        return schema;
    }

    /// <summary>Replaces a key's shape, where it depends on the key's position.</summary>
    private void Replace(JsonObject schema, string key, JsonObject shape, string? text = null)
    {
        if (!shape.ContainsKey("description"))
            shape["description"] = text ?? _keys[key].Text;
        schema["properties"]![key] = shape;
    }

    /// <summary>A line that names its act says what was paid.</summary>
    private static JsonObject Priced(JsonObject line)
    {
        line["dependencies"] = new JsonObject { ["act"] = new JsonArray("paid") };
        return line;
    }

    /// <summary>A list of items, of which each, and the list itself, may be a row's.</summary>
    private static JsonObject ListOf(JsonNode[] alternatives) =>
        OrRow(List(new JsonObject { ["anyOf"] = new JsonArray([.. alternatives, Row()]) }));

    private static JsonObject List(JsonObject item) => new() { ["type"] = "array", ["minItems"] = 1, ["items"] = item };

    private static JsonObject OneOrMore(Func<JsonObject> item) =>
        new() { ["anyOf"] = new JsonArray(item(), new JsonObject { ["type"] = "array", ["items"] = item() }) };

    private static JsonObject OrRow(JsonObject shape) => new() { ["anyOf"] = new JsonArray(shape, Row()) };

    private static JsonObject Row() => new() { ["type"] = "string", ["pattern"] = "^\\$" };

    private static JsonObject Text() => new() { ["type"] = "string" };

    private static JsonObject Date() => new() { ["type"] = "string", ["pattern"] = "^(\\d{4}-\\d{2}-\\d{2}|\\$.+)$" };

    private static JsonObject Whole() => OrRow(new JsonObject { ["type"] = "integer" });

    private static JsonObject Amount() => OrRow(new JsonObject { ["type"] = "number", ["minimum"] = 0 });

    private static JsonObject Truth() => OrRow(new JsonObject { ["type"] = "boolean" });

    private static JsonObject Names<T>()
        where T : struct, Enum => Names(SnakeCase<T>.Names);

    private static JsonObject Names(IEnumerable<string> names) =>
        OrRow(new JsonObject { ["enum"] = new JsonArray([.. names.Select(name => JsonValue.Create(name))]) });
}
