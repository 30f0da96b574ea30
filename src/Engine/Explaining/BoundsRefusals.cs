using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;

namespace Amoe.Engine.Explaining;

/// <summary>
/// The grounds on which a value or date without meaning was refused: the bounds of the engine
/// (<see cref="CommandBounds"/>), and the value that lies outside where the journal has it.
/// </summary>
internal static class BoundsRefusals
{
    public static IEnumerable<Explanation> Of(Refusal refusal) =>
        refusal.Reason == Reason.Malformed ? Values(refusal) : Dates(refusal);

    private static IEnumerable<Explanation> Dates(Refusal refusal)
    {
        var date = Date(refusal);
        return date.Message.Key is Keys.RefusalEffective or Keys.RefusalAhead
            ? [date]
            : [date, .. CommandRefusals.Said(refusal)];
    }

    private static Explanation Date(Refusal refusal)
    {
        var (header, first) = (refusal.Header,
            CommandBounds.FirstEffective(refusal.Header.Kind, refusal.Rules.FirstDay));
        if (header.Effective < first || header.Effective > CommandBounds.LastDay)
            return new Explanation(
                Keys.RefusalEffective, ("day", new On(header.Effective)), ("first", new On(first)),
                ("last", new On(CommandBounds.LastDay)));
        var ahead = header.Effective.DayNumber - header.Known.DayNumber;
        if (ahead > CommandBounds.EffectiveAheadDaysMax)
        {
            return new Explanation(
                Keys.RefusalAhead, ("day", new On(header.Effective)), ("known", new On(header.Known)),
                ("days", new Count(ahead, Unit.Day)),
                ("limit", new Count(CommandBounds.EffectiveAheadDaysMax, Unit.Day)));
        }

        return header.Kind switch
        {
            CommandKind.DepositClaim =>
                new Explanation(Keys.RefusalCareBefore, ("first", new On(refusal.Rules.FirstDay))),
            CommandKind.DecideExemption =>
                new Explanation(
                    Keys.RefusalExemptionEnd, ("from", new On(header.Effective)),
                    ("last", new On(CommandBounds.LastDay))),
            CommandKind.Declare => new Explanation(Keys.RefusalBirthOrYear, [.. Ages(), .. Years(header.Effective)]),
            CommandKind.CarryOverRegistration =>
                new Explanation(
                    Keys.RefusalCarriedOver,
                    [
                        .. Ages(), ("years", new Count(CommandBounds.YearsApartMax, Unit.Year)),
                        ("first", new On(refusal.Rules.FirstDay))
                    ]),
            _ => new Explanation(Keys.RefusalYear, Years(header.Effective)),
        };
    }

    private static (string, Argument)[] Ages() =>
    [
        ("youngest", new Count(CommandBounds.AgeYearsMin, Unit.Year)),
        ("oldest", new Count(CommandBounds.AgeYearsMax, Unit.Year)),
    ];

    private static (string, Argument)[] Years(DateOnly effective) =>
        [("years", new Count(CommandBounds.YearsApartMax, Unit.Year)), ("day", new On(effective))];

    private static IEnumerable<Explanation> Values(Refusal refusal)
    {
        var kind = refusal.Header.Kind;
        if (kind == CommandKind.DepositClaim)
            yield return new Explanation(
                Keys.RefusalLineBounds, ("quantity", new Count(CommandBounds.QuantityMax, Unit.None)),
                ("amount", new Money(CommandBounds.LineCentimesMax)));
        else if (kind is CommandKind.RequestApproval or CommandKind.DecideApproval)
            yield return new Explanation(
                Keys.RefusalUnitBounds, ("units", new Count(CommandBounds.UnitsMax, Unit.UnitOfCare)));
        else if (kind == CommandKind.DecideExemption)
            yield return new Explanation(
                Keys.RefusalIllnessBounds, ("illness", new Count(CommandBounds.IllnessMax, Unit.None)));
        else if (kind == CommandKind.RecoverOverpayment)
            yield return new Explanation(Keys.RefusalAmountBounds, ("amount", new Money(1)));
        if (refusal.Field == CommandField.None)
            yield return new Explanation(Keys.RefusalNotKept);
        foreach (var said in CommandRefusals.Said(refusal))
            yield return said;
    }

    /// <summary>K5: how many lines a sheet carries.</summary>
    public static Explanation Lines() =>
        new Explanation(Keys.RefusalLines, ("lines", new Count(DepositClaim.MaxLines, Unit.Line))).Under("K5");
}
