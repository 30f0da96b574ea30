using System.CommandLine;

namespace Amoe.Bench.Marginals;

/// <summary>
/// <c>marginals</c>: many seeds of one scenario, and how what they measure is spread around what it expects.
/// </summary>
internal static class MarginalsVerb
{
    private const string Description = """
        Runs many seeds of a scenario through the whole engine and holds what they measure against what the scenario expects.

        Each check measures z, in standard deviations. If expected value and deviation are right, z has mean 0 and deviation 1 over the seeds: a bias shows in
        the mean, and a tolerance that is too wide or too narrow in the deviation. The last columns say which shift of the figure a run of this scale finds
        nine times in ten, how often it was found in these runs, and the scale at which a shift of 1 % is found.

        Exits with 4 where a check's mean or deviation is out of bounds, or a run's figure out of its tolerance.
        """;

    public static Command Create()
    {
        var scenario = new Argument<string>("SCENARIO")
        {
            Description = "The scenario's name or file.",
            DefaultValueFactory = _ => "national-year"
        };
        var scale = new Option<decimal>("--scale")
        {
            Description = "The nation's size, 0.001 to 20.",
            HelpName = "X",
            DefaultValueFactory = _ => 0.05m
        };
        var seeds = new Option<int>("--seeds")
        {
            Description = "How many seeds.",
            HelpName = "N",
            DefaultValueFactory = _ => 200
        };
        var first = new Option<ulong>("--from")
        {
            Description = "The first of them.",
            HelpName = "N",
            DefaultValueFactory = _ => 1
        };
        var folder = new Option<string>("--folder")
        {
            Description = "Where the journals are written, and deleted again.",
            HelpName = "DIR",
            DefaultValueFactory = _ => Path.GetTempPath()
        };
        var command = new Command("marginals", Description) { scenario, scale, seeds, first, folder };
        command.SetAction(async (parsed, _) =>
        {
            var runs = await MarginalsRun.RunAsync(
                parsed.GetRequiredValue(scenario), (int)(parsed.GetValue(scale) * 1000), parsed.GetValue(first),
                parsed.GetValue(seeds), parsed.GetRequiredValue(folder));
            return MarginalsReport.Write(Console.Out, runs) ? 0 : 4;
        });
        return command;
    }
}
