namespace Amoe.Host.Reports;

/// <summary>A month of <see cref="Months"/>.</summary>
/// <param name="Name">As yyyy-MM.</param>
/// <param name="Days">Of the month, those of the horizon up to the open day.</param>
internal sealed record Month(
    string Name, int Days, long Declarations, long Applications, long Accepted, long FilesBrought, Rates Rates);
