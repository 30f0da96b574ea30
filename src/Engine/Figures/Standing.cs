namespace Amoe.Engine.Figures;

/// <summary>Where a student stands, for the totals.</summary>
internal enum Standing : byte
{
    None = 0,
    Active = 1,
    Suspended = 2,
    Lapsed = 3,
}
