using Amoe.Host.Http;

namespace Amoe.Host.Reports;

/// <summary>The state of a simulation's host at its end.</summary>
/// <param name="Died">It had ended before, unasked.</param>
/// <param name="Answer">What it said of itself last; null when it did not answer.</param>
internal sealed record HostEnd(int Number, string Endpoint, bool Died, HostAnswer? Answer)
{
    public decimal CommitP50Ms => Answer?.CommitP50Ms ?? 0;

    public decimal CommitP99Ms => Answer?.CommitP99Ms ?? 0;

    public decimal CommitMaxMs => Answer?.CommitMaxMs ?? 0;
}
