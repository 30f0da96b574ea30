using System.Globalization;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Rules;
using Amoe.Engine.Text;
using Amoe.Engine.Vocabulary;
using YamlDotNet.RepresentationModel;

namespace Amoe.Engine.Cases;

/// <summary>
/// Reads case files (docs/rule-cases.md). Whatever is not understood is an error that names the file, the line and what
/// there is instead.
/// </summary>
internal sealed class CaseReader
{
    public static readonly string[] CaseKeys = [
        "case", "rules", "note", "student", "accounts", "parameters", "drawn", "given", "expect", "rows"
    ];

    /// <summary>The keys of a claim that is drawn, where the case has several students.</summary>
    public static readonly string[] DrawnKeys = ["student", "claim"];

    /// <summary>The key of a row's own name.</summary>
    public const string RowName = "row";

    /// <summary>A student of a public university, twenty years old in 2023, with a bank account.</summary>
    private static readonly EnrolmentRecord Usual = new(
        Category.PublicUniversity, Cycle.HigherEducation, false, 11, new DateOnly(2003, 5, 5), true);

    private readonly string _fileName;
    private readonly Rulebook _rulebook;
    private readonly YamlFile _plain;
    private readonly YamlFile _file;
    private readonly HashSet<string> _usedNames = new(StringComparer.Ordinal);
    private readonly List<string> _errors = [];
    private int _failures;
    private Dictionary<string, YamlNode> _row = [];
    private HashSet<string> _names = [];

    private CaseReader(string fileName, Rulebook rulebook)
    {
        (_fileName, _rulebook) = (fileName, rulebook);
        _plain = new YamlFile(fileName, message => new CaseException(message));
        _file = new YamlFile(fileName, message => new CaseException(message), InRow);
    }

    /// <param name="fileName">The name errors and cases give the file.</param>
    /// <param name="yaml">Its text.</param>
    /// <param name="rulebook">The rules under test.</param>
    public static CaseFile Read(string fileName, string yaml, Rulebook rulebook)
    {
        var reader = new CaseReader(fileName, rulebook);
        var cases = new List<RuleCase>();
        reader.Try(() =>
        {
            var root = reader._plain.Map(reader._plain.Parse(yaml), "a case file", "cases");
            foreach (var node in reader._plain.List(root["cases"], "cases"))
                reader.Try(() => cases.AddRange(reader.CasesOf(node)));
        });
        foreach (var twice in cases.GroupBy(one => one.Name).SelectMany(same => same.Skip(1)).ToList())
        {
            cases.Remove(twice);
            reader._errors.Add(
                $"{fileName}, line {twice.Line}: '{twice.Name}' is there twice: a failure could mean either");
        }

        return new CaseFile(cases, reader._errors);
    }

    private List<RuleCase> CasesOf(YamlNode node)
    {
        (_row, _names) = ([], []);
        var outline = _plain.Map(node, "a case", CaseKeys);
        if (outline.Find("rows") is not { } list)
            return Case(node, null, (int)node.Start.Line) is { } alone ? [alone] : [];
        var rows = _plain.List(list, "rows").Select(Row).ToList();
        _names = [.. rows.SelectMany(row => row.Keys)];
        var cases = new List<RuleCase>();
        foreach (var row in rows)
        {
            _row = row;
            _usedNames.Clear();
            Try(() =>
            {
                if (Case(node, _plain.Text(row[RowName], "'row'"), (int)row[RowName].Start.Line) is not { } one)
                    return;
                if (row.Keys.FirstOrDefault(name => name != RowName && !_usedNames.Contains(name)) is { } idle)
                    throw _plain.Error(row[idle], $"the row gives '{idle}' and nothing in the case says ${idle}");
                cases.Add(one);
            });
        }

        return cases;
    }

    /// <summary>
    /// Notes an error and goes on behind it, so that all of a file are reported at once. The rows of a table repeat an
    /// error of the case they are of: it is noted once.
    /// </summary>
    private void Try(Action read)
    {
        try
        {
            read();
        }
        catch (CaseException e)
        {
            _failures++;
            if (!_errors.Contains(e.Message))
                _errors.Add(e.Message);
        }
    }

