using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Explaining;

/// <summary>
/// All of a claim: every decision in its order with its grounds as they were known then, and what has become known
/// since (S5).
/// </summary>
internal static class ClaimExplainer
{
    public static Explanation Of(StudentReading reading, ulong number)
    {
        var claim = reading.Claim(number);
        (string, Argument)[] arguments =
        [
            ("claim", Code.Of(number)), ("student", Code.Of(reading.Student.Value)), ("known", new On(reading.KnownOn)),
            .. ClaimBalance.ArgumentsOf(reading, claim),
        ];
        return new Explanation(claim.IsJudged ? Keys.ClaimAsKnown : Keys.ClaimNotPriced, arguments)
            .InShort(ClaimSummary.Of(claim))
            .For(reading.Of(number).SelectMany(entry => Of(reading, entry, number)))
            .For(Hindsight.Of(reading, number));
    }

    /// <summary>The decisions of a record about a claim, event by event.</summary>
    public static IEnumerable<Explanation> Of(StudentReading reading, HistoryEntry entry, ulong number)
    {
        foreach (var e in entry.Events)
        {
            if (e is ClaimEvent c && c.Claim == number)
                yield return Of(reading, entry, c);
            else if (e is CommandRefused or ClockMissed)
                yield return StudentExplainer.Of(reading, entry, (StudentEvent)e);
            else if (e is StudentEvent s
                && (e is ApprovalUsed used
                    ? used.Claim
                    : e is ApprovalUnitsRevised revised ? revised.Claim : 0) == number)
                yield return StudentExplainer.Of(reading, entry, s);
        }
    }

    public static Explanation Of(StudentReading reading, HistoryEntry entry, ClaimEvent e)
    {
        var known = ("known", (Argument)new On(entry.Header.Known));
        return e switch
        {
            ClaimDeposited d => Deposited(d),
            ClaimReturned r =>
                new Explanation(Keys.ClaimReturned, known).Under("K5").For(Items(r.Missing, Keys.ItemMissing)),
            ClaimCompleted c =>
                new Explanation(Keys.ClaimCompleted, known)
                    .Under("K5")
                    .For(Items(c.Items, Keys.ItemBrought))
                    .For(BroughtLines.Of(reading, entry, c)),
            ClaimReceived r => new Explanation(Keys.ClaimReceived, ("on", new On(r.On))).Under("K6"),
            ClaimAdjudicated a => AdjudicationExplainer.Of(reading, entry, a),
            ClaimRevised r => RevisionExplainer.Of(reading, entry, r),
            _ =>
                HoldExplainer.Of(reading, entry, e)
                    ?? PaymentExplainer.Of(
                        reading, entry,
                        e) ?? throw new InvalidOperationException($"{e.GetType().Name} has no explanation"),
        };
    }

    private static Explanation Deposited(ClaimDeposited d)
    {
        (string, Argument)[] arguments =
        [
            ("on", new On(d.On)), ("way", Name.Of("way", d.Way)), ("lines", new Count(d.Lines.Length, Unit.Line)),
            ("amount", new Money(d.Lines.Sum(line => line.PaidCentimes))),
        ];
        return new Explanation(Keys.ClaimDeposited, arguments).Under(d.Way == ClaimWay.ThirdParty ? "K2" : "K1");
    }

    /// <summary>K5: each item by its name.</summary>
    private static IEnumerable<Explanation> Items(FileItems items, string key) =>
        Names(items).Items.Select(item => new Explanation(key, ("item", item)));

    public static Names Names(FileItems items) => new(
        [.. Enum.GetValues<FileItems>()
            .Where(item => item is not (FileItems.None or FileItems.All) && items.HasFlag(item))
            .Select(item => Name.Of("item", item))]);
}
