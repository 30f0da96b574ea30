using System.Globalization;

namespace Amoe.Engine.Rules;

/// <summary>
/// The scheme's rules as dated data: every parameter and act with its values, the days they hold and where they come
/// from. A period dated in the future changes nothing before it.
/// </summary>
public sealed class Rulebook
{
    private static readonly Lazy<Rulebook> LazyEmbedded = new(() => Load(ShippedRulebooks.AmendedFiles));
    private readonly RulesInForce[] _periods;

    /// <summary>
    /// The first days of the periods, side by side in memory: a look-up by date touches one line of it.
    /// </summary>
    private readonly DateOnly[] _starts;

    private Rulebook(
        string text, IReadOnlyList<ParameterPeriod> parameters, RulesInForce[] periods, WorkingCalendar calendar)
    {
        Text = text;
        Parameters = parameters;
        _periods = periods;
        _starts = [.. periods.Select(period => period.From)];
        Calendar = calendar;
    }

    /// <summary>The rulebook that comes with the program.</summary>
    public static Rulebook Embedded => LazyEmbedded.Value;

    /// <summary>Its text.</summary>
    public static string EmbeddedText => Embedded.Text;

    /// <summary>The full text, of an amendment too: as a journal records it.</summary>
    public string Text { get; }

    /// <summary>Every value of every parameter and act, in the order of the text.</summary>
    public IReadOnlyList<ParameterPeriod> Parameters { get; }

    /// <summary>The periods in which no rule changes, the oldest first, without a gap.</summary>
    public IReadOnlyList<RulesInForce> Periods => _periods;

    /// <summary>The first day it has rules for.</summary>
    public DateOnly FirstDay => _starts[0];

    /// <summary>Its working days (X3).</summary>
    internal WorkingCalendar Calendar { get; }

    /// <summary>
    /// Reads a rulebook of one or more YAML documents, or an amendment: a text whose first key is <c>amends: amoe</c>
    /// is read below the rulebook that comes with the program.
    /// </summary>
    /// <param name="yaml">Its text.</param>
    /// <param name="fileName">The name errors give it.</param>
    /// <exception cref="RulebookException">One line: file, line, cause.</exception>
    public static Rulebook Load(string yaml, string fileName) => Load(new RulebookFile(fileName, yaml));

    internal static Rulebook Load(RulebookFile file) =>
        Load(
            RulebookReader.AmendedBy(file) == ShippedRulebooks.Amended
                ? [.. ShippedRulebooks.AmendedFiles, file]
                : [file]);

    /// <summary>The rules in force on a day.</summary>
    /// <exception cref="RulebookException">The day is before the rulebook begins.</exception>
    public RulesInForce On(DateOnly date)
    {
        // Most days lie in the last few periods.
        for (var i = _starts.Length - 1; i >= 0; i--)
        {
            if (_starts[i] <= date)
                return _periods[i];
        }
        throw new RulebookException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"no rule is in force on {date:yyyy-MM-dd}: the rulebook begins on {FirstDay:yyyy-MM-dd}"));
    }

    /// <summary>The value of a parameter or act on a day, with its source, to explain a decision by.</summary>
    /// <param name="id">An id of <see cref="ParameterIds"/>, or an act's such as B1.specialist.</param>
    /// <param name="date">The day.</param>
    /// <exception cref="RulebookException">There is no such id, or the day is before the rulebook begins.</exception>
    public ParameterPeriod ParameterOn(string id, DateOnly date) =>
        Parameters.LastOrDefault(period => period.Id == id && period.From <= date)
        ?? throw new RulebookException(
            string.Create(CultureInfo.InvariantCulture, $"the rulebook has no value of '{id}' on {date:yyyy-MM-dd}"));

    private static Rulebook Load(IReadOnlyList<RulebookFile> files)
    {
        var entries = RulebookReader.Read(files);
        var starts = entries.SelectMany(entry => entry.Values).Select(value => value.From).Distinct().Order().ToArray();
        var periods = new RulesInForce[starts.Length];
        var holidays = new List<Holiday>();
        for (var i = 0; i < starts.Length; i++)
        {
            var draft = new RulesDraft();
            foreach (var entry in entries)
                entry.ValueOn(starts[i]).Apply(draft);
            if (draft.YearStart.Zip(draft.YearEnd, (start, end) => start == end).Any(isSame => isSame))
                throw entries.First(entry => entry.Id == ParameterIds.AcademicYearEnd)
                    .ValueOn(starts[i])
                    .Error("an academic year ends on the day it starts");
            periods[i] = new RulesInForce(starts[i], i + 1 < starts.Length ? starts[i + 1].AddDays(-1) : null, draft);
            WorkingCalendar.AddHolidays(draft, starts[i], periods[i].Until, holidays);
        }
        return new Rulebook(
            ShippedRulebooks.Join(files), [.. entries.SelectMany(Describe)], periods, new WorkingCalendar(holidays));
    }

    private static IEnumerable<ParameterPeriod> Describe(RulebookEntry entry) =>
        entry.Values.Select(value => new ParameterPeriod(
            entry.Id,
            entry.Id[..entry.Id.IndexOf('.', StringComparison.Ordinal)],
            entry.Text,
            entry.Unit,
            value.From,
            value.Until,
            value.Text,
            value.Source));
}
