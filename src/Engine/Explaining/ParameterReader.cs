using System.Globalization;
using Amoe.Engine.Rules;
using Amoe.Engine.Text;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Explaining;

/// <summary>Reads values of a rulebook for explanations: with the days they hold and their source, and typed.</summary>
internal static class ParameterReader
{
    public static ParameterUse Read(this Rulebook rulebook, string id, DateOnly date)
    {
        var period = rulebook.ParameterOn(id, date);
        return new ParameterUse(period, date, new Name($"parameter.{id}"), ValueOf(period));
    }

    /// <summary>A day of the academic year (T1), which a category may have for itself.</summary>
    public static ParameterUse Read(this Rulebook rulebook, string id, DateOnly date, Category category)
    {
        var use = rulebook.Read(id, date);
        var days = use.Period.Value.Split("; ")
            .Select(entry => entry.Split(": "))
            .ToDictionary(entry => entry[0], entry => entry[1]);
        var day = days.GetValueOrDefault(SnakeCase<Category>.NameOf(category), days["default"]).Split('-');
        return use with
        {
            Value = new DayOfYear(
                int.Parse(day[0], CultureInfo.InvariantCulture), int.Parse(day[1], CultureInfo.InvariantCulture))
        };
    }

    /// <summary>The terms of an act in a sector.</summary>
    public static ParameterUse Read(this Rulebook rulebook, Act act, CareSector sector, DateOnly date)
    {
        var rule = rulebook.On(date).Act(act);
        var period = rulebook.ParameterOn($"{rule.RuleId}.{SnakeCase<Act>.NameOf(act)}", date);
        return new ParameterUse(
            period, date, Name.Of("act", act), new Phrase(TermsOf(rule.In(sector), Name.Of("sector", sector))));
    }

    private static Message TermsOf(in SectorTerms terms, Name sector)
    {
        (string, Argument)[] arguments = [
            ("sector", sector), ("base", new Money(terms.BaseCentimes)), ("rate", new Percent(terms.RateBasisPoints))
        ];
        return new Message(!terms.Covered ? Keys.TermsNotCovered : KeyOf(terms.Base), arguments);
    }

    private static string KeyOf(BaseKind kind) => kind switch
    {
        BaseKind.Stated => Keys.TermsStated,
        BaseKind.Tariff => Keys.TermsTariff,
        BaseKind.LetterValue => Keys.TermsLetterValue,
        BaseKind.Flat => Keys.TermsFlat,
        _ => Keys.TermsAllExpenses,
    };

    /// <summary>The value by its unit; one that is none of the language's is written as the rulebook has it.</summary>
    private static Argument ValueOf(ParameterPeriod period) => period.Unit switch
    {
        "days" when period is { Id: ParameterIds.ApprovalValidityDays or ParameterIds.LateFilingDays, Value: "0" } =>
            new Name(Keys.NoLimit),
        "days" => Whole(period, Unit.Day),
        "months" => Whole(period, Unit.Month),
        "completed years" or "years" => Whole(period, Unit.Year),
        "centimes a year" or "centimes" => new Money(Number(period)),
        "basis points" => new Percent((int)Number(period)),
        "working hours" => Whole(period, Unit.WorkingHour),
        "true or false" => new Name(period.Value == "true" ? Keys.Yes : Keys.No),
        "cycles" => NamesOf(period, "cycle"),
        "categories" => NamesOf(period, "category"),
        "reasons" => NamesOf(period, "interruption"),
        _ => new Code(period.Value),
    };

    private static Count Whole(ParameterPeriod period, Unit unit) => new(Number(period), unit);

    private static long Number(ParameterPeriod period) => long.Parse(period.Value, CultureInfo.InvariantCulture);

    private static Names NamesOf(ParameterPeriod period, string group) =>
        new([.. period.Value.Split(", ").Select(name => new Name($"{group}.{name}"))]);
}
