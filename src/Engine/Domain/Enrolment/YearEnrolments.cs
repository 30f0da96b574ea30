using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Domain.Enrolment;

/// <summary>
/// What was declared for the year on record, in two bytes: the categories, a bit each (D7), and whether the year was
/// carried over (T8).
/// </summary>
public readonly record struct YearEnrolments(ushort Bits)
{
    // The bit of Category.None, which no declaration has.
    private const ushort CarriedOver = 1;

    /// <summary>The enrolment of a year that was carried over.</summary>
    public static YearEnrolments CarriedOverAs(Category category) => new YearEnrolments(CarriedOver).With(category);

    /// <summary>True for a year that was carried over: it owes no contribution.</summary>
    public bool IsCarriedOver => (Bits & CarriedOver) != 0;

    public YearEnrolments With(Category category) => new((ushort)(Bits | 1 << (int)category));

    public bool Has(Category category) => category != Category.None && (Bits >> (int)category & 1) != 0;
}
