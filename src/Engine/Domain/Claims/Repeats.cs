using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Domain.Claims;

/// <summary>
/// What was claimed before a claim's lines: the same care (X1), and prostheses renewed too early (B6). The lines are
/// asked about one after the other: what is decided on one counts for the next.
/// </summary>
internal sealed class Repeats
{
    private readonly CheckCoverage _question;
    private readonly ISiblings _siblings;
    private readonly bool _isFirst;
    private readonly LineOutcome[] _outcomes;
    private uint _judged;
    private IEnumerable<Claim>? _others;

    public Repeats(CheckCoverage question, ISiblings siblings)
    {
        (_question, _siblings) = (question, siblings);
        _isFirst = question.Former.Length == 0;
        _outcomes = _isFirst ? new LineOutcome[question.Lines.Length] : [.. question.Former];
        _judged = _isFirst ? 0 : uint.MaxValue;
        (SameLines, SimilarLines) = (question.SameLines, question.SimilarLines);
    }

    /// <summary>Lines claimed before, a bit each (X1).</summary>
    public uint SameLines { get; private set; }

    /// <summary>Lines that look like earlier ones but for the amount, a bit each (X1).</summary>
    public uint SimilarLines { get; private set; }

    /// <summary>Why a line is refused for what was claimed before, or none.</summary>
    /// <param name="standing">Why the student is not entitled on its day of care, or none.</param>
    public Reason Find(int line, Reason standing)
    {
        ref readonly var q = ref _question.Questions[line];
        if (q.Compared)
            Compare(line);
        if ((SameLines & 1u << line) != 0)
            return Reason.DuplicateLine;
        return standing == Reason.None && q.Refusal == Reason.None && IsTooRecent(line)
            ? Reason.ProsthesisTooRecent
            : Reason.None;
    }

    /// <summary>Takes note of what is decided on a line.</summary>
    /// <param name="coverage">The student's answer on it.</param>
    public void Judged(int line, in LineCoverage coverage)
    {
        var refusal = _question.Questions[line].Refusal;
        _outcomes[line] = new LineOutcome(
            coverage.Reason != Reason.None ? coverage.Reason : refusal != Reason.None ? refusal : coverage.Repeats, 0);
        _judged |= 1u << line;
    }

    /// <summary>
    /// True when so many years have not passed between a prosthesis and a later one of the kind at the place.
    /// </summary>
    public static bool IsTooSoonAfter(in ClaimLine earlier, in ClaimLine later, int years) =>
        IsLike(later, earlier)
            && earlier.CareDate < later.CareDate
            && earlier.CareDate.AddYears(years) > later.CareDate;

    /// <summary>
    /// True for two bridges, or two partial dentures, with a tooth in common; a line that does not say its place may be
    /// at any.
    /// </summary>
    public static bool IsLike(in ClaimLine line, in ClaimLine other)
    {
        if (!IsProsthesis(line.Act)
            || !IsProsthesis(other.Act)
            || line.Act == Act.PartialDenture != (other.Act == Act.PartialDenture))
            return false;
        return line.Prosthesis.Teeth == 0
            || other.Prosthesis.Teeth == 0
            || (line.Prosthesis.Teeth & other.Prosthesis.Teeth) != 0;
    }

    /// <summary>
    /// True for the acts of which the kind is fitted again at a place only after some years: bridges and partial
    /// dentures.
    /// </summary>
    public static bool IsProsthesis(Act act) => act is Act.PartialDenture or Act.LongBridge or Act.BridgeRenewal;

    /// <summary>
    /// Compares a line with the others that it can repeat: of other claims of the provider, and on its own claim those
    /// that were judged.
    /// </summary>
    [Rule("X1")]
    private void Compare(int line)
    {
        var (isSame, isSimilar) = (false, false);
        if (_question.Provider != 0)
        {
            for (var i = 0; i < _outcomes.Length; i++)
            {
                if (i != line && (_judged & 1u << i) != 0 && CanBeRepeated(_outcomes[i]))
                    CompareWith(_question.Lines[i]);
            }

            foreach (var other in _others ??= OthersOfProvider())
            {
                for (var i = 0; i < other.Lines.Length; i++)
                {
                    if (CanBeRepeated(other.Outcomes[i]))
                        CompareWith(other.Lines[i]);
                }
            }
        }

        var bit = 1u << line;
        SameLines = isSame ? SameLines | bit : SameLines & ~bit;
        SimilarLines = isSimilar && !isSame ? SimilarLines | bit : SimilarLines & ~bit;

        void CompareWith(in ClaimLine other)
        {
            ref readonly var one = ref _question.Lines[line];
            if (one.CareDate != other.CareDate || one.Act != other.Act)
                return;
            isSame |= one.PaidCentimes == other.PaidCentimes;
            isSimilar = true;
        }
    }

    /// <summary>
    /// True for a line that the one in question can repeat. A new line repeats what was refused too, unless for a
    /// formal cause, for that may be presented again. One that is judged again repeats what is paid or what a physician
    /// refused: of two that were refused one has to be left.
    /// </summary>
    private bool CanBeRepeated(in LineOutcome other) => _isFirst
        ? !other.MayBePresentedAgain && other.Reason != Reason.DuplicateLine
        : !other.IsRefused || other.Reason == Reason.MedicalControlRefused;

    private IEnumerable<Claim> OthersOfProvider()
    {
        var (from, until) = (DateOnly.MaxValue, DateOnly.MinValue);
        foreach (ref readonly var q in _question.Questions.AsSpan())
        {
            if (q.Compared)
                (from, until) = (q.CareDate < from ? q.CareDate : from, q.CareDate > until ? q.CareDate : until);
        }

        return _siblings.Judged(_question.Claim, _question.Provider, from, until);
    }

    /// <summary>
    /// True when a prosthesis of the kind was fitted at the place before this one, and not yet so many years ago, by
    /// the lines of any claim received, paid for or not.
    /// </summary>
    [Rule("B6")]
    private bool IsTooRecent(int line)
    {
        ref readonly var later = ref _question.Lines[line];
        var years = _question.Questions[line].RenewalYears;
        if (years == 0)
            return false;
        for (var i = 0; i < _outcomes.Length; i++)
        {
            if (_outcomes[i].Reason != Reason.DuplicateLine && IsTooSoonAfter(_question.Lines[i], later, years))
                return true;
        }

        foreach (var other in _siblings.WithProsthesis(
            _question.Claim, later.CareDate.AddYears(-years), Days.Before(later.CareDate)))
        {
            for (var i = 0; i < other.Lines.Length; i++)
            {
                if (other.Outcomes[i].Reason != Reason.DuplicateLine && IsTooSoonAfter(other.Lines[i], later, years))
                    return true;
            }
        }

        return false;
    }
}
