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
        "case", "rules", "note", "student", "parameters", "drawn", "given", "expect", "rows"
    ];

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
    /// <exception cref="CaseException">One line: file, line, cause.</exception>
    public static IReadOnlyList<RuleCase> Read(string fileName, string yaml, Rulebook rulebook)
    {
        var reader = new CaseReader(fileName, rulebook);
        var root = reader._plain.Map(reader._plain.Parse(yaml), "a case file", "cases");
        var cases = reader._plain.List(root["cases"], "cases").SelectMany(reader.CasesOf).ToList();
        var twice = cases.GroupBy(one => one.Name).FirstOrDefault(same => same.Count() > 1);
        return twice is null
            ? cases
            : throw new CaseException(
                $"{fileName}, line {twice.Last().Line}: '{twice.Key}' is there twice: a failure could mean either");
    }

    private List<RuleCase> CasesOf(YamlNode node)
    {
        (_row, _names) = ([], []);
        var outline = _plain.Map(node, "a case", CaseKeys);
        if (outline.Find("rows") is not { } list)
            return [Case(node, null, (int)node.Start.Line)];
        var rows = _plain.List(list, "rows").Select(Row).ToList();
        _names = [.. rows.SelectMany(row => row.Keys)];
        var cases = new List<RuleCase>();
        foreach (var row in rows)
        {
            _row = row;
            _usedNames.Clear();
            cases.Add(Case(node, _plain.Text(row[RowName], "'row'"), (int)row[RowName].Start.Line));
            if (row.Keys.FirstOrDefault(name => name != RowName && !_usedNames.Contains(name)) is { } idle)
                throw _plain.Error(row[idle], $"the row gives '{idle}' and nothing in the case says ${idle}");
        }

        return cases;
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

    private RuleCase Case(YamlNode node, string? row, int line)
    {
        var fields = CaseFields.Of(_file, node, "a case", CaseKeys);
        var name = fields.Text("case");
        var rulebook = fields.Has("parameters") ? WithParameters(fields) : _rulebook;
        var steps = new StepReader(
            fields.Has("student")
                ? StepReader.Enrolment(fields.Map("student", StepCatalog.EnrolmentKeys), Usual)
                : Usual, rulebook);
        List<CaseStep> given = fields.Has("given")
            ? [.. _file.List(fields.Node("given"), "'given'").Select(step => Step(step, steps))]
            : [];
        var expected = fields.Has("expect")
            ? _file.List(fields.Node("expect"), "'expect'").Select(one => ExpectationReader.Read(_file, one)).ToList()
            : [];
        if (expected.Count == 0 && given.All(step => step.Gives.Count == 0))
            throw fields.Error("expects nothing: neither 'expect' nor a 'gives'");
        return new RuleCase(
            _fileName,
            line,
            row is null ? name : $"{name}: {row}",
            fields.OneOrMore("rules", RuleId),
            fields.MaybeText("note") ?? "",
            rulebook,
            Drawn(fields),
            given,
            expected);
    }

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
            return RulebookOverride.Of(_rulebook, mapping.Children.Select(Override));
        }
        catch (RulebookException e)
        {
            // The line in the generated rulebook text means nothing to the author; the error names the case's line.
            throw fields.Error("parameters", e.Message[(e.Message.IndexOf(": ", StringComparison.Ordinal) + 2)..]);
        }
    }

    private ParameterOverride Override(KeyValuePair<YamlNode, YamlNode> field)
    {
        var (id, value) = (_file.Text(field.Key, "a parameter"), InRowThroughout(field.Value));
        var source = $"{_fileName}, line {field.Key.Start.Line}";
        if (field.Value is not YamlMappingNode mapping || !mapping.Children.ContainsKey("from"))
            return new ParameterOverride(id, null, value, source);
        var dated = CaseFields.Of(_file, field.Value, id, "from", "value");
        return new ParameterOverride(id, dated.Date("from"), ((YamlMappingNode)value)["value"], source);
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

    private static HashSet<ulong> Drawn(CaseFields fields) =>
        fields.Has("drawn")
            ? [.. fields.OneOrMore("drawn", (file, node, what) => (ulong)file.Whole(node, what, 1, 1_000_000))]
            : [];

    private static string RuleId(YamlFile file, YamlNode node, string what)
    {
        var id = file.Text(node, what);
        return SchemeRules.Ids.Contains(id)
            ? id
            : throw file.Error(node, $"{what} has an unknown rule '{id}'; known: {string.Join(", ", SchemeRules.Ids)}");
    }
}