    private Dictionary<string, YamlNode> Row(YamlNode node)
    {
        if (node is not YamlMappingNode mapping)
            throw _plain.Error(node, "a row must be a mapping");
        var row = mapping.Children.ToDictionary(
            field => _plain.Text(field.Key, "a key"), field => field.Value, StringComparer.Ordinal);
        return row.ContainsKey(RowName) ? row : throw _plain.Error(node, "a row lacks 'row', its name");
    }

    /// <summary>
    /// In a case with rows, $name is replaced by the value that the row gives under that name. A value that only other
    /// rows give is left out.
    /// </summary>
    private YamlNode? InRow(YamlNode value)
    {
        if (value is not YamlScalarNode { Value: ['$', .. var name] })
            return value;
        _usedNames.Add(name);
        return _row.TryGetValue(name, out var given) ? given
            : _names.Contains(name) ? null
            : throw _plain.Error(
                value,
                $"no row gives '{name}'{(_names.Count == 0 ? "" : $"; they give: {string.Join(", ", _names.Where(known => known != RowName))}")}");
    }

    /// <summary>The case; null where something of it cannot be read.</summary>
    private RuleCase? Case(YamlNode node, string? row, int line)
    {
        var (failures, fields) = (_failures, CaseFields.Of(_file, node, "a case", CaseKeys));
        var (name, note, rulebook, hasAccounts) = ("", "", _rulebook, true);
        var (rules, enrolments) = ((IReadOnlyList<string>)[], (IReadOnlyList<EnrolmentRecord>)[Usual]);
        IReadOnlyList<StudentId> students = [];
        var (given, expected) = (new List<CaseStep>(), new List<Expectation>());
        Try(() => (name, note) = (fields.Text("case"), fields.MaybeText("note") ?? ""));
        Try(() => rules = fields.OneOrMore("rules", CaseFields.RuleOf));
        if (fields.Has("parameters"))
            Try(() => rulebook = WithParameters(fields));
        if (fields.Has("student"))
            Try(() => enrolments = fields.OneOrMore("student", (file, node, what) =>
                StepReader.Enrolment(CaseFields.Of(file, node, what, StepCatalog.EnrolmentKeys), Usual)));
        Try(() => hasAccounts = fields.Truth("accounts", otherwise: true));
        var steps = new StepReader(enrolments, rulebook);
        Each(fields, "given", step => given.Add(Step(step, steps)));
        Each(fields, "expect", one => expected.Add(Expected(one, enrolments.Count, hasAccounts)));
        if (_failures == failures)
            Try(() => students = StudentsOf(fields, enrolments.Count, given, rulebook));
        if (_failures == failures && expected.Count == 0 && given.All(step => step.Gives.Count == 0))
            Try(() => throw fields.Error("expects nothing: neither 'expect' nor a 'gives'"));
        return _failures > failures
            ? null
            : new RuleCase(
                _fileName, line, row is null ? name : $"{name}: {row}", rules, note, rulebook, students, given,
                expected)
            { HasAccounts = hasAccounts };
    }

    private Expectation Expected(YamlNode node, int students, bool hasAccounts)
    {
        var expected = ExpectationReader.Read(_file, node, students);
        return hasAccounts || expected is not AccountExpectation
            ? expected
            : throw _file.Error(node, "an account is expected, and 'accounts' of the case is false");
    }

    /// <summary>Reads each item of a list of the case, where it has one.</summary>
    private void Each(CaseFields fields, string key, Action<YamlNode> read) => Try(() =>
    {
        foreach (var item in fields.Has(key) ? _file.List(fields.Node(key), $"'{key}'") : [])
            Try(() => read(item));
    });

    private CaseStep Step(YamlNode node, StepReader steps)
    {
        var what = _file.Text(((node as YamlMappingNode)
            ?? throw _file.Error(node, "what happens must be a mapping")).Children.TryGetValue("what", out var named)
            ? InRow(named) ?? named
            : throw _file.Error(node, "what happens lacks 'what'"), "'what'");
        if (!StepCatalog.Has(what))
            throw _file.Error(
                node,
                $"nothing is called '{what}'; known: {string.Join(", ", StepCatalog.All.Select(one => one.What))}");
        return steps.Read(
            CaseFields.Of(_file, node, what, [.. StepReader.CommonKeys, .. StepCatalog.Find(what).Keys]), what);
    }

