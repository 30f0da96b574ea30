using System.Globalization;
using System.Text;
using Amoe.Chaos.Checks;
using Amoe.Chaos.Recording;

namespace Amoe.Chaos.Faults;

/// <summary>Counts the faults and the outcomes of the commands meanwhile: the table at the end.</summary>
internal sealed class Tally
{
    private readonly SortedDictionary<string, (int Count, TimeSpan Sum, TimeSpan Max)> _faults = new(
        StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _skipped = new(StringComparer.Ordinal);
    private long _rounds;
    private long _acknowledged;
    private long _questions;
    private long _unknown;
    private long _givenUp;
    private long _givenUpStanding;
    private long _overloaded;
    private long _records;
    private long _takeovers;
    private long _compared;

    public int Faults => _faults.Values.Sum(fault => fault.Count);

    public int CountOf(string fault) => _faults.GetValueOrDefault(fault).Count;

    public void Skip(string fault, string why) => _skipped[fault] = why;

    public void Count(string fault, TimeSpan lasted)
    {
        var (count, sum, max) = _faults.GetValueOrDefault(fault);
        _faults[fault] = (count + 1, sum + lasted, lasted > max ? lasted : max);
    }

    public void Add(Recorder recorder, Verdict verdict)
    {
        _rounds++;
        _acknowledged += recorder.Acknowledged;
        _questions += recorder.Operations.Count(operation =>
            operation is { IsAnswered: true, Command: Engine.Domain.Query });
        _unknown += recorder.Unknown;
        _givenUp += recorder.Operations.Count(operation => operation.IsGivenUp);
        _givenUpStanding += verdict.GivenUpStanding;
        _overloaded += recorder.Overloaded;
        _records += verdict.Records;
        _takeovers += verdict.Takeovers;
        _compared += verdict.Compared;
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(
            "  count    mean     max  fault, until every partition was held again and commands were answered");
        foreach (var (name, (count, sum, max)) in _faults)
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"{count,7} {sum.TotalSeconds / count,5:0.0} s {max.TotalSeconds,5:0.0} s  {name}");
        foreach (var (name, why) in _skipped)
            text.AppendLine(CultureInfo.InvariantCulture, $"SKIPPED                  {name}: {why}");
        text.AppendLine(CultureInfo.InvariantCulture, $"{Faults,7} faults in {_rounds} runs");
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{_acknowledged,9} commands, questions and marks acknowledged ({_questions} questions), each in the journal once");
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{_unknown,9} times answered unknown; {_givenUp} commands given up, of which {_givenUpStanding} stand in the journal once, the others not at all");
        text.AppendLine(CultureInfo.InvariantCulture, $"{_overloaded,9} times not taken and sent again");
        text.AppendLine(CultureInfo.InvariantCulture, $"{_takeovers,9} times another incarnation wrote to a partition");
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{_records,9} records in the journals, {_compared} commands decided by the oracle too");
        return text.ToString();
    }
}
