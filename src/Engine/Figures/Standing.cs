namespace Amoe.Engine.Figures;

/// <summary>The state of a student's insurance, for the totals.</summary>
internal enum Standing : byte
{
    None = 0,
    Active = 1,
    Suspended = 2,
    Lapsed = 3,
}