    private Rulebook WithParameters(CaseFields fields)
    {
        if (fields.Node("parameters") is not YamlMappingNode mapping)
            throw fields.Error("parameters", "must be a mapping of ids and values");
        try
        {
            return RulebookOverride.Of(_rulebook, mapping.Children.SelectMany(Overrides));
        }
        catch (RulebookException e)
        {
            // The line in the generated rulebook text means nothing to the author; the error names the case's line.
            throw fields.Error("parameters", e.Message[(e.Message.IndexOf(": ", StringComparison.Ordinal) + 2)..]);
        }
    }

    /// <summary>
    /// One value, one with the day from which it holds, or a list of those, each from a later day than the one before.
    /// </summary>
    private IEnumerable<ParameterOverride> Overrides(KeyValuePair<YamlNode, YamlNode> field)
    {
        var (id, given) = (_file.Text(field.Key, "a parameter"), InRow(field.Value) ?? field.Value);
        var source = $"{_fileName}, line {field.Key.Start.Line}";
        if (!IsDated(given) && !(given is YamlSequenceNode { Children.Count: > 0 } list && list.All(IsDated)))
            return [new ParameterOverride(id, null, InRowThroughout(given), source)];
        var dated =
            (given is YamlSequenceNode several ? several.Children : [given]).Select(item => Dated(item)).ToList();
        foreach (var (earlier, later) in dated.Zip(dated.Skip(1)))
        {
            if (later.From <= earlier.From)
                throw _file.Error(
                    given,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"the values of {id} must be in the order of their days: {later.From:yyyy-MM-dd} follows {earlier.From:yyyy-MM-dd}"));
        }

        return dated;

        static bool IsDated(YamlNode node) => node is YamlMappingNode mapping && mapping.Children.ContainsKey("from");

        ParameterOverride Dated(YamlNode node)
        {
            var fields = CaseFields.Of(_file, node, id, "from", "value");
            return new ParameterOverride(id, fields.Date("from"), InRowThroughout(fields.Node("value")), source);
        }
    }

    /// <summary>A value of a rulebook, which the rulebook's reader reads: names of rows are replaced before.</summary>
    private YamlNode InRowThroughout(YamlNode node) => node switch
    {
        YamlMappingNode map =>
            new YamlMappingNode(
                map.Children.Select(field => KeyValuePair.Create(field.Key, InRowThroughout(field.Value)))),
        YamlSequenceNode list => new YamlSequenceNode(list.Children.Select(InRowThroughout)),
        _ => InRow(node) ?? throw _plain.Error(node, "every row must give it"),
    };

    /// <summary>Students of whose claims those are drawn for review that the case names.</summary>
    private static List<StudentId> StudentsOf(CaseFields fields, int count, List<CaseStep> given, Rulebook rulebook)
    {
        var deposited = given.SelectMany(step => step.Commands).OfType<DepositClaim>()
            .Select(CaseClaim.Of).ToHashSet();
        var drawn = fields.Has("drawn")
            ? fields.OneOrMore("drawn", (file, node, what) => Drawn(file, node, what, count, deposited)).ToHashSet()
            : [];
        var students = new List<StudentId>();
        for (var student = 1; student <= count; student++)
        {
            var claims = deposited.Where(claim => claim.Student == student).ToLookup(drawn.Contains, one => one.Claim);
            students.Add(
                ReviewDraw.StudentOf(
                    rulebook, [.. claims[true]], [.. claims[false]], students.LastOrDefault().Value)
                ?? throw fields.Error(
                    $"has {deposited.Count} claims of which {drawn.Count} are drawn for review (X4), and no student has: put some of them into a case of their own"));
        }

        return students;
    }

    /// <summary>A claim's number or, where the case has several students, a mapping of student and claim.</summary>
    private static CaseClaim Drawn(
        YamlFile file, YamlNode node, string what, int students, HashSet<CaseClaim> deposited)
    {
        var claim = new CaseClaim(1, 0);
        if (node is YamlMappingNode)
        {
            var fields = CaseFields.Of(file, node, what, DrawnKeys);
            claim = new CaseClaim(fields.Student(students), (ulong)fields.Whole("claim", 1, 1_000_000));
        }
        else
            claim = claim with { Claim = (ulong)file.Whole(node, what, 1, 1_000_000) };

        return deposited.Contains(claim)
            ? claim
            : throw file.Error(
                node,
                $"{what} names claim {claim}, which is not deposited; deposited: {(deposited.Count == 0 ? "none" : string.Join(", ", deposited.Order()))}");
    }
}
