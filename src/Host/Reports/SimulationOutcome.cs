using Amoe.Host.Running;
using Amoe.Simulator.Running;

namespace Amoe.Host.Reports;

/// <summary>The request and the result of a simulation: all that its reports are made from.</summary>
/// <param name="ScenarioArgument">The scenario as it was asked for.</param>
/// <param name="RulesArgument">The rulebook's file as it was asked for, or null.</param>
internal sealed record SimulationOutcome(
    string ScenarioArgument, string? RulesArgument, SimulationRequest Request, SimulationResult Result,
    JournalPlace Place, long PeakMemoryBytes)
{
    /// <summary>Expenditure is compared with this, at scale 1.</summary>
    public const long BudgetCentimes = 110_000_000_00;

    /// <summary>The last states of the hosts that decided it; none where this process did.</summary>
    public IReadOnlyList<HostEnd> Hosts { get; init; } = [];

    /// <summary>The budget of the scheme for so many students.</summary>
    public long ScaledBudgetCentimes => BudgetAt(Request.ScaleThousandths);

    /// <summary>The budget of the scheme for a share of the nation's students, in thousandths.</summary>
    public static long BudgetAt(int scaleThousandths) => BudgetCentimes * scaleThousandths / 1000;

    /// <summary>Bytes of segments this run wrote in a second; unknown when it took up what another run wrote.</summary>
    public decimal? BytesPerSecond => Request.Resume ? null : Format.PerSecond(Result.SegmentBytes, Result.Elapsed);

    /// <summary>False when a student is out of service, or a whole year is not the one the scenario asserts.</summary>
    public bool Holds =>
        Result.Quarantined == 0 && (!Result.IsComplete || Result.Marginals.All(marginal => marginal.Within));

    /// <summary>The command that makes the same journal again.</summary>
    public string RepeatCommand =>
        $"amoe simulate {Format.Quoted(ScenarioArgument)} --scale {Format.Scale(Request.ScaleThousandths)} --seed {Request.Seed}"
        + (RulesArgument is null ? "" : $" --rules {Format.Quoted(RulesArgument)}");

    /// <summary>The command that takes this journal up.</summary>
    public string ResumeCommand => $"{RepeatCommand} --journal {Format.Quoted(Request.Journal.Display)}"
        + (Hosts.Count == 0 ? "" : $" --hosts {Hosts.Count}") + " --resume";
}
